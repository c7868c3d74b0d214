import { hasGoneOut, isAsked, isClosed, isCounted, isFinal, isOpen, type Order, unitsOf } from '../domain/order.js';
import { isLive } from './fake-ledger.js';
import type { OrderScene } from './order-scene.js';

/** What is wrong with the orders of a scene; nothing, if all is well. */
export function orderFaults(scene: OrderScene): string[] {
  return [...scene.orders.values()].flatMap((order) =>
    [...lineFaults(order), ...taskFaults(order), ...stateFaults(order), ...ledgerFaults(order, scene)].map(
      (fault) => `${order.orderId}: ${fault}`,
    ),
  );
}

const lineFaults = ({ lines, holds }: Order): string[] =>
  lines.flatMap(({ lineId, quantity, cancelledUnits }) => {
    const counted = unitsOf(holds.filter((hold) => hold.lineId === lineId && isCounted(hold)));
    return counted > quantity - cancelledUnits
      ? [`${lineId} counts on ${counted} of ${quantity}, ${cancelledUnits} cancelled`]
      : [];
  });

function taskFaults({ tasks, holds }: Order): string[] {
  return tasks.flatMap((task) => {
    // Of a task whose order was changed what was given back is history, and what is left is its own.
    const own = holds.filter((hold) => hold.task === task.number && (isClosed(task) || hold.state !== 'released'));
    // What a task gave back is history, and kept no longer than the next change.
    const isOver = isClosed(task) && !hasGoneOut(task);
    if (!isOver && unitsOf(own) !== unitsOf(task.lines))
      return [`task ${task.number} has reservations for other units`];
    const state = hasGoneOut(task) ? 'fulfilled' : isClosed(task) ? 'released' : 'held';
    return own.some((hold) => hold.state !== state || hold.location !== task.location)
      ? [`task ${task.number} is ${task.state} with ${JSON.stringify(own)}`]
      : [];
  });
}

function stateFaults({ state, holds, retryAtMs, tasks }: Order): string[] {
  const faults: string[] = [];
  if (state === 'RESERVING' && !holds.some(isAsked)) faults.push('it is RESERVING and has asked nothing');
  const isAwaiting = holds.some((hold) => hold.state === 'awaited');
  if (state === 'WAITING' && retryAtMs === undefined && !isAwaiting) faults.push('it waits for nothing');
  if (isFinal({ state })) {
    if (holds.some((hold) => isOpen(hold))) faults.push(`it is ${state} and holds something`);
    if (tasks.some((task) => !isClosed(task))) faults.push(`it is ${state} and somebody works on it`);
    if (retryAtMs !== undefined) faults.push(`it is ${state} and will be tried again`);
  }
  return faults;
}

/** What the order counts on and what the ledger holds, once nothing is on its way between them. */
function ledgerFaults({ orderId, holds }: Order, { ledger, commands, answers }: OrderScene): string[] {
  if (commands.length + answers.length > 0) return [];
  const held = ledger.live().filter(({ reservationId }) => reservationId.startsWith(`order/${orderId}/`));
  const unknown = held.filter(({ reservationId, quantity }) => {
    const hold = holds.find((one) => one.reservationId === reservationId);
    return !hold || !isOpen(hold) || hold.quantity !== quantity;
  });
  const lost = holds.filter(({ reservationId, state, location }) => {
    const reservation = ledger.reservations.get(reservationId);
    if (state === 'awaited') return !reservation || !isLive(reservation) || reservation.awaited?.location !== location;
    if (state !== 'held') return false;
    return !reservation || !isLive(reservation) || reservation.allocations[0]?.location !== location;
  });
  return [
    ...unknown.map(({ reservationId }) => `the ledger holds ${reservationId} for nothing`),
    ...lost.map(({ reservationId }) => `nothing stands behind ${reservationId}`),
  ];
}
