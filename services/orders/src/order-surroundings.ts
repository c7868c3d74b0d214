import type { ReturnRules } from '@shelfline/contracts/return';
import type { OrderContext, RoutingPlan, WantedLine } from './domain/decision.js';
import type { Applied, Order, Short } from './domain/order.js';
import type { Placed } from './domain/placed.js';
import type { Candidate } from './domain/sourcing/candidate.js';
import { onlyPlaceFor, type SourcingRequest } from './domain/sourcing/filter-places.js';
import { planSourcing, type SourcingPlan } from './domain/sourcing/plan-sourcing.js';
import type { SourcingRule } from './domain/sourcing/sourcing-rule.js';
import type { Lacking } from './domain/store/evolve-task.js';
import type { StoreTerms } from './domain/store/store-terms.js';
import type { OpenTasks } from './open-tasks.js';
import type { PlannedStock, PromisableStock } from './promisable-stock.js';
import { NO_KEYS, type QuoteVerifier } from './quotes/quote-verifier.js';
import type { SourcingRules } from './rules/sourcing-rules.js';

export interface OrderTimes {
  readonly holdForMs: number;
  readonly acceptWithinMs: number;
  readonly askAgainAfterMs: number;
  readonly retryAfterMs: number;
  readonly store: StoreTerms;
  readonly returnRules?: ReturnRules;
}

/** Of an order, what chooses its places. */
export interface RoutedOrder {
  readonly placed: Pick<Placed, 'channel' | 'method' | 'destination' | 'store'>;
  readonly lines: readonly (WantedLine & { readonly unitPriceMinor: number })[];
  readonly refusedBy: readonly string[];
  readonly shortAt?: readonly Short[];
  readonly lacking?: readonly Lacking[];
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
  ) {}

  at(applied: Applied): OrderContext {
    const { stock, times } = this;
    return {
      ...applied,
      ...times,
      route: (order, wanted) => this.route(order, wanted, applied.atMs),
      readQuote: (jws) => this.quotes.read(jws),
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
      knowsSku: (sku) => stock.sells(sku),
      categoryOf: (sku) => stock.categoryOf(sku),
    };
  }

  /** What one rule or several make of an order on the stock of this moment; nothing is asked of the ledger. */
  tryRules(order: RoutedOrder, nowMs: number, rules: readonly SourcingRule[]): SourcingPlan[] {
    const candidates = this.candidatesFor(order, order.lines, nowMs);
    const request = requestOf(order, order.lines, nowMs);
    return rules.map((rule) => planSourcing(request, candidates, rule));
  }

  private candidatesFor(
    { placed, shortAt = [], lacking = [] }: RoutedOrder,
    wanted: readonly WantedLine[],
    nowMs: number,
  ): Candidate[] {
    const { channel, destination } = placed;
    const skus = [...new Set(wanted.map(({ sku }) => sku))];
    const scope = { channel, region: destination?.region, onlyAt: onlyPlaceFor(placed) };
    const candidates = stock(this.stock.stockOf(skus, scope), this.openTasks, nowMs);
    const refused = [...shortAt, ...lacking.map(({ sku, location }) => ({ sku, locations: [location], units: 0 }))];
    return refused.length === 0 ? candidates : withoutWhatWasRefused(candidates, refused);
  }

  private route(order: Order, wanted: readonly WantedLine[], nowMs: number): RoutingPlan {
    const candidates = this.candidatesFor(order, wanted, nowMs);
    const rule = this.rules.inForce(nowMs, order.placed.channel);
    const plan = planSourcing(requestOf(order, wanted, nowMs), candidates, rule);
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

const stock = (held: readonly PlannedStock[], openTasks: OpenTasks, nowMs: number): Candidate[] =>
  held.map(({ place: { location }, units, confidence, oldestAtMs }) => {
    const { code, type, city, region, latitude, longitude, timeZone, openingHours, capacityPerDay, parcelCostMinor } =
      location;
    const open = openTasks.at(code);
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
      capacityLeft: capacityPerDay === undefined ? undefined : Math.max(0, capacityPerDay - open),
      openTasks: open,
      costMinor: parcelCostMinor,
      confidence,
      units,
      ageDays: oldestAtMs && daysSince(oldestAtMs, nowMs),
    };
  });

/** The ledger’s word stands over the tables’ until the next round. */
function withoutWhatWasRefused(candidates: readonly Candidate[], shortAt: readonly Short[]): Candidate[] {
  const most = new Map<string, Map<string, number>>();
  for (const { sku, locations, units } of shortAt)
    for (const location of locations) {
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

const requestOf = (
  { placed, lines, refusedBy }: RoutedOrder,
  wanted: readonly WantedLine[],
  nowMs: number,
): SourcingRequest => ({
  lines: wanted,
  method: placed.method,
  ...(placed.destination ? { destination: placed.destination } : {}),
  ...(placed.store ? { store: placed.store } : {}),
  valueMinor: lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0),
  nowMs,
  refusedBy: new Set(refusedBy),
});

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
