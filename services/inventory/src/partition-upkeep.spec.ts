import { describe, expect, it } from '@jest/globals';
import { PartitionUpkeep } from './partition-upkeep.js';
import { STANDARD } from './testing/given.js';

const SKUS = Array.from({ length: 4500 }, (_, i) => `sku-${String(i).padStart(4, '0')}`);

/** A partition with 4,500 SKUs, and ticks that come through or are lost. */
function given() {
  let lists = 0;
  let copied = 0;
  /** Counts what is copied out of it, and out of its copies. */
  const watched = (skus: readonly string[]): readonly string[] =>
    Object.assign([...skus], {
      slice: (...range: [number?, number?]) => {
        const part = skus.slice(...range);
        copied += part.length;
        return watched(part);
      },
    });
  const repository = {
    findExpired: () => Promise.resolve([]),
    nextSkus: (_: number, after: string, limit: number) => {
      lists++;
      const rest = SKUS.filter((sku) => sku > after);
      return Promise.resolve({ skus: watched(rest.slice(0, limit)), ended: rest.length <= limit });
    },
  };
  const upkeep = new PartitionUpkeep(repository as never, undefined as never, () => 0);
  const tick = async (outcome: 'committed' | 'lost' = 'committed'): Promise<readonly string[]> => {
    const batch = { partition: 0, items: [{ kind: 'tick', record: { timestampMs: 0, offset: 1 } }] };
    const { sweep, done } = await upkeep.findDue(batch as never, STANDARD);
    if (outcome === 'committed') done();
    return sweep;
  };
  return { tick, lists: () => lists, copied: () => copied, upkeep };
}

describe('a sweep', () => {
  it('looks at every SKU once a round and lists them in few questions, which once were one per tick', async () => {
    const { tick, lists } = given();
    const seen: string[] = [];
    while (seen.length < SKUS.length) seen.push(...(await tick()));
    expect(seen).toEqual(SKUS);
    expect(lists()).toBe(3);
    expect((await tick())[0]).toBe(SKUS[0]);
  });

  it('lists them once for an owner, who sees whatever comes: each list held every commit up for half a second', async () => {
    const { tick, lists, upkeep } = given();
    const round = async (size: number) => {
      const seen: string[] = [];
      while (seen.length < size) seen.push(...(await tick()));
      return seen;
    };
    await round(SKUS.length);
    upkeep.levelsOf(0, ['sku-0001', 'sku-new']);
    expect(await round(SKUS.length + 1)).toEqual([...SKUS, 'sku-new']);
    expect(lists()).toBe(3);
    upkeep.released(0);
    await tick();
    expect(lists()).toBe(4);
  });

  it('copies each SKU once a round: with each tick the rest of the list was copied, two milliseconds of the most', async () => {
    const { tick, copied } = given();
    for (let seen = 0; seen < SKUS.length; ) seen += (await tick()).length;
    expect(copied()).toBe(SKUS.length);
  });

  it('looks again at what a lost batch had begun', async () => {
    const { tick } = given();
    const lost = await tick('lost');
    expect(await tick()).toEqual(lost);
    expect(await tick()).not.toEqual(lost);
  });
});
