import { awaitsCredit } from '../credit/credit-state.js';
import type { OrderContext, OrderDraft, RoutingPlan, WantedLine } from '../decision.js';
import { hadTooManyTasks } from '../most-tasks.js';
import { needsStore } from '../needs-store.js';
import { type Hold, isQuestion, type Order } from '../order.js';
import { ask } from '../settle-order.js';
import type { AwaitedElsewhere } from '../sourcing/explain-routing.js';
import { afterOpenMs } from '../store/open-time.js';
import { comesAtMs, looksElsewhere } from './backorder-state.js';

/** Of tries that the ledger refuses, each is twice as long after the last; so many times the first wait at most. */
const LONGEST_WAIT = 64;
const HOUR_MS = 60 * 60 * 1000;
/** What rises is looked at when it rises: by time only what a crash has kept from it. */
const SHORTEST_LOOK_MS = HOUR_MS / 6;
const LONGEST_LOOK_MS = 6 * HOUR_MS;

/**
 * Whether what is awaited stands somewhere by now and could be sent from there before the delivery has come. It is
 * reserved there first, and only once the ledger has granted it the promise of the delivery is given back: refused,
 * killed in between or heard twice, the order counts on what it counted on before. Both are of one SKU, so of one writer,
 * and the ledger holds both for that moment: no unit of them is another one's. True where it asks.
 */
export function lookElsewhere(draft: OrderDraft, context: OrderContext): boolean {
  const { order } = draft;
  if (!looksElsewhere(order) || order.cart || awaitsCredit(order) || hadTooManyTasks(order)) return false;
  if (order.holds.some(isQuestion) || restsUntilMs(order, context) > context.atMs) return false;
  const found = findMoves(order, oneOfEachLine(order), context);
  if (found.moves.length === 0) return false;
  const tries = (order.elsewhere?.tries ?? 0) + 1;
  const lookAtMs = context.atMs + waitMs(tries, context);
  const { why } = found.plan;
  const insteadOf = whatItAwaits(found.moves.map(({ hold }) => hold));
  draft.add({ type: 'looked_elsewhere', tries, lookAtMs, ...(why ? { why: { ...why, insteadOf } } : {}) });
  for (const { hold, locations } of found.moves) {
    const { lineId, sku, quantity, reservationId } = hold;
    ask(draft, { lineId, sku, quantity, locations, insteadOf: reservationId }, context);
  }
  return true;
}

/** What is known of risen stock is kept in memory alone, so an order looks by time too: the older, the less often. */
export function lookElsewhereByTime(draft: OrderDraft, context: OrderContext): void {
  if (lookElsewhere(draft, context)) return;
  const { placedAtMs, elsewhere } = draft.order;
  const ageMs = context.atMs - placedAtMs;
  const lookAtMs = context.atMs + Math.min(Math.max(ageMs, SHORTEST_LOOK_MS), LONGEST_LOOK_MS);
  draft.add({ type: 'looked_elsewhere', tries: elsewhere?.tries ?? 0, lookAtMs });
}

interface Move {
  readonly hold: Hold;
  readonly locations: readonly string[];
}
interface Moves {
  readonly plan: RoutingPlan;
  readonly moves: readonly Move[];
}

/** Planned anew without what would come no sooner, so that the explanation is of what is asked. */
function findMoves(order: Order, holds: readonly Hold[], context: OrderContext): Moves {
  const plan = context.route(order, holds.map(wantedOf));
  const moves = holds.flatMap((hold): Move[] => {
    const share = plan.shares.find(({ lines }) =>
      lines.some(({ lineId, quantity }) => lineId === hold.lineId && quantity === hold.quantity),
    );
    if (!share || !isSooner(hold, share.location, order, context)) return [];
    const others = (plan.alternatives ?? []).filter((location) => isSooner(hold, location, order, context));
    return [{ hold, locations: [share.location, ...others] }];
  });
  return moves.length === 0 || moves.length === holds.length
    ? { plan, moves }
    : findMoves(
        order,
        moves.map(({ hold }) => hold),
        context,
      );
}
const wantedOf = ({ lineId, sku, quantity }: Hold): WantedLine => ({ lineId, sku, quantity });

/** Of a line that awaits several deliveries the one that comes last; as a whole, since a reservation is let go as a whole. */
function oneOfEachLine({ holds }: Order): Hold[] {
  const latest = new Map<string, Hold>();
  const lastMs = ({ expectedAtMs = Number.POSITIVE_INFINITY }: Hold) => expectedAtMs;
  for (const hold of holds.filter(({ state }) => state === 'awaited')) {
    const known = latest.get(hold.lineId);
    if (!known || lastMs(known) < lastMs(hold)) latest.set(hold.lineId, hold);
  }
  return [...latest.values()];
}

/** A delivery without a day, or a day late, may come at any time: what is there is sooner. */
function isSooner(hold: Hold, location: string, order: Order, context: OrderContext): boolean {
  const comesMs = comesAtMs(hold);
  if (hold.expectedAtMs === undefined || comesMs === undefined || comesMs <= context.atMs) return true;
  const readyMs = readyAtMs(location, order, context);
  return readyMs !== undefined && readyMs < hold.expectedAtMs;
}

/** When a place has it in hand, or, brought to where it is collected, that store; undefined where nobody can tell. */
function readyAtMs(location: string, order: Order, context: OrderContext): number | undefined {
  const { placed, orderId } = order;
  if (needsStore(placed.method) && location !== placed.store)
    return context.transferBy?.(order, location, placed.store!);
  const place = context.findLocation(location);
  if (!place) return undefined;
  const fromMs = context.findWorkingDay?.(location, orderId)?.fromMs ?? context.atMs;
  return afterOpenMs(place, fromMs, place.mustAccept ? context.acceptWithinMs : 0);
}

function restsUntilMs({ elsewhere }: Order, context: OrderContext): number {
  return elsewhere?.triedAtMs === undefined ? 0 : elsewhere.triedAtMs + waitMs(elsewhere.tries, context);
}
const waitMs = (tries: number, { retryAfterMs }: OrderContext): number =>
  retryAfterMs * Math.min(2 ** (tries - 1), LONGEST_WAIT);

function whatItAwaits(holds: readonly Hold[]): AwaitedElsewhere {
  const days = holds.map(({ expectedAtMs }) => expectedAtMs);
  const locations = [...new Set(holds.map(({ location = '' }) => location))];
  return { locations, ...(days.includes(undefined) ? {} : { expectedAtMs: Math.max(...(days as number[])) }) };
}
