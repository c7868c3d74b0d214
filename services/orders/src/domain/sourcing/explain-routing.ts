import type { LocationType } from '@shelfline/contracts/catalog';
import type { FulfilmentMethod } from '@shelfline/contracts/order';
import { type CriterionName, criteriaOf } from './charge-places.js';
import type { Share } from './divide-lines.js';
import { type Drop, type DropReason, onlyPlaceFor, type Place, type SourcingRequest } from './filter-places.js';
import type { SourcingRule } from './sourcing-rule.js';

/** An explanation is kept with its order, so it stays small; beyond the chosen the best are named, the rest counted. */
const MAX_RANKED = 12;
/** Places that were passed over though they have stock, the nearest; those beyond are counted by reason. */
export const MAX_DROPS = 10;

export interface PlaceNote {
  readonly location: string;
  readonly type: LocationType;
  readonly outcome: 'chosen' | 'ranked' | 'dropped';
  /** Units of the order that could come from there. */
  readonly units: number;
  /** Units that do. */
  readonly givenUnits?: number;
  readonly distanceM?: number;
  readonly isSameCity?: boolean;
  readonly openTasks: number;
  /** Of a parcel from there, where the catalog tells it. */
  readonly costMinor?: number;
  /** It is full today, and works on it from that day on. */
  readonly worksFrom?: string;
  /** Of an agent: the number of the agreement under which it serves, and the commission. */
  readonly agreement?: { readonly id: string; readonly commissionPercent: number };
  /** 1 = first by the sorters, looked at alone. */
  readonly rank?: number;
  /** In the order of the explanation's criteria. */
  readonly charges?: readonly number[];
  readonly drop?: Drop;
}

export interface ExplainedPlan {
  readonly locations: readonly string[];
  /** Sums over the places, in the order of the explanation's criteria. */
  readonly charges: readonly number[];
}

/** What it was promised of before: deliveries to these places, to leave by then where anybody has told. */
export interface AwaitedElsewhere {
  readonly locations: readonly string[];
  readonly expectedAtMs?: number;
}

export interface RoutingExplanation {
  readonly ruleVersion: number;
  /** Of a rule for one channel. */
  readonly ruleChannel?: string;
  readonly method: FulfilmentMethod;
  readonly decidedAtMs: number;
  /** False: the order was too large to compare every combination, a better plan may exist. */
  readonly isOptimal: boolean;
  readonly askedUnits: number;
  /** It is about what no place had been found for before, or what one gave back. */
  readonly isRest?: true;
  readonly placedUnits: number;
  /** The one place that may hand it over, where none of it was found there. */
  readonly handedOverAt?: string;
  /** Places that rejected the order or did not answer in time. */
  readonly refusedBy?: readonly string[];
  readonly maxPlaces: number;
  /** Why one place only, where it is so. */
  readonly splitForbiddenBy?: 'value' | 'max_splits';
  /** A plan for a part, of whom all or nothing is wanted: nothing of it was asked for. */
  readonly heldBackBy?: 'wait_for_all';
  /** It is asked for instead of what deliveries were to bring. */
  readonly insteadOf?: AwaitedElsewhere;
  /** The store where it is collected, and to which the other places' share is brought. */
  readonly broughtTo?: string;
  readonly criteria: readonly CriterionName[];
  /** Of the way, where the rule looks at it: charges count such steps. Absent of explanations stored before. */
  readonly stepKm?: number;
  readonly chosen?: ExplainedPlan;
  /** The best plan found beside the chosen one, and the first criterion by which it is worse. */
  readonly runnerUp?: ExplainedPlan & { readonly lostBy: CriterionName };
  readonly places: readonly PlaceNote[];
  readonly counts: {
    readonly candidates: number;
    readonly ranked: number;
    readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
    /** Candidates not named in `places`. */
    readonly unnamed: number;
  };
}

/** What the decision left behind: `ranked` in the order of the sorters. */
export interface DecisionTrace {
  readonly request: SourcingRequest;
  readonly rule: SourcingRule;
  readonly maxPlaces: number;
  readonly isOptimal: boolean;
  readonly ranked: readonly Place[];
  readonly chargesAt: (rank: number) => number[];
  readonly dropped: readonly DroppedPlace[];
  readonly shares: readonly Share[];
  readonly chosen?: ExplainedPlan;
  readonly runnerUp?: ExplainedPlan;
}

export function explainRouting(trace: DecisionTrace): RoutingExplanation {
  const { request, rule, maxPlaces, isOptimal, ranked, dropped, shares, chosen, runnerUp } = trace;
  const criteria = criteriaOf(rule.sorters);
  const places = notesOf(trace);
  const counts: Partial<Record<DropReason, number>> = {};
  for (const { drop } of dropped) counts[drop.reason] = (counts[drop.reason] ?? 0) + 1;
  const candidates = ranked.length + dropped.length;
  const askedUnits = sumOf(request.lines);
  const only = request.broughtFrom ? undefined : onlyPlaceFor(request);
  const refusedBy = rule.filters.some(({ by }) => by === 'not_yet_refused') ? [...request.refusedBy] : [];
  const way = rule.sorters.find((sorter) => sorter.by === 'nearest');
  return {
    ruleVersion: rule.version,
    ...(rule.channel === undefined ? {} : { ruleChannel: rule.channel }),
    method: request.method,
    decidedAtMs: request.nowMs,
    isOptimal,
    askedUnits,
    ...(askedUnits < (request.orderUnits ?? 0) ? { isRest: true as const } : {}),
    placedUnits: shares.reduce((sum, { lines }) => sum + sumOf(lines), 0),
    ...(only && candidates === 0 ? { handedOverAt: only } : {}),
    ...(refusedBy.length > 0 ? { refusedBy: refusedBy.slice(0, MAX_DROPS) } : {}),
    maxPlaces,
    ...(maxPlaces > 1 ? {} : { splitForbiddenBy: rule.limits.maxSplits === 0 ? 'max_splits' : 'value' }),
    criteria,
    ...(way ? { stepKm: way.stepKm } : {}),
    ...(chosen ? { chosen } : {}),
    ...(chosen && runnerUp ? { runnerUp: { ...runnerUp, lostBy: lostBy(criteria, chosen, runnerUp) } } : {}),
    places,
    counts: { candidates, ranked: ranked.length, dropped: counts, unnamed: candidates - places.length },
  };
}

function lostBy(criteria: readonly CriterionName[], chosen: ExplainedPlan, runnerUp: ExplainedPlan): CriterionName {
  const i = criteria.findIndex((_, c) => runnerUp.charges[c] !== chosen.charges[c]);
  return criteria[i] ?? 'code_order';
}

interface DroppedPlace {
  readonly place: Place;
  readonly drop: Drop;
}
const far = ({ place }: DroppedPlace): number => place.distanceM ?? Number.MAX_SAFE_INTEGER;

/** Of those that have stock; of several as far away those that come first. */
function nearestOf(dropped: readonly DroppedPlace[]): DroppedPlace[] {
  const nearest: DroppedPlace[] = [];
  for (const one of dropped) {
    if (one.drop.reason === 'no_stock' || one.drop.reason === 'other_store') continue;
    let i = nearest.length;
    while (i > 0 && far(nearest[i - 1]!) > far(one)) i--;
    if (i === MAX_DROPS) continue;
    nearest.splice(i, 0, one);
    if (nearest.length > MAX_DROPS) nearest.pop();
  }
  return nearest;
}

/** The ranks of the chosen, of the runner-up's others, and of the best beside those, as many as may be named. */
function ranksToName({ ranked, shares, runnerUp }: DecisionTrace): readonly number[] {
  const given = new Set(shares.map(({ location }) => location));
  const isNext = new Set(runnerUp?.locations.filter((location) => !given.has(location)));
  const [chosen, next, others]: [number[], number[], number[]] = [[], [], []];
  const isDone = () => chosen.length === given.size && next.length === isNext.size && others.length >= MAX_RANKED;
  for (let i = 0; i < ranked.length && !isDone(); i++) {
    const { location } = ranked[i]!.candidate;
    (given.has(location) ? chosen : isNext.has(location) ? next : others).push(i);
  }
  return [...chosen, ...[...next, ...others].slice(0, Math.max(next.length, MAX_RANKED - chosen.length))];
}

/** The chosen, the runner-up's, then the others in their order; then those passed over, the nearest first. */
function notesOf(trace: DecisionTrace): PlaceNote[] {
  const { ranked, chargesAt, dropped, shares } = trace;
  const given = new Map(shares.map(({ location, lines }) => [location, sumOf(lines)]));
  const dropNotes = nearestOf(dropped).map(({ place, drop }): PlaceNote => ({ ...noteOf(place), drop }));
  const rankedNotes = ranksToName(trace).map((i): PlaceNote => {
    const note = noteOf(ranked[i]!);
    const givenUnits = given.get(note.location);
    const outcome = givenUnits === undefined ? 'ranked' : 'chosen';
    const units = givenUnits === undefined ? {} : { givenUnits };
    return { ...note, outcome, ...units, rank: i + 1, charges: chargesAt(i) };
  });
  return [...rankedNotes, ...dropNotes];
}

function noteOf({ candidate, units, distanceM, isSameCity }: Place): PlaceNote {
  const { location, type, openTasks, costMinor, worksFrom, agreement } = candidate;
  return {
    location,
    type,
    outcome: 'dropped',
    units: units.reduce((sum, has) => sum + has, 0),
    ...(distanceM === undefined ? {} : { distanceM }),
    ...(isSameCity === undefined ? {} : { isSameCity }),
    openTasks,
    ...(costMinor === undefined ? {} : { costMinor }),
    ...(worksFrom === undefined ? {} : { worksFrom }),
    ...(agreement ? { agreement: { id: agreement.id, commissionPercent: agreement.commissionPercent } } : {}),
  };
}

const sumOf = (lines: readonly { readonly quantity: number }[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);
