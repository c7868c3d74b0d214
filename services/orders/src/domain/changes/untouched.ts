import type { Task } from '../order.js';

/** Nobody has begun to pick for it: what is still only a line on a screen may become another line. */
export const isUntouched = ({ state }: Pick<Task, 'state'>): boolean => state === 'ASSIGNED' || state === 'ACCEPTED';
