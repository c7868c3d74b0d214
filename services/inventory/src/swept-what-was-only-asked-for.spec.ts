import { expect, it } from '@jest/globals';
import { receipt, reserve } from './testing/deltas.js';
import { MemoryLedger } from './testing/memory-ledger.js';

it('a SKU that somebody asked for and nobody ever had was loaded in each round of the sweep, and remembered as one to sweep', async () => {
  const ledger = new MemoryLedger();
  await ledger.process(receipt(10));
  await ledger.process('tick', 'tick');
  await ledger.process({ ...reserve('asked', 1), sku: 'NOBODY-HAS-IT' }, { ...receipt(1), sku: 'NEW' });
  const loaded: string[] = [];
  const { repository } = ledger;
  const load = repository.loadMany.bind(repository);
  repository.loadMany = (skus) => {
    loaded.push(...skus);
    return load(skus);
  };
  for (let round = 0; round < 3; round++) {
    ledger.cache.drop(0);
    await ledger.process('tick');
  }
  expect(new Set(loaded)).toEqual(new Set(['SKU-1', 'NEW']));
});
