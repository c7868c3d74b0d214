import type { Backlog, BacklogKnown } from './ledger-backlog.js';

/** Answers that find nothing: what happened, what it means, what to do. */
const NUMBERS = new Intl.NumberFormat('en');

const waiting = ({ records, seconds }: Backlog): string =>
  `${NUMBERS.format(records)} records on inventory.deltas are still to be applied; the ledger is ${NUMBERS.format(seconds)} s behind`;

const UNKNOWN = 'Kafka or the database does not say at the moment how far the ledger is';

export function noSuchDelta(source: string, id: string, backlog: BacklogKnown): string {
  const name = `${source}/${id}`;
  if (backlog === 'unknown')
    return `${UNKNOWN}, so ${name} may be waiting: what was accepted is safe and will be applied. Do not send it under another id; ask again in a while.`;
  if (backlog)
    return `${name} may be waiting: ${waiting(backlog)}. What was accepted is safe and will be applied. Ask again in a while.`;
  return `The ledger has no ${name}, and nothing of it has waited for long. Sent just now, it is applied within seconds: ask again. Else it was not accepted: look at the answer to its POST, and whether source and id are written the same. Or it was put aside as a dead letter: deploy/RUNBOOK.md, "DeadLetters", says how to list them.`;
}

export interface AvailabilityAsked {
  readonly sku: string;
  readonly channel: string;
  readonly region: string;
  readonly isProductKnown: boolean;
  /** Some place has a level of the SKU. */
  readonly isStockRecorded: boolean;
  readonly backlog: BacklogKnown;
}

export function noAvailability(asked: AvailabilityAsked): string {
  const { sku, channel, region, isProductKnown, isStockRecorded, backlog } = asked;
  const nothing = `Nothing may be promised of SKU ${sku} in channel ${channel}, region ${region}`;
  if (backlog === 'unknown' && !isStockRecorded)
    return `${nothing}, as far as is known: ${UNKNOWN}, so deltas about it may be waiting. Ask again in a while.`;
  if (backlog && backlog !== 'unknown' && !isStockRecorded)
    return `${nothing}, yet: no stock of it is recorded, but deltas about it may be waiting: ${waiting(backlog)}. Ask again in a while.`;
  if (!isProductKnown)
    return `${nothing}: the catalog does not know this SKU${isStockRecorded ? ', though stock of it is recorded' : ', and no stock of it was ever recorded'}. Add it: PUT /api/catalog/products/${encodeURIComponent(sku)}.`;
  if (!isStockRecorded)
    return `${nothing}: the catalog knows it, but no stock of it was ever recorded. Send a receipt: POST /api/inventory/deltas.`;
  const late = backlog && backlog !== 'unknown' ? ` Newer deltas may be waiting: ${waiting(backlog)}.` : '';
  return `${nothing}: stock of it is recorded, but at no place that serves this channel and region. GET /api/inventory/levels?sku=${encodeURIComponent(sku)} shows where, GET /api/catalog/channels which places a channel has.${late}`;
}

/** A report that says that nothing differs, because there is nothing. */
export const isOfNothing = ({ levels, movements }: { readonly levels: number; readonly movements: number }): boolean =>
  levels === 0 && movements === 0;
export const nothingKnownOf = (sku: string): string =>
  `Nothing is known of SKU ${sku}: the ledger has no level of it and no movement, so there is nothing to verify. Names are compared byte for byte: see how it is written at its source.`;
