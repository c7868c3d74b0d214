import type { Availability } from '@shelfline/contracts/stock-level';
import type { StockView } from '@shelfline/contracts/storefront-protocol';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';

/** What the gateway keeps of an availability record. */
export type HeldStock = StockView & { readonly producedAtMs: number };

const STATUSES: ReadonlySet<string> = new Set<Availability['status']>(['in_stock', 'low', 'out']);

/** Undefined when the record is not one: it is counted, and kept from screens. */
export function decodeAvailability({ value, timestampMs }: ReceivedRecord): HeldStock | undefined {
  let read: Partial<Availability> | null;
  try {
    read = JSON.parse((value as Buffer).toString()) as Partial<Availability> | null;
  } catch {
    return undefined;
  }
  const { sku, available, status, version, asOf, producedAtMs } = read ?? {};
  if (
    typeof sku !== 'string' ||
    !Number.isSafeInteger(available) ||
    !Number.isSafeInteger(version) ||
    typeof asOf !== 'string' ||
    status === undefined ||
    !STATUSES.has(status)
  )
    return undefined;
  return {
    sku,
    available: available as number,
    status,
    version: version as number,
    asOf,
    producedAtMs: Number.isFinite(producedAtMs) ? (producedAtMs as number) : timestampMs,
  };
}

/** What the rest of the gateway sees of the table of `inventory.availability`. */
export interface StockBoard {
  find(key: string): HeldStock | undefined;
  /** Called after each batch of changes. Answers how to stop. */
  onChange(listener: () => void): () => void;
}
