import type { EntryLayout } from '@shelfline/streaming/mongo-partition-store';
import type { mongo } from 'mongoose';
import type { OrderEntry, Routing } from './order-entry.js';

type Said = Pick<OrderEntry, 'told' | 'commands' | 'answer' | 'settled'>;

/** As an entry lies in its collection: whatever it is found by as a field, what it says as JSON text (stored-order.ts). */
export interface OrderEntryDocument extends Omit<OrderEntry, keyof Said | 'routings'> {
  /** Absent in entries of former versions, whose fields lie open. */
  readonly said?: string;
  /** The largest part, by itself: only whoever asks why reads it. */
  readonly routings?: string | readonly Routing[];
}

const saidOf = ({ told, commands, answer, settled }: { readonly [F in keyof Said]: Said[F] | undefined }): string =>
  JSON.stringify({ told, commands, answer, settled } satisfies Record<keyof Said, unknown>);

const toDocument = ({ told, commands, answer, settled, routings, ...fields }: OrderEntry): OrderEntryDocument => ({
  ...fields,
  said: saidOf({ told, commands, answer, settled }),
  ...(routings ? { routings: JSON.stringify(routings) } : {}),
});

export const routingsIn = ({ routings = [] }: Pick<OrderEntryDocument, 'routings'>): readonly Routing[] =>
  typeof routings === 'string' ? (JSON.parse(routings) as Routing[]) : routings;

export function orderEntryIn({ said, routings, ...fields }: OrderEntryDocument): OrderEntry {
  return {
    ...fields,
    ...(said === undefined ? {} : (JSON.parse(said) as Said)),
    ...(routings ? { routings: routingsIn({ routings }) } : {}),
  } as OrderEntry;
}

/** What of it changes where a courier's own words are taken out of what was told; undefined where there are none. */
export function withoutCourierWords(
  document: OrderEntryDocument,
): Pick<OrderEntryDocument, 'said'> | Pick<OrderEntry, 'told'> | undefined {
  const entry = orderEntryIn(document);
  const hasWords = ({ type, reason }: OrderEntry['told'][number]) => type === 'parcel_changed' && reason !== undefined;
  if (!entry.told?.some(hasWords)) return undefined;
  const told = entry.told.map((event) => {
    const { reason: _, ...rest } = event;
    return hasWords(event) ? rest : event;
  });
  return document.said === undefined ? { told } : { said: saidOf({ ...entry, told }) };
}

export const ORDER_ENTRY_LAYOUT: EntryLayout = {
  toDocuments: (entries) => (entries as readonly OrderEntry[]).map(toDocument),
  toEntries: (document: mongo.Document) => [orderEntryIn(document as unknown as OrderEntryDocument)],
  holding: (ids) => ({ _id: { $in: [...ids] } }),
};
