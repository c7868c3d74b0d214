import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import { receipt } from './testing/deltas.js';
import { START_MS } from './testing/given-stock.js';
import { MemoryLedger } from './testing/memory-ledger.js';
import { newOwnerOf } from './testing/new-owner.js';

const HALF_A_DAY_MS = 13 * 3_600_000;
const SHOWN = 'SKU-1|web|all';

async function toldAgain(ledger: MemoryLedger, atMs: number): Promise<(object | null)[]> {
  const { version } = ledger.availability.get(SHOWN)!;
  const missed = { sinceVersion: version, toldAtMs: () => atMs };
  const again = await newOwnerOf(ledger).republish([...ledger.entries.values()], 0, missed);
  return again.filter(({ topic, key }) => topic === TOPICS.availability && key === SHOWN).map(({ value }) => value);
}

describe('what a new owner tells again under a version is what was told under it', () => {
  // A factory's figure grew too old for a promise between two commits that a former owner left unpublished: a new owner
  // told it as of the later one under the version of the former, which some had already heard with other units.
  it('where a later commit is of a time when it is too old', async () => {
    const ledger = new MemoryLedger();
    await ledger.process(receipt(5, 'factory'));
    const { version, available } = ledger.availability.get(SHOWN)!;
    expect(available).toBeGreaterThan(0);
    expect(await toldAgain(ledger, START_MS)).toEqual([expect.objectContaining({ version, available })]);
  });

  // A receipt and a tick after midnight in one commit: told with the new day, and told again as of the receipt's own time,
  // with the units of a lot that had ended.
  it('where the commit ended on another day than the record that gave the version', async () => {
    const ledger = new MemoryLedger();
    const ofTheDay = ledger.batchOf([receipt(5, 'shop-a', { lot: 'A', expiresOn: '2026-03-01' }), receipt(2)]);
    ledger.wait(HALF_A_DAY_MS);
    const tick = ledger.batchOf(['tick']);
    ledger.commit(await ledger.decide({ ...ofTheDay, items: [...ofTheDay.items, ...tick.items] }));
    const { version, available } = ledger.availability.get(SHOWN)!;
    expect(available).toBeLessThan(3);
    const told = await toldAgain(ledger, tick.items[0]!.record.timestampMs);
    expect(told).toEqual([expect.objectContaining({ version, available })]);
  });
});
