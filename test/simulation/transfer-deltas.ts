import type { Appended } from './ledger-records.ts';
import type { HeldForArrival } from './promises-model.ts';

/** What a transfer told and asked the ledger, as it stands on the topic. */
export interface TransferDelta {
  readonly id: string;
  readonly type: string;
  readonly sku: string;
  readonly quantity: number;
  readonly location: string;
  readonly reason?: string;
  readonly withdrawn?: boolean;
  readonly heldFor?: { readonly reservationId: string };
  readonly reservationId?: string;
}

/** By the id of the entry that the ledger makes of it. */
export function transferDeltasIn(deltas: readonly Appended[]): Map<string, TransferDelta> {
  const found = new Map<string, TransferDelta>();
  for (const { text } of deltas) {
    if (!text.includes('"source":"transfers"')) continue;
    const delta = JSON.parse(text) as TransferDelta & { source: string };
    if (delta.source === 'transfers') found.set(`transfers/${delta.id}`, delta);
  }
  return found;
}

/** For whom what a fact brings is held, by the id of its entry. */
export function arrivalsIn(deltas: readonly Appended[]): Map<string, HeldForArrival> {
  const found = new Map<string, HeldForArrival>();
  for (const [id, { heldFor, location }] of transferDeltasIn(deltas))
    if (heldFor) found.set(id, { reservationId: heldFor.reservationId, location });
  return found;
}
