import type { OrderContext, RoutingPlan, WantedLine } from './domain/decision.js';
import type { Applied, Order } from './domain/order.js';
import type { Candidate } from './domain/sourcing/candidate.js';
import type { SourcingRequest } from './domain/sourcing/filter-places.js';
import { planSourcing } from './domain/sourcing/plan-sourcing.js';
import { DEFAULT_RULE } from './domain/sourcing/sourcing-rule.js';
import type { StoreTerms } from './domain/store/store-terms.js';
import type { OpenTasks } from './open-tasks.js';
import type { PlannedStock, PromisableStock } from './promisable-stock.js';

export interface OrderTimes {
  readonly holdForMs: number;
  readonly acceptWithinMs: number;
  readonly askAgainAfterMs: number;
  readonly retryAfterMs: number;
  readonly store: StoreTerms;
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
    private readonly times: OrderTimes,
  ) {}

  at(applied: Applied): OrderContext {
    const { stock, times } = this;
    return {
      ...applied,
      ...times,
      route: (order, wanted) => this.route(order, wanted, applied.atMs),
      findChannel: (code) => stock.findChannel(code),
      findLocation: (code) => {
        const place = stock.findPlace(code);
        // A warehouse's system works off whatever it is given; only people have to say that they have seen it.
        return (
          place && {
            active: place.location.active,
            mustAccept: place.location.type === 'store',
            type: place.location.type,
          }
        );
      },
      knowsSku: (sku) => stock.sells(sku),
    };
  }

  private route(order: Order, wanted: readonly WantedLine[], nowMs: number): RoutingPlan {
    const { channel, destination } = order.placed;
    const skus = [...new Set(wanted.map(({ sku }) => sku))];
    const region = destination?.region;
    const candidates = stock(this.stock.stockOf(skus, { channel, region }), this.openTasks);
    const request = requestOf(order, wanted, nowMs);
    const plan = planSourcing(request, candidates, DEFAULT_RULE);
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

const stock = (held: readonly PlannedStock[], openTasks: OpenTasks): Candidate[] =>
  held.map(({ place: { location }, units, confidence }) => {
    const { code, type, city, region, latitude, longitude, timeZone, openingHours, capacityPerDay } = location;
    const open = openTasks.at(code);
    return {
      location: code,
      type,
      city,
      region,
      latitude,
      longitude,
      timeZone,
      ...(openingHours ? { openingHours } : {}),
      servesChannel: true,
      ...(capacityPerDay === undefined ? {} : { capacityLeft: Math.max(0, capacityPerDay - open) }),
      openTasks: open,
      confidence,
      units,
    };
  });

const requestOf = (
  { placed, lines, refusedBy }: Order,
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
