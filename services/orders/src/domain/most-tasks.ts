import type { Order } from './order.js';

/** An order is read and written whole with each of its messages: it must not grow with every place that it was tried at. */
export const MOST_TASKS = 200;

/** What is promised gets its task all the same; no more is promised. */
export const hadTooManyTasks = ({ tasks }: Pick<Order, 'tasks'>): boolean => tasks.length >= MOST_TASKS;
