import type { RejectedLines } from '@shelfline/contracts/task-lines';
import type { OrderContext, OrderDraft, Refusal } from '../decision.js';
import { type Hold, type Task, unitsOf } from '../order.js';
import { taskIdOf } from '../task-id.js';
import { refusePlace } from './refuse-place.js';

interface Said {
  readonly reason?: string;
  readonly by?: string;
}
/** Of a reservation of a task, what its store does not do. */
interface Loss {
  readonly hold: Hold;
  readonly units: number;
}

/** `all`: nothing is left of the task, so it is the whole of it that is rejected. */
export function rejectLines(
  draft: OrderDraft,
  task: Task,
  asked: RejectedLines,
  said: Said,
  context: OrderContext,
): Refusal | 'all' | undefined {
  const losses: Loss[] = [];
  for (const { lineId, quantity } of asked) {
    const own = holdsOf(draft, task).filter((hold) => hold.lineId === lineId);
    const has = unitsOf(own);
    if (has === 0) return noSuchLine(draft, task, lineId);
    if (quantity !== undefined && quantity > has) return tooMany(draft, task, lineId, has);
    losses.push(...newestFirst(own, quantity ?? has));
  }
  if (losses.reduce((sum, { units }) => sum + units, 0) === unitsOf(task.lines)) return 'all';
  giveUp(draft, task, losses, said, context);
  return undefined;
}

/** Of the task of a reservation, everything else stays where it is. */
export const giveUpHold = (draft: OrderDraft, task: Task, hold: Hold, said: Said, context: OrderContext): void =>
  giveUp(draft, task, [{ hold, units: hold.quantity }], said, context);

export const holdsOf = ({ order }: OrderDraft, { number }: Task): Hold[] =>
  order.holds.filter(({ task, state }) => task === number && state === 'held');

function newestFirst(holds: readonly Hold[], units: number): Loss[] {
  let left = units;
  return holds.toReversed().flatMap((hold) => {
    const given = Math.min(left, hold.quantity);
    left -= given;
    return given > 0 ? [{ hold, units: given }] : [];
  });
}

/** What stays is never given back in between: another order could take it. */
function giveUp(draft: OrderDraft, task: Task, losses: readonly Loss[], said: Said, context: OrderContext): void {
  for (const { hold, units } of losses) {
    const { reservationId, quantity } = hold;
    if (units === quantity) draft.add({ type: 'hold_released', reservationId });
    else draft.add({ type: 'hold_reduced', reservationId, quantity: quantity - units });
  }
  const lines = losses.map(({ hold: { lineId, sku }, units }) => ({ lineId, sku, quantity: units }));
  draft.add({ type: 'task_lines_rejected', number: task.number, lines, ...said });
  refusePlace(draft, task.location, context, { skus: [...new Set(lines.map(({ sku }) => sku))] });
}

const noSuchLine = ({ order }: OrderDraft, task: Task, lineId: string): Refusal => ({
  code: 'unknown_line',
  field: 'lines',
  detail: `task ${taskIdOf(order.orderId, task.number)} has no line ${lineId}; it has ${task.lines.map((line) => line.lineId).join(', ')}`,
});
const tooMany = ({ order }: OrderDraft, task: Task, lineId: string, has: number): Refusal => ({
  code: 'too_many_units',
  field: 'lines',
  detail: `task ${taskIdOf(order.orderId, task.number)} has ${has} of line ${lineId}; name no more than that`,
});
