import { TrackedOrder } from '@shelfline/contracts/tracking';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { HeldState } from '../sockets/follower.js';

/** Undefined when the record is not one: it is counted, and kept from screens. */
export function decodeTracked({ key, value }: ReceivedRecord): HeldState | undefined {
  const json = (value as Buffer).toString();
  const read = TrackedOrder.safeParse(JSON.parse(json));
  return read.success && read.data.orderId === key ? { version: read.data.version, json } : undefined;
}

export const orderOf = ({ json }: HeldState): TrackedOrder => JSON.parse(json) as TrackedOrder;
