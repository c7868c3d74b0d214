import { expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import { receipt } from './testing/deltas.js';
import { START_MS } from './testing/given-stock.js';
import { MemoryLedger } from './testing/memory-ledger.js';
import { newOwnerOf } from './testing/new-owner.js';

const A_DAY_AND_AN_HOUR_MS = 25 * 3_600_000;

// A factory's figure grew too old for a promise between two commits that a former owner left unpublished: a new owner
// told it as of the later one under the version of the former, which some had already heard with other units.
it('what a new owner tells again under a version is what was told under it', async () => {
  const ledger = new MemoryLedger();
  await ledger.process(receipt(5, 'factory'));
  const { version, available } = ledger.availability.get('SKU-1|web|all')!;
  expect(available).toBeGreaterThan(0);
  const missed = { sinceVersion: version, newestMs: START_MS + A_DAY_AND_AN_HOUR_MS };
  const again = await newOwnerOf(ledger).republish([...ledger.entries.values()], 0, missed);
  const shown = again.filter(({ topic, key }) => topic === TOPICS.availability && key === 'SKU-1|web|all');
  expect(shown.map(({ value }) => value)).toEqual([expect.objectContaining({ version, available })]);
});
