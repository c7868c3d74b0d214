import type { Order } from './order.js';

/** An order is read and written whole with each of its messages: it must not grow with every place that it was tried at. */
export const MOST_TASKS = 200;

/**
 * Tasks, and transfers that bring it to where it is collected. What is promised gets its task all the same; no more is
 * promised.
 */
export const hadTooManyTasks = ({ tasks, transfers = [] }: Pick<Order, 'tasks' | 'transfers'>): boolean =>
  tasks.length + transfers.length >= MOST_TASKS;
