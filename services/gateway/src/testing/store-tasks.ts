import type { StoreTask } from '@shelfline/contracts/order-view';
import type { TableChange } from '@shelfline/streaming/table';
import type { HeldTask } from '../store/store-task.js';

export const taskOf = (taskId: string, version: number, fields: Partial<StoreTask> = {}): StoreTask => ({
  taskId,
  orderId: taskId.slice(0, taskId.lastIndexOf('/')),
  store: 'A',
  state: 'ASSIGNED',
  method: 'courier',
  lines: [{ lineId: '1', sku: '23135', quantity: 2 }],
  channel: 'web',
  placedAt: '2026-03-01T09:00:00.000Z',
  assignedAt: '2026-03-01T09:00:01.000Z',
  actions: ['accept', 'reject'],
  version,
  ...fields,
});
export const heldTask = (taskId: string, version: number, fields: Partial<StoreTask> = {}): HeldTask => ({
  task: taskOf(taskId, version, fields),
  appendedAtMs: 0,
  bytes: 400,
});

const record = (key: string, headers: Record<string, string>) => ({
  topic: 'orders.tasks',
  partition: 0,
  offset: 0,
  timestampMs: 0,
  key,
  value: null,
  headers,
  header: (name: string) => headers[name],
});
export const valueOf = (value: HeldTask): TableChange<HeldTask> => ({
  key: value.task.taskId,
  value,
  previous: undefined,
  record: record(value.task.taskId, {}),
});
export const tombstoneOf = (key: string, version: number, state?: string): TableChange<HeldTask> => ({
  key,
  value: undefined,
  previous: undefined,
  record: record(key, { 'sl-version': String(version), ...(state === undefined ? {} : { 'sl-state': state }) }),
});
