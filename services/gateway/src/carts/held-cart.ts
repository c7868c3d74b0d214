import { StoredCart } from '@shelfline/contracts/cart';
import { versionInHeaders } from '@shelfline/contracts/record-headers';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { HeldState } from '../sockets/follower.js';

/** Undefined when the record is not one: it is counted, and kept from screens. */
export function decodeCart({ key, value }: ReceivedRecord): HeldState | undefined {
  const json = (value as Buffer).toString();
  const read = StoredCart.safeParse(JSON.parse(json));
  return read.success && read.data.memberId === key ? { version: read.data.version, json } : undefined;
}

/** A tombstone: nobody changed the cart for so long that it is empty. Undefined where it does not say since which version. */
export function decodeExpiry({ key, headers, timestampMs }: ReceivedRecord): HeldState | undefined {
  const version = versionInHeaders(headers);
  if (key === null || !(version > 0)) return undefined;
  const at = new Date(timestampMs).toISOString();
  const cart: StoredCart = {
    memberId: key,
    lines: [],
    orders: [],
    changedAt: at,
    expiresAt: at,
    expired: true,
    version,
  };
  return { version, json: JSON.stringify(cart) };
}

export const cartOf = ({ json }: HeldState): StoredCart => JSON.parse(json) as StoredCart;
