import { levelKey } from '@shelfline/contracts/identifiers';
import type { Image } from '@shelfline/streaming/image';
import { type LevelToStore, type ReservationToStore, reservationDocumentId } from './stock-documents.js';

/** Committed states of levels and reservations, grouped by SKU, on their way to their collections. */
export type StockImage = Image & {
  readonly state: ({ readonly kind: 'level' } & LevelToStore) | ({ readonly kind: 'reservation' } & ReservationToStore);
};

export const levelImage = (toStore: LevelToStore): StockImage => ({
  group: toStore.sku,
  key: `level/${levelKey(toStore.sku, toStore.level.location)}`,
  version: toStore.level.version,
  state: { kind: 'level', sku: toStore.sku, partition: toStore.partition, level: toStore.level, shown: toStore.shown },
});

export const reservationImage = (toStore: ReservationToStore): StockImage => ({
  group: toStore.sku,
  key: `reservation/${reservationDocumentId(toStore.reservation.reservationId, toStore.sku)}`,
  version: toStore.reservation.version,
  state: { kind: 'reservation', ...toStore },
});

export const levelsIn = (images: readonly StockImage[]): LevelToStore[] =>
  images.flatMap(({ state }) => (state.kind === 'level' ? [state] : []));
export const reservationsIn = (images: readonly StockImage[]): ReservationToStore[] =>
  images.flatMap(({ state }) => (state.kind === 'reservation' ? [state] : []));
