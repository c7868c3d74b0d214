import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import { receipt } from './testing/deltas.js';
import { START_MS } from './testing/given-stock.js';
import { MemoryLedger } from './testing/memory-ledger.js';
import { newOwnerOf } from './testing/new-owner.js';

const HALF_A_DAY_MS = 13 * 3_600_000;
const UNKNOWN = 'SKU-9';
const ENDING = { lot: 'A', expiresOn: '2026-03-01' };

/** What a new owner tells of what this ledger has committed from a version on. */
const toldAnew = (ledger: MemoryLedger, sinceVersion: number) =>
  newOwnerOf(ledger).republish([], 0, { sinceVersion, toldAtMs: () => START_MS + HALF_A_DAY_MS });

async function afterMidnight(sku: string) {
  const ledger = new MemoryLedger();
  await ledger.process({ ...receipt(5, 'shop-a', ENDING), sku }, { ...receipt(2), sku }, 'tick');
  ledger.wait(HALF_A_DAY_MS);
  const { entries } = await ledger.process('tick');
  expect(entries).toEqual([]);
  return { ledger, version: ledger.levels.get(`${sku}@shop-a`)!.version };
}

// Seed 5 of the simulator, when it brought a takeover near midnight: the tick after which a lot had ended changed a level
// and left no entry. Its owner died before Kafka had it, and no later one told it.
describe('a level that the end of a day changed', () => {
  it('is told by a new owner, though no entry is of it', async () => {
    const { ledger, version } = await afterMidnight(UNKNOWN);
    expect(await toldAnew(ledger, version)).toEqual([
      expect.objectContaining({
        topic: TOPICS.levels,
        key: `${UNKNOWN}@shop-a`,
        value: expect.objectContaining({ version, onHand: 7, expired: 5, available: 2 }),
      }),
    ]);
  });

  it('is not told again where it was published', async () => {
    const { ledger, version } = await afterMidnight(UNKNOWN);
    expect(await toldAnew(ledger, version + 1)).toEqual([]);
  });

  it('is told with the availability of the new day', async () => {
    const { ledger, version } = await afterMidnight('SKU-1');
    const told = await toldAnew(ledger, version);
    const { available } = ledger.availability.get('SKU-1|web|all')!;
    expect(available).toBeLessThan(3);
    expect(told.filter(({ topic }) => topic === TOPICS.availability).map(({ value }) => value)).toEqual([
      expect.objectContaining({ version, available }),
    ]);
  });
});
