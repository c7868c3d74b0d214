import type { ReturnRules } from '@shelfline/contracts/return';
import type { DayLoad } from './capacity/day-load.js';
import { roomOf } from './domain/capacity/plan-within-days.js';
import { findDayWithRoom, type WorkingDay, type WorkingPlace } from './domain/capacity/working-day.js';
import type { OrderContext, RoutingPlan, WantedLine } from './domain/decision.js';
import type { Short } from './domain/evolve-hold.js';
import { DEFAULT_TERMS } from './domain/offers/default-terms.js';
import { findTerms } from './domain/offers/find-terms.js';
import { findTransferTime } from './domain/offers/transfer-time.js';
import type { Applied, Order, Task } from './domain/order.js';
import { mayBeBroughtTo } from './domain/pickup-transfer/bring-together.js';
import type { Placed } from './domain/placed.js';
import { type Candidate, findDistanceM } from './domain/sourcing/candidate.js';
import { onlyPlaceFor, type SourcingRequest } from './domain/sourcing/filter-places.js';
import { planCollection } from './domain/sourcing/plan-collection.js';
import type { SourcingPlan } from './domain/sourcing/plan-sourcing.js';
import type { SourcingRule } from './domain/sourcing/sourcing-rule.js';
import type { Lacking } from './domain/store/refused-stock.js';
import type { StoreTerms } from './domain/store/store-terms.js';
import type { WaitRule } from './domain/wait-rule.js';
import type { OpenTasks } from './open-tasks.js';
import { findArriving } from './presale/arriving-stock.js';
import type { Place, PlannedStock, PromisableStock } from './promisable-stock.js';
import { NO_KEYS, type QuoteVerifier } from './quotes/quote-verifier.js';
import type { OwnGoods } from './rules/own-goods.js';
import type { SourcingRules } from './rules/sourcing-rules.js';

export interface OrderTimes {
  readonly holdForMs: number;
  readonly acceptWithinMs: number;
  readonly askAgainAfterMs: number;
  readonly retryAfterMs: number;
  readonly keepCustomerMs?: number;
  readonly waitRules?: readonly WaitRule[];
  readonly store: StoreTerms;
  readonly givesCredit?: boolean;
  readonly returnRules?: ReturnRules;
}

/** Of an order, what chooses its places. */
export interface RoutedOrder {
  /** Absent of one that is tried out. */
  readonly orderId?: string;
  readonly placed: Pick<Placed, 'channel' | 'method' | 'destination' | 'store'>;
  readonly lines: readonly (WantedLine & { readonly unitPriceMinor: number })[];
  readonly refusedBy: readonly string[];
  readonly shortAt?: readonly Short[];
  readonly tasks?: readonly Task[];
  readonly lacking?: readonly Lacking[];
  /** Of an order that is there and only tried out: counted as if it had just come. */
  readonly own?: OwnGoods;
}

/**
 * Of an order that one place can serve, so many others are named to the ledger too: where the tables lag behind, as in a
 * flash sale, it takes the first that still has the units, and nobody has to plan anew.
 */
const MOST_ALTERNATIVES = 7;
/**
 * When the ledger has refused those, every other place is named: asked of the nearest again and again, whose stock the
 * tables still show, an order would give up while the last pieces lie further away.
 */
const MOST_ALTERNATIVES_AGAIN = 399;

/** What decisions know of the world: catalog, stock and load as the tables have them, and how long things may take. */
export class OrderSurroundings {
  constructor(
    private readonly stock: PromisableStock,
    private readonly openTasks: OpenTasks,
    private readonly rules: Pick<SourcingRules, 'inForce'>,
    private readonly times: OrderTimes,
    private readonly quotes: QuoteVerifier = NO_KEYS,
    private readonly dayLoad: DecidedLoad = NO_LOAD,
  ) {}

  at(applied: Applied): OrderContext {
    const { stock, times } = this;
    return {
      ...applied,
      ...times,
      route: (order, wanted) => this.route(order, wanted, applied.atMs),
      findStock: (sku, location) => stock.findLevel(sku, location),
      findArriving: (placed, sku) =>
        findArriving(stock, placed, sku, {
          nowMs: applied.atMs,
          rule: this.rules.inForce(applied.atMs, placed.channel),
        }),
      readQuote: (jws) => this.quotes.read(jws),
      transferBy: (order, from, to) => this.findTransferTime(order, from, to, applied.atMs),
      findChannel: (code) => stock.findChannel(code),
      findLocation: (code) => {
        const place = stock.findPlace(code);
        // A warehouse's system works off whatever it is given; only people have to say that they have seen it.
        return (
          place && {
            active: place.location.active,
            mustAccept: place.location.type === 'store',
            type: place.location.type,
            openingHours: place.location.openingHours,
            timeZone: place.location.timeZone,
          }
        );
      },
      findWorkingDay: (code, orderId) => this.findWorkingDay(code, applied.atMs, orderId),
      findBuyer: (code) => stock.findBuyer(code),
      knowsSku: (sku) => stock.sells(sku),
      categoryOf: (sku) => stock.categoryOf(sku),
    };
  }

  private findTransferTime({ placed }: Order, from: string, to: string, nowMs: number): number | undefined {
    const [start, store] = [from, to].map((code) => this.stock.findPlace(code)?.location);
    if (!start || !store) return undefined;
    const known = this.stock.findDelivery(placed.channel) ?? DEFAULT_TERMS;
    const terms = findTerms(known, { method: 'pickup', currency: placed.currency }, nowMs);
    const distanceM = findDistanceM(start, store);
    return (
      terms && findTransferTime(terms, { ...start, distanceM }, { ...store, distanceM: undefined }, nowMs)?.latestMs
    );
  }

  /** What one rule or several make of an order on the stock of this moment; nothing is asked of the ledger. */
  tryRules(order: RoutedOrder, nowMs: number, rules: readonly SourcingRule[]): SourcingPlan[] {
    return this.plansOf(order, order.lines, nowMs, rules).map(({ plan }) => plan);
  }

  private plansOf(
    order: RoutedOrder,
    wanted: readonly WantedLine[],
    nowMs: number,
    rules: readonly SourcingRule[],
  ): { readonly plan: SourcingPlan; readonly candidates: readonly Candidate[] }[] {
    const { placed } = order;
    const own = this.candidatesFor(order, wanted, nowMs, {
      region: placed.destination?.region,
      onlyAt: onlyPlaceFor(placed),
    });
    const findHome = () => this.findHome(order);
    let all: Candidate[] | undefined;
    const everywhere = () => (all ??= this.candidatesFor(order, wanted, nowMs, { region: findHome()?.region }));
    const request = this.requestOf(order, wanted, nowMs);
    return rules.map((rule) => {
      const plan = planCollection(request, { own, everywhere }, rule, findHome);
      return { plan, candidates: plan.explanation.broughtTo === undefined ? own : everywhere() };
    });
  }

  /** Where the store lies to which goods may be brought. */
  private findHome(order: RoutedOrder): SourcingRequest['destination'] {
    const { tasks = [], placed } = order;
    if (!mayBeBroughtTo({ placed, tasks })) return undefined;
    const location = this.stock.findPlace(placed.store!)?.location;
    if (!location?.active) return undefined;
    const { city, region, latitude, longitude } = location;
    return { city, region, latitude, longitude };
  }

  /** An order as its partition has decided it: the next one is planned with what it takes of a day. */
  heed(partition: number, order: Order): void {
    this.dayLoad.heed(partition, order, (code) => this.findWorkingDay(code, order.changedAtMs)?.day);
  }
  /** What was heeded of the partition is stored. */
  committed(partition: number): void {
    this.dayLoad.committed(partition);
  }
  /** What was heeded of the partition since its last commit is lost. */
  giveBack(partition: number): void {
    this.dayLoad.giveBack(partition);
  }

  private findWorkingDay(code: string, nowMs: number, orderId?: string): WorkingDay | undefined {
    const location = this.stock.findPlace(code)?.location;
    if (!location || !hasLimit(location)) return undefined;
    return findDayWithRoom(location, (day) => this.dayLoad.forOrder(orderId, code, day), nowMs);
  }

  private candidatesFor(
    { orderId, placed, shortAt = [], lacking = [], own }: RoutedOrder,
    wanted: readonly WantedLine[],
    nowMs: number,
    where: { readonly region: string | undefined; readonly onlyAt?: string | undefined },
  ): Candidate[] {
    const skus = [...new Set(wanted.map(({ sku }) => sku))];
    const candidates = this.stock
      .stockOf(skus, { channel: placed.channel, ...where, ...(own ? { own } : {}) })
      .map((held) => {
        const { code } = held.place.location;
        const openTasks = this.openTasks.at(code) - (own?.openTasksAt(code) ?? 0);
        // One that asks again where it has asked before is not in its own way.
        const load = (day: string) => this.dayLoad.forOrder(orderId, code, day) - (own?.tasksOfDay(code, day) ?? 0);
        return candidateOf(held, openTasks, load, nowMs);
      });
    const refused = [...shortAt, ...lacking.map(({ sku, location }) => ({ sku, locations: [location], units: 0 }))];
    return refused.length === 0 ? candidates : withoutWhatWasRefused(candidates, refused);
  }

  private requestOf(
    { placed, lines, refusedBy }: RoutedOrder,
    wanted: readonly WantedLine[],
    nowMs: number,
  ): SourcingRequest {
    return {
      lines: wanted,
      method: placed.method,
      ...(placed.destination ? { destination: placed.destination } : {}),
      ...(placed.store ? { store: placed.store } : {}),
      channel: placed.channel,
      brands: new Map(wanted.map(({ sku }) => [sku, this.stock.brandOf(sku)])),
      valueMinor: lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0),
      orderUnits: lines.reduce((sum, { quantity }) => sum + quantity, 0),
      nowMs,
      refusedBy: new Set(refusedBy),
    };
  }

  private route(order: Order, wanted: readonly WantedLine[], nowMs: number): RoutingPlan {
    const rule = this.rules.inForce(nowMs, order.placed.channel);
    const [{ plan, candidates }] = this.plansOf(order, wanted, nowMs, [rule]) as [
      ReturnType<OrderSurroundings['plansOf']>[number],
    ];
    if (plan.kind !== 'planned') return { shares: [], why: plan.explanation };
    const { shares, ranked } = plan;
    const [line] = wanted;
    const [share] = shares;
    const isSingle = wanted.length === 1 && shares.length === 1;
    if (!isSingle) return { shares, why: plan.explanation };
    const others = alternatives(line!, candidates, ranked, share!.location);
    const most = order.attempts === 0 ? MOST_ALTERNATIVES : MOST_ALTERNATIVES_AGAIN;
    return { shares, why: plan.explanation, alternatives: others.slice(0, most) };
  }
}

type DecidedLoad = Pick<DayLoad, 'forOrder' | 'heed' | 'committed' | 'giveBack'>;
const NO_LOAD: DecidedLoad = { forOrder: () => 0, heed: () => {}, committed: () => {}, giveBack: () => {} };
const hasLimit = (location: Place['location']): location is Place['location'] & WorkingPlace =>
  location.capacityPerDay !== undefined;

function candidateOf(
  { place: { location }, units, confidence, oldestAtMs }: PlannedStock,
  openTasks: number,
  loadOf: (day: string) => number,
  nowMs: number,
): Candidate {
  const { code, type, city, region, latitude, longitude, timeZone, openingHours, parcelCostMinor } = location;
  return {
    location: code,
    type,
    city,
    region,
    latitude,
    longitude,
    timeZone,
    openingHours,
    servesChannel: true,
    ...(hasLimit(location) ? roomOf(location, loadOf, nowMs) : {}),
    openTasks,
    costMinor: parcelCostMinor,
    confidence,
    units,
    ageDays: oldestAtMs && daysSince(oldestAtMs, nowMs),
  };
}

/** The ledger’s word stands over the tables’ until the next round. */
function withoutWhatWasRefused(candidates: readonly Candidate[], shortAt: readonly Short[]): Candidate[] {
  const most = new Map<string, Map<string, number>>();
  for (const { sku, locations, units, isAhead } of shortAt)
    for (const location of isAhead ? [] : locations) {
      const own = most.get(location) ?? new Map<string, number>();
      own.set(sku, Math.min(units, own.get(sku) ?? units));
      most.set(location, own);
    }
  return candidates.map((candidate) => {
    const own = most.get(candidate.location);
    if (!own) return candidate;
    const units = [...candidate.units].map(([sku, has]) => [sku, Math.min(has, own.get(sku) ?? has)] as const);
    return { ...candidate, units: new Map(units) };
  });
}

const DAY_MS = 24 * 60 * 60 * 1000;
function daysSince(moments: ReadonlyMap<string, number>, nowMs: number): Map<string, number> {
  const days = new Map<string, number>();
  for (const [sku, ms] of moments) days.set(sku, Math.max(0, Math.floor((nowMs - ms) / DAY_MS)));
  return days;
}

/** Others that have all of a line, as the rule prefers them: what it would choose if those before them were not there. */
function alternatives(
  { sku, quantity }: WantedLine,
  candidates: readonly Candidate[],
  ranked: readonly string[],
  best: string,
): string[] {
  const units = new Map(candidates.map((candidate) => [candidate.location, candidate.units.get(sku) ?? 0]));
  return ranked.filter((location) => location !== best && units.get(location)! >= quantity);
}
