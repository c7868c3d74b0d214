import { TrackedOrder } from '@shelfline/contracts/tracking';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';

/** What the gateway keeps of a record of `orders.tracking`: a brand has hundreds of thousands, and few are looked at. */
export interface HeldOrder {
  readonly version: number;
  readonly json: string;
}

/** Undefined when the record is not one: it is counted, and kept from screens. */
export function decodeTracked({ key, value }: ReceivedRecord): HeldOrder | undefined {
  const json = (value as Buffer).toString();
  const read = TrackedOrder.safeParse(JSON.parse(json));
  return read.success && read.data.orderId === key ? { version: read.data.version, json } : undefined;
}

export const orderOf = ({ json }: HeldOrder): TrackedOrder => JSON.parse(json) as TrackedOrder;
