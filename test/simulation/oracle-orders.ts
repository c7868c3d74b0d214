import { TOPICS } from '@shelfline/contracts/topics';
import type { Order } from '@shelfline/orders/domain/order';
import type { History } from './history.ts';
import type { Appended } from './ledger-records.ts';
import { orderAnswerWrongs, taskTopicWrongs } from './oracle-order-topics.ts';
import { returnWrongs } from './oracle-returns.ts';
import { type Changed, type PromiseEntry, PromisesModel } from './promises-model.ts';
import { AHEAD_SKU, HANDLING_DAYS, PARTITIONS } from './setting.ts';
import { everyRecordOnce, isLost } from './topic-records.ts';
import { arrivalsIn } from './transfer-deltas.ts';

const HANDLING_MS = HANDLING_DAYS * 86_400_000;
const FINAL = new Set(['COMPLETED', 'PARTIALLY_COMPLETED', 'CANCELLED', 'ENDED']);
const GONE_OUT = new Set(['SHIPPED', 'DELIVERED', 'HANDED_OVER']);
const OVER = new Set(['REJECTED', 'TIMED_OUT', 'CANCELLED']);
const COUNTED = new Set(['asked', 'awaited', 'held', 'fulfilled']);
/** Asked of stock elsewhere: until it is granted the order counts on the delivery that it is to replace. */
const isTry = ({ state, insteadOf }: Order['holds'][number]) => state === 'asked' && insteadOf !== undefined;
const sum = (of: readonly { readonly quantity: number }[]) => of.reduce((units, { quantity }) => units + quantity, 0);

/** Orders and the ledger side by side, commit by commit: nothing of the code under test is called. */
export function orderWrongs(history: History, intake: readonly Appended[], deltas: readonly Appended[]): string[] {
  const { shops, orders, ledger } = history;
  if (!shops) return [];
  const wrongs: string[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = orders.database.log.filter(({ move }) => move.partition === partition);
    wrongs.push(...everyRecordOnce(partition, own, intake, orders.database, []).map((wrong) => `orders ${wrong}`));
  }
  const promises = new PromisesModel();
  const tries = new Map<string, string>();
  const isUnheard = unheardOf(history, deltas);
  const arrivals = arrivalsIn(deltas);
  const known = new Map<string, Order>();
  let batches = 0;
  const goOn = (until: number) => {
    for (; batches < until; batches++)
      for (const entry of ledger.database.log[batches]!.entries)
        wrongs.push(
          ...promiseWrongs(promises.apply(entry as PromiseEntry, arrivals.get(entry._id)), {
            promises,
            known,
            tries,
            isUnheard,
          }),
        );
  };
  for (const { afterLedgerBatches, orders: changed } of orders.committed) {
    goOn(afterLedgerBatches);
    for (const order of changed) {
      wrongs.push(...changeWrongs(order, known.get(order.orderId), promises));
      known.set(order.orderId, order);
      for (const { reservationId, insteadOf } of order.holds) if (insteadOf) tries.set(reservationId, insteadOf);
    }
  }
  goOn(ledger.database.log.length);
  wrongs.push(...restWrongs(history, known, promises, isUnheard));
  wrongs.push(...taskTopicWrongs(history, known), ...orderAnswerWrongs(history, known, intake));
  wrongs.push(...returnWrongs(history, known, deltas));
  return wrongs;
}

/** Somebody went on without commands that a topic lost: what they asked of a reservation was never heard. */
function unheardOf({ losses }: History, deltas: readonly Appended[]): (id: string) => boolean {
  const accepted = losses.accepted.filter(({ topic }) => topic === TOPICS.deltas.name);
  const lost = deltas.filter((record) => isLost(accepted, record)).map(({ text }) => text);
  return (id) => lost.some((text) => text.includes(`"${id}"`));
}

interface SideBySide {
  readonly promises: PromisesModel;
  readonly known: ReadonlyMap<string, Order>;
  readonly tries: ReadonlyMap<string, string>;
  readonly isUnheard: (id: string) => boolean;
}

/** No line is promised twice, and the ledger takes nothing back that an order still counts on. */
function promiseWrongs(changed: Changed | undefined, { promises, known, tries, isUnheard }: SideBySide): string[] {
  if (!changed) return [];
  const { id, line, step, isOfTransfer } = changed;
  const [orderId, lineId] = line.split('/');
  const order = known.get(orderId!);
  const wanted = order?.lines.find((each) => each.lineId === lineId);
  if (!order || !wanted) return [`${id} is promised to nobody`];
  const hold = order.holds.find(({ reservationId }) => reservationId === id);
  const wrongs: string[] = [];
  // Given back, and the ledger has lost that: it holds it until somebody does it by hand.
  const isLeft = (one: string) => isUnheard(one) && !isHeldBy(order, one);
  const units = promises.unitsOf(
    line,
    (one) => !isOnItsWayBack(order, one) && !isDoubled(order, one, tries) && !isLeft(one),
  );
  if (units > wanted.quantity) wrongs.push(`${id}: ${units} are promised to ${line}, which wants ${wanted.quantity}`);
  // What a transfer gives back or sends out its order hears of later.
  if (isOfTransfer) {
    if (step !== 'reserve' && hold && hold.transfer === undefined)
      wrongs.push(`${id} is no transfer's, and it does ${step}`);
    return wrongs;
  }
  if (step === 'release' && hold && COUNTED.has(hold.state))
    wrongs.push(`${id} is given back, yet it is ${hold.state}`);
  if (step === 'fulfil' && hold?.state !== 'fulfilled')
    wrongs.push(`${id} goes out, yet the order says ${hold?.state}`);
  return wrongs;
}

const isHeldBy = ({ holds }: Order, reservationId: string): boolean =>
  holds.some((hold) => hold.reservationId === reservationId && COUNTED.has(hold.state));

/** Reserved first, given back then: for so long two stand for the same units, of which the order counts on one. */
function isDoubled({ holds }: Order, reservationId: string, tries: ReadonlyMap<string, string>): boolean {
  const isCountedOn = (id: string) =>
    holds.some((hold) => hold.reservationId === id && COUNTED.has(hold.state) && !isTry(hold));
  if (tries.has(reservationId)) return !isCountedOn(reservationId);
  const replacedBy = [...tries].flatMap(([id, replaced]) => (replaced === reservationId ? [id] : []));
  return replacedBy.some(isCountedOn);
}

/**
 * Of what is brought for it the order has given it up, or has not heard yet that it came: whoever brings it gives it back,
 * or the order does when it hears, and something else is promised meanwhile.
 */
function isOnItsWayBack({ holds, transfers = [] }: Order, reservationId: string): boolean {
  const hold = holds.find((one) => one.reservationId === reservationId);
  if (!hold) return transfers.length > 0;
  return hold.transfer !== undefined && !COUNTED.has(hold.state);
}

/** What an order says it is promised, the ledger had promised by then. */
function changeWrongs(order: Order, before: Order | undefined, promises: PromisesModel): string[] {
  const { orderId, lines, holds, tasks, version } = order;
  const wrongs: string[] = [];
  if (before && version <= before.version) wrongs.push(`goes back from version ${before.version} to ${version}`);
  for (const { reservationId, state, location, quantity, transfer } of holds) {
    if (state !== 'held' && state !== 'fulfilled') continue;
    const promised = promises.find(reservationId);
    if (transfer !== undefined) {
      // Under way: some of it may have come, or be lost, and the transfer alone knows whether it has left.
      if (promised?.location !== location || promised!.units < quantity)
        wrongs.push(`${reservationId} is brought from ${location}, the ledger promised ${JSON.stringify(promised)}`);
      continue;
    }
    if (!promised || promised.location !== location || promised.units !== quantity)
      wrongs.push(`${reservationId} is ${state} at ${location}, the ledger promised ${JSON.stringify(promised)}`);
    else if (promised.state === 'released') wrongs.push(`${reservationId} is ${state}, and was given back`);
  }
  for (const { lineId, quantity, cancelledUnits } of lines) {
    const counted = sum(holds.filter((hold) => hold.lineId === lineId && COUNTED.has(hold.state) && !isTry(hold)));
    if (counted > quantity - cancelledUnits) wrongs.push(`${lineId} counts on ${counted} of ${quantity}`);
    const placed = sum(
      tasks
        .filter(({ state }) => !OVER.has(state))
        .flatMap((task) => task.lines.filter((line) => line.lineId === lineId)),
    );
    if (placed > quantity - cancelledUnits) wrongs.push(`${lineId}: places work on ${placed} of ${quantity}`);
  }
  for (const task of tasks) {
    const earlier = before?.tasks.find(({ number }) => number === task.number);
    if (earlier && earlier.version > task.version)
      wrongs.push(`task ${task.number} goes back to version ${task.version}`);
    if (earlier && earlier.location !== task.location) wrongs.push(`task ${task.number} moves to ${task.location}`);
  }
  return wrongs.map((wrong) => `order ${orderId}: ${wrong}`);
}

/** An order is brought each day of what it awaits, as often as it moves. */
export function movedDaysHeard(
  { losses }: History,
  intake: readonly Appended[],
  moved: readonly { readonly reservationId: string; readonly atMs: number | undefined }[],
): string[] {
  if (losses.accepted.some(({ topic }) => topic === TOPICS.outcomes.name)) return [];
  const heard = new Set<string>();
  for (const { isTick, text } of intake) {
    if (isTick || !text.includes('"delivery_moved"')) continue;
    const { reservationId, expectedAt } = JSON.parse(text) as { reservationId: string; expectedAt?: string };
    heard.add(`${reservationId} at ${expectedAt}`);
  }
  return moved.flatMap(({ reservationId, atMs }) => {
    const name = `${reservationId} at ${atMs === undefined ? undefined : new Date(atMs).toISOString()}`;
    return reservationId.startsWith('order/') && !heard.has(name) ? [`its order never hears of ${name}`] : [];
  });
}

/** When it is to leave that the ledger awaits. */
function dayOf({ ledger }: History, reservationId: string): number | undefined {
  const [awaited] = ledger.repository.reservations.get(`${reservationId}|${AHEAD_SKU}`)?.reservation.awaited ?? [];
  return awaited?.expectedAt === undefined ? undefined : Date.parse(awaited.expectedAt) + HANDLING_MS;
}

/** At rest: every order is final or in the visible queue, and the ledger holds what orders count on, nothing else. */
function restWrongs(
  history: History,
  known: ReadonlyMap<string, Order>,
  promises: PromisesModel,
  isUnheard: (id: string) => boolean,
): string[] {
  const wrongs: string[] = [];
  const expected = new Set<string>();
  for (const { orderId, state, holds, tasks } of known.values()) {
    const own = holds.filter(({ reservationId }) => !isUnheard(reservationId));
    if (!FINAL.has(state) && state !== 'WAITING') wrongs.push(`order ${orderId} ends ${state}`);
    if (FINAL.has(state) && tasks.some((task) => !OVER.has(task.state) && !GONE_OUT.has(task.state)))
      wrongs.push(`order ${orderId} is ${state}, and somebody works on it`);
    for (const { reservationId, state: held, expectedAtMs } of own) {
      const found = promises.find(reservationId)?.state;
      if (held === 'asked' || held === 'awaited' || held === 'held') expected.add(reservationId);
      if ((held === 'awaited' || held === 'held') && found !== 'live')
        wrongs.push(`${reservationId} is held, at the ledger ${found}`);
      if (held === 'awaited' && expectedAtMs !== dayOf(history, reservationId))
        wrongs.push(
          `${reservationId} is expected at ${expectedAtMs}, the ledger says ${dayOf(history, reservationId)}`,
        );
      if (held === 'fulfilled' && found !== 'fulfilled')
        wrongs.push(`${reservationId} has gone out, at the ledger it is ${found}`);
      if (FINAL.has(state) && (held === 'asked' || held === 'awaited' || held === 'held'))
        wrongs.push(`order ${orderId} is ${state} and holds ${reservationId}`);
    }
  }
  for (const id of promises.live())
    if (!expected.has(id) && !isUnheard(id)) wrongs.push(`${id} outlives what it was made for`);
  return wrongs;
}
