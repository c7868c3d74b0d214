import type { OrderView } from '@shelfline/contracts/order-view';
import { parcelView } from './couriers/parcel-outputs.js';
import { sumMinor } from './domain/credit/credit-state.js';
import { isFinal, isPromised, type Order, unitsOf } from './domain/order.js';
import { backorderedOf } from './domain/presale/backorder-state.js';
import { taskIdOf } from './domain/work-task.js';
import { arrivingViews } from './pickup-transfer/pickup-outputs.js';
import { waitingOf } from './waiting-for.js';

/** An order as REST shows it. */
export function orderView(order: Order): OrderView {
  const { cart } = order;
  // As it was stored before a basket's end had a name of its own.
  const state = cart && order.state === 'CANCELLED' ? 'ENDED' : order.state;
  const arriving = arrivingViews(order);
  const { orderId, placed, lines, holds, tasks, reason, version } = order;
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
    totalMinor: sumMinor(order),
    lines: lines.map((line) => ({
      ...line,
      promisedUnits: unitsOf(holds.filter((hold) => hold.lineId === line.lineId && isPromised(hold))),
      ...backorderedOf(order, line.lineId),
    })),
    tasks: tasks.map((task) => ({
      taskId: taskIdOf(orderId, task.number),
      store: task.location,
      state: task.state,
      lines: [...task.lines],
      changedAt: new Date(task.changedAtMs).toISOString(),
      ...(task.day === undefined ? {} : { workingDay: task.day }),
      ...(task.reason === undefined ? {} : { reason: task.reason }),
      ...(task.tracking === undefined ? {} : { tracking: task.tracking }),
      ...(task.visit ? { visit: task.visit } : {}),
      ...(task.proof ? { proof: task.proof } : {}),
      ...(task.parcel ? { parcel: parcelView(task.parcel, task.tracking) } : {}),
    })),
    ...(arriving.length > 0 ? { arriving } : {}),
    placedAt,
    ...(promisedBy === undefined ? {} : { promisedBy }),
    changedAt: new Date(order.changedAtMs).toISOString(),
    ...(reason === undefined || (state !== 'WAITING' && state !== 'CANCELLED' && state !== 'ENDED') ? {} : { reason }),
    ...waitingOf(order),
    ...(order.retryAtMs === undefined || order.giveUpAtMs === undefined
      ? {}
      : { waitsUntil: new Date(order.giveUpAtMs).toISOString() }),
    ...(order.appointment ? { appointment: order.appointment } : {}),
    ...(placed.buyer === undefined ? {} : { buyer: placed.buyer }),
    ...(cart && !isFinal(order) ? { heldUntil: new Date(cart.untilMs).toISOString() } : {}),
    version,
  };
}
