import { MAX_LINE_UNITS } from '@shelfline/contracts/order';
import type { ChangeOrder } from '@shelfline/contracts/order-change';
import type { OrderContext, OrderDraft, Refusal } from '../decision.js';
import { type Hold, isAsked, isCounted, type Line, type Order, unitsOf } from '../order.js';
import { ask } from '../settle-order.js';
import { isUntouched } from './untouched.js';
import { withdraw } from './withdraw-task.js';

type Wanted = NonNullable<ChangeOrder['lines']>;

/** Why these quantities cannot be had; nothing, if they can. */
export function lineRefusals(wanted: Wanted, order: Order, context: OrderContext): Refusal[] {
  return wanted.flatMap(({ lineId, quantity }, i): Refusal[] => {
    const field = `lines[${i}].quantity`;
    const line = order.lines.find((one) => one.lineId === lineId);
    if (!line)
      return [
        {
          code: 'unknown_line',
          field: `lines[${i}].lineId`,
          detail: `order ${order.orderId} has no line ${lineId}; place another order for what is not in it`,
        },
      ];
    const begun = begunUnits(order, lineId);
    if (quantity < begun)
      return [
        {
          code: 'out_of_state',
          field,
          detail: `${begun} of line ${lineId} are being picked, are brought to the store or have left the house, so it cannot become ${quantity}; ask for ${begun} at least, cancel the order as a whole, or bring them back by a return`,
        },
      ];
    const more = quantity - effectiveUnits(line);
    if (more <= 0) return [];
    if (line.quantity + more > MAX_LINE_UNITS) return [tooMany(field, lineId)];
    if (order.credit) return [creditOfMore(field, order)];
    return context.findChannel(order.placed.channel)?.trusted === false ? [pricesOfOthers(field, order)] : [];
  });
}

/** Gives back exactly what is wanted no more, the least settled first, and adds what is wanted besides. */
export function changeLines(draft: OrderDraft, wanted: Wanted, reason: string, context: OrderContext): void {
  for (const { lineId, quantity } of wanted) {
    const line = draft.order.lines.find((one) => one.lineId === lineId)!;
    const change = quantity - effectiveUnits(line);
    if (change > 0) draft.add({ type: 'units_added', lineId, units: change });
    if (change >= 0) continue;
    giveBack(draft, line, quantity, context);
    draft.add({ type: 'units_cancelled', lineId, units: -change, reason });
  }
}

function giveBack(draft: OrderDraft, { lineId }: Line, wanted: number, context: OrderContext): void {
  const own = draft.order.holds.filter((hold) => hold.lineId === lineId && isCounted(hold));
  let over = unitsOf(own) - wanted;
  for (const hold of own.toSorted((a, b) => rankOf(draft.order, a) - rankOf(draft.order, b))) {
    if (over <= 0) return;
    if (rankOf(draft.order, hold) === KEPT) continue;
    const given = Math.min(over, hold.quantity);
    const kept = hold.quantity - given;
    over -= given;
    if (kept > 0 && !isAsked(hold))
      draft.add({ type: 'hold_reduced', reservationId: hold.reservationId, quantity: kept });
    else draft.add({ type: 'hold_released', reservationId: hold.reservationId });
    // What is only asked the ledger may be refusing just now: it is given back, and fewer are asked of the same places.
    if (kept > 0 && isAsked(hold)) ask(draft, { ...hold, quantity: kept }, context);
    if (hold.task !== undefined) takeFromTask(draft, hold, given);
  }
}

/** The store's screen shows what is left of it; where nothing is, it is withdrawn. */
function takeFromTask(draft: OrderDraft, { task: number, lineId }: Hold, given: number): void {
  const task = draft.order.tasks.find((one) => one.number === number)!;
  let left = given;
  const lines = task.lines.flatMap((line) => {
    if (line.lineId !== lineId || left === 0) return [line];
    const taken = Math.min(left, line.quantity);
    left -= taken;
    return line.quantity > taken ? [{ ...line, quantity: line.quantity - taken }] : [];
  });
  if (lines.length > 0) draft.add({ type: 'task_lines_changed', number: task.number, lines });
  else withdraw(draft, task);
}

const KEPT = 9;
/** What is asked before what is held, that before a task, and of tasks the one that nobody has accepted. */
function rankOf({ tasks }: Order, hold: Hold): number {
  if (isAsked(hold)) return 0;
  // What is brought to the store is the transfer's: it may have left already.
  if (hold.state === 'fulfilled' || hold.transfer !== undefined) return KEPT;
  if (hold.task === undefined) return 1;
  const task = tasks.find(({ number }) => number === hold.task);
  if (!task || !isUntouched(task)) return KEPT;
  return task.state === 'ASSIGNED' ? 2 : 3;
}

/** They are in somebody's hands, or have left the house. */
const begunUnits = (order: Order, lineId: string): number =>
  unitsOf(order.holds.filter((hold) => hold.lineId === lineId && isCounted(hold) && rankOf(order, hold) === KEPT));
const effectiveUnits = ({ quantity, cancelledUnits }: Line): number => quantity - cancelledUnits;

const tooMany = (field: string, lineId: string): Refusal => ({
  code: 'too_many_units',
  field,
  detail: `line ${lineId} would have had more than ${MAX_LINE_UNITS} units in all, those cancelled among them; place another order for the rest`,
});
const creditOfMore = (field: string, { orderId }: Order): Refusal => ({
  code: 'credit_not_held',
  field,
  detail: `credit was held for ${orderId} as it was placed, and none for more of it; place another order for the rest`,
});
const pricesOfOthers = (field: string, { placed }: Order): Refusal => ({
  code: 'quote_missing',
  field,
  detail: `${placed.channel} states no prices by itself, so more of it needs a quote; place another order with one`,
});
