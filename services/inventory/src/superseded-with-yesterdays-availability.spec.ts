import { expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import { SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import { PartitionUpkeep } from './partition-upkeep.js';
import type { ReferenceData } from './reference-data.js';
import type { StockRepository, StockWrites } from './stock.repository.js';
import { stockStream } from './stock.stream.js';
import { catalogOf, SHOPS } from './testing/catalog.js';
import { receipt } from './testing/deltas.js';
import { START_MS } from './testing/given-stock.js';
import { MemoryLedger } from './testing/memory-ledger.js';
import { UnflushedStock } from './unflushed-stock.js';

const HALF_A_DAY_MS = 13 * 3_600_000;
const SHOWN = 'SKU-1|web|all';

// A late record of a former owner, after midnight: what took its place had the version of the new day, and what was
// available the day before, the lot that had ended with it.
it('availability that supersedes a late record is that of the day', async () => {
  const ledger = new MemoryLedger();
  await ledger.process(receipt(5, 'shop-a', { lot: 'A', expiresOn: '2026-03-01' }), receipt(2), 'tick');
  ledger.wait(HALF_A_DAY_MS);
  await ledger.process('tick');
  const { repository, unflushed, availability, cache } = ledger;
  const stored = new UnflushedStock(repository as unknown as StockRepository, unflushed);
  const { watched } = stockStream({
    groupId: 'inventory',
    store: new SimulatedDatabase<StockWrites>(() => {}).connect(),
    repository,
    stored,
    cache,
    reference: { current: () => catalogOf(SHOPS) } as unknown as ReferenceData,
    upkeep: new PartitionUpkeep(stored, availability, () => 0),
    safety: { storeUnits: 0, warehouseUnits: 0 },
    tickEveryMs: 0,
    maxBatchRecords: 100,
  });
  const { committed } = watched!.find(({ topic }) => topic === TOPICS.availability)!;
  const [again] = await committed([SHOWN], 0, START_MS + HALF_A_DAY_MS);
  const { version, available } = availability.get(SHOWN)!;
  expect(again).toMatchObject({ version, output: { value: { version, available } } });
});
