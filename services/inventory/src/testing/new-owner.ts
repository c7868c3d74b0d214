import { SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import { PartitionUpkeep } from '../partition-upkeep.js';
import type { ReferenceData } from '../reference-data.js';
import type { StockRepository, StockWrites } from '../stock.repository.js';
import { stockStream } from '../stock.stream.js';
import { UnflushedStock } from '../unflushed-stock.js';
import { catalogOf, SHOPS } from './catalog.js';
import type { MemoryLedger } from './memory-ledger.js';

/** The stream of a new owner, over what this ledger has committed. */
export function newOwnerOf({ repository, unflushed, availability, cache }: MemoryLedger) {
  const stored = new UnflushedStock(repository as unknown as StockRepository, unflushed);
  return stockStream({
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
}
