import { isClosed, type Order, type Task } from '../order.js';
import { VISITED } from './plan-visit.js';

const GOES_OUT: ReadonlySet<Task['state']> = new Set(['PACKED', 'SHIPPED']);

/** Tasks that the store's own people take to their customers: packed, or on its way. */
export const broughtTasks = ({ placed, tasks }: Order): readonly Task[] =>
  VISITED.has(placed.method) ? tasks.filter((task) => !isClosed(task) && GOES_OUT.has(task.state)) : [];

/** Stores whose people have something of the order to bring. */
export const bringingStores = (order: Order): readonly string[] => [
  ...new Set(broughtTasks(order).map(({ location }) => location)),
];
