import type { OrderView } from '@shelfline/contracts/order-view';
import { parcelView } from './couriers/parcel-outputs.js';
import { isPromised, type Order, unitsOf } from './domain/order.js';
import { taskIdOf } from './domain/work-task.js';

/** An order as REST shows it. */
export function orderView(order: Order): OrderView {
  const { cart } = order;
  const { orderId, state, placed, lines, holds, tasks, reason, version } = order;
  const { channel, channelOrder, memberId, method, store, soldAt, soldBy, wish, currency, placedAt, promisedBy } =
    placed;
  return {
    orderId,
    state,
    channel,
    ...(channelOrder === undefined ? {} : { channelOrder }),
    ...(memberId === undefined ? {} : { memberId }),
    method,
    ...(store === undefined ? {} : { store }),
    ...(soldAt === undefined ? {} : { soldAt }),
    ...(soldBy === undefined ? {} : { soldBy }),
    wish,
    currency,
    totalMinor: lines.reduce(
      (sum, { quantity, cancelledUnits, unitPriceMinor }) => sum + (quantity - cancelledUnits) * unitPriceMinor,
      0,
    ),
    lines: lines.map((line) => ({
      ...line,
      promisedUnits: unitsOf(holds.filter((hold) => hold.lineId === line.lineId && isPromised(hold))),
    })),
    tasks: tasks.map((task) => ({
      taskId: taskIdOf(orderId, task.number),
      store: task.location,
      state: task.state,
      lines: [...task.lines],
      changedAt: new Date(task.changedAtMs).toISOString(),
      ...(task.reason === undefined ? {} : { reason: task.reason }),
      ...(task.tracking === undefined ? {} : { tracking: task.tracking }),
      ...(task.visit ? { visit: task.visit } : {}),
      ...(task.proof ? { proof: task.proof } : {}),
      ...(task.parcel ? { parcel: parcelView(task.parcel, task.tracking) } : {}),
    })),
    placedAt,
    ...(promisedBy === undefined ? {} : { promisedBy }),
    changedAt: new Date(order.changedAtMs).toISOString(),
    ...(reason === undefined || (state !== 'WAITING' && state !== 'CANCELLED') ? {} : { reason }),
    ...(order.appointment ? { appointment: order.appointment } : {}),
    ...(cart && state !== 'CANCELLED' ? { heldUntil: new Date(cart.untilMs).toISOString() } : {}),
    version,
  };
}
