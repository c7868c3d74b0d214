import { MAX_HOLD_SECONDS } from '@shelfline/contracts/order-hold';
import { asksInTurn, inTurn, isAllOrNothing } from './ask-in-turn.js';
import { awaitsCredit } from './credit/credit-state.js';
import { fitCredit } from './credit/fit-credit.js';
import type { OrderContext, OrderDraft, RoutingPlan, WantedLine } from './decision.js';
import { hadTooManyTasks } from './most-tasks.js';
import { type Hold, isAsked, type Order, uncoveredLines, unitsOf } from './order.js';
import type { QueuedHold } from './order-events.js';
import { hasArriving } from './pickup-transfer/arriving.js';
import { bringTogether } from './pickup-transfer/bring-together.js';
import { findAhead } from './presale/ask-ahead.js';
import { dropTries } from './presale/drop-tries.js';
import { leastSeen, liftRefusals, whyItWaits } from './store/ask-refusing-places.js';
import { afterOpenMs } from './store/open-time.js';
import { watch } from './store/watch-task.js';
import { findWaitMs } from './wait-rule.js';

/** Plans of one round: the tables a plan is made of may lag behind the ledger, which has the last word. */
const MOST_ATTEMPTS = 4;

/**
 * Brings an order on as far as it goes by itself: asks the ledger for what nothing stands behind, hands what it holds to
 * the places, and does with a rest that is nowhere what the customer wished. Called after every change.
 */
export function settle(draft: OrderDraft, context: OrderContext): void {
  dropTries(draft);
  goOn(draft, context);
  fitCredit(draft, context);
}

function goOn(draft: OrderDraft, context: OrderContext): void {
  if (awaitsCredit(draft.order) || draft.order.holds.some(isAsked)) return;
  const [next] = draft.order.queued ?? [];
  if (next) return ask(draft, next, context);
  const wanted = uncoveredLines(draft.order);
  if (wanted.length > 0) {
    if (isDue(draft.order, context) && (askFor(draft, wanted, context) || askAhead(draft, wanted, context))) return;
    if (!goOnWithout(draft, wanted, context)) return;
  }
  // A basket that nobody has ordered yet is no work for anybody.
  if (draft.order.cart) return;
  bringTogether(draft, context);
  // What is collected is collected at once: the store begins when everything is there.
  if (!hasArriving(draft.order)) assignHeld(draft, context);
}

const isDue = (order: Order, { atMs }: OrderContext): boolean =>
  !hadTooManyTasks(order) &&
  order.attempts < MOST_ATTEMPTS &&
  (order.retryAtMs === undefined || order.retryAtMs <= atMs);

function askFor(draft: OrderDraft, wanted: readonly WantedLine[], context: OrderContext): boolean {
  let plan = planFor(draft.order, wanted, context);
  if (plan.shares.length === 0 && liftRefusals(draft, wanted, context)) plan = planFor(draft.order, wanted, context);
  const { shares, alternatives = [], why } = plan;
  if (shares.length === 0) {
    // Once: an order that waits is looked at again and again.
    if (why && draft.order.retryAtMs === undefined) draft.add({ type: 'unplaced', why });
    return false;
  }
  const all = shares.flatMap(({ location, lines }) =>
    lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity, locations: [location, ...alternatives] })),
  );
  const queued = asksInTurn(draft.order) ? inTurn(all) : undefined;
  draft.add({ type: 'planned', ...(why ? { why } : {}), ...(queued ? { queued } : {}) });
  for (const one of queued?.slice(0, 1) ?? all) ask(draft, one, context);
  return true;
}

/** Of deliveries only what stands nowhere. */
function askAhead(draft: OrderDraft, wanted: readonly WantedLine[], context: OrderContext): boolean {
  const holds = findAhead(draft.order, wanted, context);
  if (holds.length === 0) return false;
  draft.add({ type: 'planned' });
  for (const one of holds) ask(draft, one, context);
  return true;
}

export function ask(
  draft: OrderDraft,
  { lineId, sku, quantity, locations, ahead, insteadOf }: QueuedHold,
  { atMs, holdForMs }: OrderContext,
): void {
  const expiresAtMs = Math.max(atMs + holdForMs, latestEndMs(draft.order));
  const { orderId, holdsAsked } = draft.order;
  const reservationId = reservationIdOf(orderId, lineId, holdsAsked + 1);
  const what = { ...(ahead ? { ahead } : {}), ...(insteadOf === undefined ? {} : { insteadOf }) };
  draft.add({ type: 'hold_asked', reservationId, lineId, sku, quantity, locations, expiresAtMs, ...what });
}

/** A basket is ended here, and may be extended; the ledger must not end what it holds before. */
const latestEndMs = ({ cart }: Order): number => (cart ? cart.sinceMs + 2 * MAX_HOLD_SECONDS * 1000 : 0);

/**
 * Of who wants all or nothing a plan for a part is none: what it held would be given back at once, which is news of stock
 * that has arrived, for which it would be planned again.
 */
function planFor(order: Order, wanted: readonly WantedLine[], context: OrderContext): RoutingPlan {
  const plan = context.route(order, wanted);
  const isForAll = unitsOf(plan.shares.flatMap(({ lines }) => lines)) === unitsOf(wanted);
  if (isForAll || plan.shares.length === 0 || !isAllOrNothing(order)) return plan;
  const why = plan.why && { ...plan.why, heldBackBy: 'wait_for_all' as const };
  return { shares: [], ...(why ? { why } : {}) };
}

/** Nothing more can be had now. True where what is held goes on without the rest. */
function goOnWithout(draft: OrderDraft, rest: readonly WantedLine[], context: OrderContext): boolean {
  const { wish } = draft.order.placed;
  const reason = hadTooManyTasks(draft.order) ? 'too_many_tasks' : whyItWaits(draft, rest);
  const isTriedLater = (draft.order.retryAtMs ?? context.atMs) > context.atMs;
  const isHeldForNothing = isAllOrNothing(draft.order);
  if (isHeldForNothing) releaseUnassigned(draft);
  if (!draft.order.cart && (draft.order.giveUpAtMs ?? Number.POSITIVE_INFINITY) <= context.atMs)
    return cancelUnits(draft, uncoveredLines(draft.order), 'waited_too_long');
  if (wish === 'cancel_rest' && !isTriedLater) return cancelUnits(draft, rest, reason);
  if (!isTriedLater) wait(draft, reason, context);
  return !isHeldForNothing;
}

function cancelUnits(draft: OrderDraft, lines: readonly WantedLine[], reason: string): true {
  for (const { lineId, quantity } of lines) draft.add({ type: 'units_cancelled', lineId, units: quantity, reason });
  return true;
}

function wait(draft: OrderDraft, reason: string, context: OrderContext): void {
  const { placed, giveUpAtMs, cart } = draft.order;
  const waitMs = giveUpAtMs === undefined && !cart ? findWaitMs(context.waitRules ?? [], placed) : undefined;
  const had = leastSeen(draft, context);
  draft.add({
    type: 'waiting',
    reason,
    retryAtMs: context.atMs + delayMs(draft.order, context),
    ...(waitMs === undefined ? {} : { giveUpAtMs: context.atMs + waitMs }),
    ...(had ? { had } : {}),
  });
}

/** Twenty times the first one: ten minutes, unless it is set otherwise. */
const LONGEST_DELAY = 20;
/** As long again as it has waited: what has waited for days is not planned twice a minute, each time for a record. */
const delayMs = ({ placedAtMs }: Order, { atMs, retryAfterMs }: OrderContext): number =>
  Math.min(Math.max(retryAfterMs, atMs - placedAtMs), LONGEST_DELAY * retryAfterMs);

function releaseUnassigned(draft: OrderDraft): void {
  for (const { reservationId } of draft.order.holds.filter(isUnassigned))
    draft.add({ type: 'hold_released', reservationId });
}

const isUnassigned = ({ state, task, transfer }: Hold): boolean =>
  state === 'held' && task === undefined && transfer === undefined;

/** One task a place, of all that is held there and no task has yet. */
function assignHeld(draft: OrderDraft, context: OrderContext): void {
  const { findLocation, findWorkingDay, atMs, acceptWithinMs } = context;
  const byPlace = new Map<string, Hold[]>();
  for (const hold of draft.order.holds.filter(isUnassigned)) {
    const own = byPlace.get(hold.location!);
    if (own) own.push(hold);
    else byPlace.set(hold.location!, [hold]);
  }
  for (const [location, holds] of byPlace) {
    const number = draft.order.tasks.length + 1;
    // What is carried out at once is no work that could be done another day.
    const day =
      draft.order.placed.method === 'carry_out' ? undefined : findWorkingDay?.(location, draft.order.orderId)?.day;
    const place = findLocation(location);
    draft.add({
      type: 'task_assigned',
      number,
      location,
      lines: holds.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity })),
      reservationIds: holds.map(({ reservationId }) => reservationId),
      ...(day === undefined ? {} : { day }),
      ...(place?.mustAccept === false ? {} : { acceptByMs: afterOpenMs(place ?? {}, atMs, acceptWithinMs) }),
    });
    watch(draft, number, 'accept', context);
  }
}

/** Orders' and lines' identifiers hold no `/`. */
export const reservationIdOf = (orderId: string, lineId: string, number: number): string =>
  `order/${orderId}/${lineId}/${number}`;
const RESERVATION_ID = /^order\/([\p{L}\p{N}][\p{L}\p{N}._:-]{0,63})\/[^/]+\/\d+(?:\.\d+)?$/u;
/** Undefined = a reservation of somebody else. */
export const orderOfReservation = (reservationId: string): string | undefined =>
  RESERVATION_ID.exec(reservationId)?.[1];
