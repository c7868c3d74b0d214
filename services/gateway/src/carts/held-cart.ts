import { StoredCart } from '@shelfline/contracts/cart';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { HeldState } from '../sockets/follower.js';

/** Undefined when the record is not one: it is counted, and kept from screens. */
export function decodeCart({ key, value }: ReceivedRecord): HeldState | undefined {
  const json = (value as Buffer).toString();
  const read = StoredCart.safeParse(JSON.parse(json));
  return read.success && read.data.memberId === key ? { version: read.data.version, json } : undefined;
}

export const cartOf = ({ json }: HeldState): StoredCart => JSON.parse(json) as StoredCart;
