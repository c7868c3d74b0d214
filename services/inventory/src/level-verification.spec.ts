import { describe, expect, it } from '@jest/globals';
import type { ComparedAtOnce } from './level-comparison.repository.js';
import { LevelVerification } from './level-verification.js';
import { emptyBuckets } from './stock-buckets.js';

const NO_LOTS = { suspects: async () => new Set<string>(), ofSkus: async () => [] };

/** `wrongLooks`: at how many looks a SKU's level differs. */
function verificationOf(wrongLooks: ReadonlyMap<string, number>) {
  const looks: string[][] = [];
  const left = new Map(wrongLooks);
  const isWrong = (sku: string) => {
    const more = left.get(sku) ?? 0;
    left.set(sku, more - 1);
    return more > 0;
  };
  const ofSkus = async (skus: readonly string[]): Promise<ComparedAtOnce> => {
    looks.push([...skus]);
    const levels = skus.map((sku) => ({
      sku,
      location: 'dc',
      stored: emptyBuckets(),
      fromMovements: { ...emptyBuckets(), onHand: isWrong(sku) ? 3 : 0 },
    }));
    return { levels, movements: skus.length * 2, partitionOf: () => 0, throughOf: () => 0 };
  };
  const ofAll = async () => {
    const suspects = new Set([...left.keys()].filter(isWrong));
    return { levels: 500, movements: 900, suspects };
  };
  const sampleSkus = async () => ({ skus: [], ended: true });
  return { looks, verification: new LevelVerification({ sampleSkus }, { ofAll, ofSkus }, NO_LOTS) };
}
const always = Number.POSITIVE_INFINITY;

describe('a verification of levels', () => {
  it('never asks for more than 50 SKUs in one transaction', async () => {
    const skus = Array.from({ length: 1000 }, (_, i) => `sku-${i}`);
    const { looks, verification } = verificationOf(new Map(skus.map((sku) => [sku, always])));
    const report = await verification.verify({ skus });
    expect(report).toMatchObject({ levels: 1000, movements: 2000, driftUnits: 3000 });
    expect(Math.max(...looks.map(({ length }) => length))).toBe(50);
    expect(looks.slice(0, 20).flat()).toEqual(skus);
  });

  it.each([
    ['of all', undefined],
    ['of some', ['b', 'c', 'a']],
  ])('%s counts what a second look finds again, in the order of SKUs', async (_, skus) => {
    const { looks, verification } = verificationOf(
      new Map([
        ['c', always],
        ['a', always],
        ['b', 1],
      ]),
    );
    const told: string[] = [];
    const report = await verification.verify({
      ...(skus ? { skus } : {}),
      listed: 1,
      onDrift: (sku, units) => told.push(`${sku} ${units}`),
    });
    expect(report).toMatchObject({ driftUnits: 6, drifts: [{ sku: 'a', bucket: 'onHand', fromMovements: 3 }] });
    expect(told).toEqual(['a 3', 'c 3']);
    expect(looks.at(-1)).toEqual(['a', 'b', 'c']);
  });
});
