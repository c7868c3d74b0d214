import { expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import { receipt } from './testing/deltas.js';
import { START_MS } from './testing/given-stock.js';
import { MemoryLedger } from './testing/memory-ledger.js';
import { newOwnerOf } from './testing/new-owner.js';

const HALF_A_DAY_MS = 13 * 3_600_000;
const SHOWN = 'SKU-1|web|all';

// A late record of a former owner, after midnight: what took its place had the version of the new day, and what was
// available the day before, the lot that had ended with it.
it('availability that supersedes a late record is that of the day', async () => {
  const ledger = new MemoryLedger();
  await ledger.process(receipt(5, 'shop-a', { lot: 'A', expiresOn: '2026-03-01' }), receipt(2), 'tick');
  ledger.wait(HALF_A_DAY_MS);
  await ledger.process('tick');
  const { watched } = newOwnerOf(ledger);
  const { committed } = watched!.find(({ topic }) => topic === TOPICS.availability)!;
  const [again] = await committed([SHOWN], 0, START_MS + HALF_A_DAY_MS);
  const { version, available } = ledger.availability.get(SHOWN)!;
  expect(again).toMatchObject({ version, output: { value: { version, available } } });
});
