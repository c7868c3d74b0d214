import { describe, expect, it } from '@jest/globals';
import { UnflushedImages } from '@shelfline/streaming/unflushed-images';
import type { Reservation } from './domain/stock.js';
import type { StockRepository } from './stock.repository.js';
import { reservationImage } from './stock-images.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { UnflushedStock } from './unflushed-stock.js';

const reservation = (version: number, state: Reservation['state']): Reservation =>
  ({ reservationId: 'r', state, allocations: [], expiresAtMs: 1, version }) as unknown as Reservation;
const imageOf = (version: number, state: Reservation['state']) =>
  reservationImage({ sku: 'A', partition: 0, reservation: reservation(version, state) });

async function liveAfter(stored: Reservation | undefined, inMemory: ReturnType<typeof imageOf>) {
  const repository = new MemoryRepository(new Map());
  if (stored) repository.reservations.set('r|A', { sku: 'A', reservation: stored });
  const unflushed = new UnflushedImages();
  unflushed.committed(0, ['copy'], [inMemory], 0);
  const stock = new UnflushedStock(repository as unknown as StockRepository, unflushed);
  const { reservations } = (await stock.loadMany(0, ['A'])).get('A')!;
  return [...reservations.values()].map(({ version, state }) => `${state}@${version}`);
}

describe('stock with what is not written yet', () => {
  it('has a hold that is only in memory', async () => {
    expect(await liveAfter(undefined, imageOf(10, 'ACTIVE'))).toEqual(['ACTIVE@10']);
    expect(await liveAfter(reservation(5, 'ACTIVE'), imageOf(10, 'COMMITTED'))).toEqual(['COMMITTED@10']);
  });

  it('has no hold that ended in memory', async () => {
    expect(await liveAfter(reservation(5, 'ACTIVE'), imageOf(10, 'RELEASED'))).toEqual([]);
  });

  it('has no hold that is over in the database: an old copy found by a claim once gave it back twice', async () => {
    expect(await liveAfter(reservation(20, 'RELEASED'), imageOf(10, 'ACTIVE'))).toEqual([]);
  });
});
