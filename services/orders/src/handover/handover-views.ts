import { HandoverChange } from '@shelfline/contracts/handover';
import { LocationCode } from '@shelfline/contracts/identifiers';
import { TaskId } from '@shelfline/contracts/order-id';
import { z } from 'zod';
import type { Order } from '../domain/order.js';
import { qrText } from '../domain/store/handover.js';
import { handoverOf, isLocked } from '../domain/store/handover-state.js';
import type { StoreTerms } from '../domain/store/store-terms.js';
import { taskIdOf } from '../domain/task-id.js';

/** What is waiting for the customer, and what he shows to get it. For him and the owning channel only. */
export const HandoverView = z.object({
  orderId: z.string(),
  waiting: z.array(
    z.object({
      taskId: TaskId,
      store: LocationCode,
      code: z.string().describe('Six digits'),
      qr: z.string().describe('Text of a QR code, which the store’s screen takes instead of the digits'),
      locked: z.boolean().describe('Too many wrong codes were shown; ask for a new one'),
      collectBy: z.iso.datetime().optional().describe('Not collected by then it goes back to stock'),
    }),
  ),
});
export type HandoverView = z.infer<typeof HandoverView>;

export const HandoverBody = z.strictObject({
  taskId: TaskId,
  change: HandoverChange.shape.change,
  by: HandoverChange.shape.by,
  reason: HandoverChange.shape.reason,
  id: z.string().min(1).max(60).optional().describe('Of this request: the same again is answered again'),
});

export const handoverView = (order: Order, terms: StoreTerms): HandoverView => ({
  orderId: order.orderId,
  waiting: order.tasks
    .filter(({ state }) => state === 'READY_FOR_PICKUP')
    .map((task) => {
      const taskId = taskIdOf(order.orderId, task.number);
      const { round, collectByMs } = handoverOf(task);
      const code = terms.handoverCode(taskId, round);
      return {
        taskId,
        store: task.location,
        code,
        qr: qrText(taskId, code),
        locked: isLocked(task),
        ...(collectByMs === undefined ? {} : { collectBy: new Date(collectByMs).toISOString() }),
      };
    }),
});
