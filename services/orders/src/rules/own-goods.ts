import { placeDay } from '../capacity/day-load.js';
import type { Order } from '../domain/order.js';
import { hasLeft } from '../domain/pickup-transfer/arriving.js';
import { isClosed } from '../domain/task-ends.js';

/** What an order that is tried out has already: goods it holds, and tasks it is. Without them it would stand in its own way. */
export interface OwnGoods {
  unitsAt(sku: string, location: string): number;
  openTasksAt(location: string): number;
  tasksOfDay(location: string, day: string): number;
}

const GIVEN_BACK: ReadonlySet<string> = new Set(['REJECTED', 'TIMED_OUT', 'CANCELLED']);

/** What has gone out of the house is used up for everybody, and what was given back stands in the figures already. */
export function ownGoodsOf(order: Pick<Order, 'holds' | 'tasks' | 'transfers'>): OwnGoods {
  const held = order.holds.filter(
    (hold) => hold.state === 'held' && (hold.transfer === undefined || !hasLeft(order, hold)),
  );
  const open = order.tasks.filter((task) => !isClosed(task));
  const counted = order.tasks.filter(({ state }) => !GIVEN_BACK.has(state));
  return {
    unitsAt: (sku, location) =>
      held.reduce((sum, hold) => sum + (hold.sku === sku && hold.location === location ? hold.quantity : 0), 0),
    openTasksAt: (location) => open.filter((task) => task.location === location).length,
    tasksOfDay: (location, day) =>
      counted.filter((task) => task.day !== undefined && placeDay(task.day, task.location) === placeDay(day, location))
        .length,
  };
}
