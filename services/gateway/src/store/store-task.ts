import { TaskState } from '@shelfline/contracts/order';
import { StoreTask } from '@shelfline/contracts/order-view';
import { STATE_HEADER, VERSION_HEADER } from '@shelfline/contracts/record-headers';
import { headerOf, type ReceivedRecord } from '@shelfline/streaming/kafka-port';

/** What the gateway keeps of a record of `orders.tasks`. */
export interface HeldTask {
  readonly task: StoreTask;
  /** Append time of the record, ms UTC. */
  readonly appendedAtMs: number;
  readonly bytes: number;
}

/** Undefined when the record is not one: it is counted, and kept from screens. */
export function decodeTask({ key, value, timestampMs }: ReceivedRecord): HeldTask | undefined {
  const read = StoreTask.safeParse(JSON.parse((value as Buffer).toString()));
  if (!read.success || read.data.taskId !== key) return undefined;
  return { task: read.data, appendedAtMs: timestampMs, bytes: (value as Buffer).length };
}

/** A tombstone has no value to carry its version. Undefined = it names none. */
export function tombstoneVersion(record: ReceivedRecord): number | undefined {
  const version = Number(headerOf(record, VERSION_HEADER) ?? Number.NaN);
  return Number.isSafeInteger(version) ? version : undefined;
}

/** As a tombstone closes it: its state is the last one known where the tombstone does not name one. */
export function closedBy(tombstone: ReceivedRecord, task: StoreTask): StoreTask {
  const named = TaskState.safeParse(headerOf(tombstone, STATE_HEADER));
  const version = tombstoneVersion(tombstone) ?? task.version;
  return { ...task, state: named.success ? named.data : task.state, actions: [], version };
}

const ENDED: ReadonlySet<TaskState> = new Set(['DELIVERED', 'RETURNED', 'REJECTED', 'TIMED_OUT', 'CANCELLED']);
const OUT_OF_THE_STORE: ReadonlySet<TaskState> = new Set(['HANDED_OVER', 'SHIPPED']);

/** Whether the store has nothing left to do. What it shipped may still be its to deliver. */
export const isClosed = ({ state, actions }: StoreTask): boolean =>
  ENDED.has(state) || (OUT_OF_THE_STORE.has(state) && actions.length === 0);
