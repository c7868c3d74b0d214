import type { Allocation } from '@shelfline/contracts/stock-outcome';
import type { StoredReservation } from './promise-verdict.ts';
import type { VersionedFigures } from './verdict.ts';

export type StoredState =
  | { readonly kind: 'level'; readonly sku: string; readonly level: VersionedFigures & { readonly location: string } }
  | {
      readonly kind: 'reservation';
      readonly sku: string;
      readonly reservation: Omit<StoredReservation, 'sku'> & { readonly version: number };
    };

type Row =
  | readonly [
      kind: 0,
      sku: string,
      partition: number,
      location: string,
      version: number,
      onHand: number,
      reserved: number,
      damaged: number,
      qualityControl: number,
      incoming: number,
    ]
  | readonly [
      kind: 1,
      sku: string,
      partition: number,
      reservationId: string,
      version: number,
      state: string,
      allocations: readonly Allocation[],
    ];

/** The one place that knows how the ledger keeps states that are not in their collections yet. */
export const statesIn = (images: string): StoredState[] =>
  (JSON.parse(images) as (Row | { readonly state: StoredState })[]).map((image) =>
    'state' in image ? image.state : stateOf(image),
  );

function stateOf(row: Row): StoredState {
  if (row[0] === 1) {
    const [, sku, , reservationId, version, state, allocations] = row;
    return { kind: 'reservation', sku, reservation: { reservationId, version, state, allocations } };
  }
  const [, sku, , location, version, onHand, reserved, damaged, qualityControl, incoming] = row;
  const level = { location, version, onHand, reserved, damaged, qualityControl, incoming };
  return { kind: 'level', sku, level };
}
