import { underAgreement } from './agreements.js';
import type { Candidate } from './candidate.js';
import { chargePlaces, compareCharges } from './charge-places.js';
import type { Cover, CoverProblem } from './cover-problem.js';
import { divideLines, type Share } from './divide-lines.js';
import { type ExplainedPlan, explainRouting, type RoutingExplanation } from './explain-routing.js';
import {
  type Drop,
  dropsFor,
  type Place,
  placesFor,
  type SourcingLine,
  type SourcingRequest,
  type Wanted,
  wantedOf,
} from './filter-places.js';
import { findCovers, SEARCH_BUDGET } from './find-cover.js';
import { packCharges } from './pack-charges.js';
import type { SourcingRule } from './sourcing-rule.js';

export type SourcingPlan =
  | {
      readonly kind: 'planned';
      /** What each place gives; best place first. */
      readonly shares: readonly Share[];
      /** Every place that passed the filters, the one the rule prefers by itself first. */
      readonly ranked: readonly string[];
      /** What no plan within the rule's limits places. */
      readonly unplaced: readonly SourcingLine[];
      readonly explanation: RoutingExplanation;
    }
  | {
      readonly kind: 'unplaceable';
      readonly unplaced: readonly SourcingLine[];
      readonly explanation: RoutingExplanation;
    };

/**
 * Which places serve an order: those that pass the rule's filters are charged by its sorters, and of all sets of them
 * within its limits the one is taken that places most units and is charged least (see `SourcingSorter`). Candidates may
 * come in any order: the same ones give the same plan. `searchBudget` bounds the work on baskets too large to be
 * decided exactly.
 */
export function planSourcing(
  request: SourcingRequest,
  candidates: readonly Candidate[],
  rule: SourcingRule,
  searchBudget = SEARCH_BUDGET,
): SourcingPlan {
  const maxPlaces = request.valueMinor < rule.limits.splitAboveMinor ? 1 : rule.limits.maxSplits + 1;
  const wanted = wantedOf(request.lines);
  const { kept, dropped } = siftPlaces(request, wanted, candidates, rule);
  const columns = chargePlaces(kept, request, wanted, rule.sorters);
  const packed = packCharges(columns, maxPlaces);
  const order = kept.map((_, i) => i).sort((a, b) => compareCharges(packed[a]!, packed[b]!));
  const ranked = order.map((i) => kept[i]!);
  const charges = order.map((i) => packed[i]!);
  const chargesAt = (rank: number): number[] => columns.map((column) => column[order[rank]!]!);
  const problem = problemOf(wanted, ranked, charges, maxPlaces);
  const { best: chosen, runnerUp, isOptimal } = findCovers(problem, searchBudget);
  const stock = chosen?.places.map((p) => ranked[p]!.candidate) ?? [];
  const { shares, unplaced } = divideLines(request.lines, stock);
  const planOf = ({ places, cost }: Cover): ExplainedPlan => ({
    locations: places.map((p) => ranked[p]!.candidate.location),
    charges: columns.map((column, c) => (c === 0 ? cost[0]! : places.reduce((sum, p) => sum + column[order[p]!]!, 0))),
  });
  const explanation = explainRouting({
    request,
    rule,
    maxPlaces,
    isOptimal,
    ranked,
    chargesAt,
    dropped,
    shares,
    ...(chosen ? { chosen: planOf(chosen) } : {}),
    ...(runnerUp ? { runnerUp: planOf(runnerUp) } : {}),
  });
  if (shares.length === 0) return { kind: 'unplaceable', unplaced, explanation };
  return { kind: 'planned', shares, ranked: ranked.map(({ candidate }) => candidate.location), unplaced, explanation };
}

interface Sifted {
  readonly kept: Place[];
  readonly dropped: { place: Place; drop: Drop }[];
}

function siftPlaces(
  request: SourcingRequest,
  wanted: Wanted,
  candidates: readonly Candidate[],
  rule: SourcingRule,
): Sifted {
  const sifted: Sifted = { kept: [], dropped: [] };
  const byCode = [...candidates].sort((a, b) => (a.location < b.location ? -1 : 1));
  const placeOf = placesFor(request, wanted);
  const findDrop = dropsFor(request, rule.filters);
  for (const one of byCode) {
    const place = placeOf(underAgreement(one, request, rule));
    const drop = findDrop(place);
    if (drop) sifted.dropped.push({ place, drop });
    else sifted.kept.push(place);
  }
  return sifted;
}

/** The scarcest article first: it decides most about the plan. */
function problemOf(
  { skus, quantities }: Wanted,
  ranked: readonly Place[],
  charges: readonly number[][],
  maxPlaces: number,
): CoverProblem {
  const held = new Float64Array(skus.length);
  const having = new Int32Array(skus.length);
  for (const { units } of ranked)
    for (let a = 0; a < units.length; a++) {
      held[a]! += units[a]!;
      if (units[a]! > 0) having[a]!++;
    }
  // What nobody has is unplaced under every plan and plays no part in the choice.
  const articles = skus.flatMap((sku, a) =>
    held[a] === 0 ? [] : [{ a, sku, need: Math.min(quantities[a]!, held[a]!), places: having[a]! }],
  );
  articles.sort((x, y) => x.places - y.places || (x.sku < y.sku ? -1 : 1));
  const columns = articles.map(({ a }) => a);
  return {
    needs: articles.map(({ need }) => need),
    units: ranked.map(({ units }) => columns.map((a) => units[a]!)),
    charges,
    maxPlaces,
  };
}
