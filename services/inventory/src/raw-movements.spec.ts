import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mongo } from 'mongoose';
import { RawMovements } from './raw-movements.js';
import { type Buckets, emptyBuckets } from './stock-buckets.js';
import { StockSums } from './stock-sums.js';

const { BSON } = mongo;
type Effect = { location: string } & Partial<Buckets> & Record<string, unknown>;

const packOf = (...lines: string[]) => ({
  _id: 'p/1',
  partition: 3,
  ids: ['it/1', 'it/2'],
  skus: ['tea'],
  firstAt: new Date(0),
  lastAt: new Date(0),
  lines: lines.join('\n'),
});
const lineOf = (sku: string, effects: readonly Effect[], version = 2 ** 40 + 7): string =>
  JSON.stringify([sku, version, effects, { sku, effects: [{ location: 'no', onHand: 99 }] }, { outcome: 'x' }]);

function sumsOf(...lines: string[]) {
  const sums = new StockSums({ throughOf: () => Number.POSITIVE_INFINITY });
  const reader = new RawMovements(sums);
  const packs = lines.length > 2 ? [packOf(...lines.slice(0, 2)), packOf(...lines.slice(2))] : [packOf(...lines)];
  const list = BSON.serialize({ list: packs });
  const told = { read: 0, used: 0 };
  reader.readAll(list.subarray(4 + 1 + 'list'.length + 1), told);
  expect(told.read).toBe(lines.length);
  return { movements: told.used, levels: [...sums.levels()] };
}
const none = emptyBuckets();

describe('movements read as bytes', () => {
  it('add up by SKU and location', () => {
    const sale = lineOf('tea', [{ location: 'dc', onHandAfter: 8, reservedAfter: 9, onHand: -2 }]);
    const out = lineOf('tea', [
      { location: 'dc', onHandAfter: 5, reservedAfter: 0, onHand: -3, damaged: 1, qualityControl: 2 },
      { location: 'shop', onHandAfter: 0, reservedAfter: 0, incoming: 3, reserved: 4 },
    ]);
    expect(sumsOf(sale, out, lineOf('milk', [{ location: 'dc', onHand: 1 }]))).toEqual({
      movements: 3,
      levels: [
        { sku: 'tea', location: 'dc', sums: { ...none, onHand: -5, damaged: 1, qualityControl: 2 } },
        { sku: 'tea', location: 'shop', sums: { ...none, incoming: 3, reserved: 4 } },
        { sku: 'milk', location: 'dc', sums: { ...none, onHand: 1 } },
      ],
    });
  });

  it('are no movement of a level without effects, and neither is a forward or a repeat', () => {
    const forward = JSON.stringify({ _id: 'f', outcome: 'forwarded', effects: [{ location: 'dc', onHand: 1 }] });
    expect(sumsOf(lineOf('tea', []), forward)).toEqual({ movements: 0, levels: [] });
  });

  it('are read past what later versions add to an effect, and past escapes in a name', () => {
    const lots = [{ lot: 'a"b', quantity: 2 }];
    const effects = [
      { location: 'dc', onHand: 2, lot: 'A\\1', note: null, onHandAfter: 2 },
      { lots, location: 'dc', onHand: 3, share: 0.5 },
      { location: 'dc', onHand: 4, big: 2 ** 60 },
    ];
    for (const sku of ['tea', '茶叶 "1"'])
      expect(sumsOf(lineOf(sku, effects)).levels).toEqual([{ sku, location: 'dc', sums: { ...none, onHand: 9 } }]);
  });

  it('add up as plain objects do', () => {
    const units = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    const name = fc.oneof(fc.constantFrom('dc', 'dc-1', '上海·店', 'a"b\\', '@', ' '), fc.string({ minLength: 1 }));
    const bucket = fc.record(
      { onHand: units, reserved: units, damaged: units, qualityControl: units, incoming: units },
      { requiredKeys: [] },
    );
    const effect = fc
      .tuple(name, bucket, units, fc.boolean())
      .map(([location, changes, after, isLast]) =>
        isLast ? { ...changes, onHandAfter: after, location } : { location, onHandAfter: after, ...changes },
      );
    const movements = fc.array(fc.tuple(name, fc.array(effect, { maxLength: 4 })), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(movements, (list) => {
        const expected = new Map<string, Buckets>();
        for (const [sku, effects] of list)
          for (const { location, ...changes } of effects) {
            const key = JSON.stringify([sku, location]);
            const sums = expected.get(key) ?? emptyBuckets();
            for (const of of Object.keys(sums) as (keyof Buckets)[]) sums[of] += (changes as Buckets)[of] ?? 0;
            expected.set(key, sums);
          }
        const { movements: used, levels } = sumsOf(...list.map(([sku, effects]) => lineOf(sku, effects)));
        expect(new Map(levels.map(({ sku, location, sums }) => [JSON.stringify([sku, location]), sums]))).toEqual(
          expected,
        );
        expect(used).toBe(list.filter(([, effects]) => effects.length > 0).length);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('are found whatever the order of a pack’s fields', () => {
    const sums = new StockSums({ throughOf: () => Number.POSITIVE_INFINITY });
    const told = { read: 0, used: 0 };
    const pack = {
      at: new Date(0),
      note: null,
      bytes: new BSON.Binary(Buffer.from([0, 1, 0])),
      nested: { lines: lineOf('no', [{ location: 'no', onHand: 99 }]), list: [1, 'x', true] },
      decimal: BSON.Decimal128.fromString('1.5'),
      id: new BSON.ObjectId(),
      ...packOf(lineOf('tea', [{ location: 'dc', onHand: 5 }])),
    };
    new RawMovements(sums).read(BSON.serialize(pack), 0, told);
    expect([...sums.levels()]).toEqual([{ sku: 'tea', location: 'dc', sums: { ...none, onHand: 5 } }]);
  });

  it.each(['2464799098561094760843107', '1.5', '-2e3', '1e3'])('take %s for the number that it is', (number) => {
    const { levels } = sumsOf(`["tea",7,[{"location":"dc","onHand":${number},"reserved":1}],{}]`);
    expect(levels[0]!.sums).toEqual({ ...none, onHand: Number(number), reserved: 1 });
  });

  it('say what they hold when a line is no JSON', () => {
    const broken = '["tea",7,[{"location":"dc","onHand":1},{"loc';
    expect(() => sumsOf(broken)).toThrow('a line that is not JSON: ["tea",7,[{"location":"dc","onHand":1},{"loc');
  });

  it('count up to the version that counts', () => {
    const sums = new StockSums({ throughOf: (sku) => (sku === 'rice' ? undefined : 7) });
    const reader = new RawMovements(sums);
    const of = (sku: string, version: number, onHand: number) => {
      const told = { read: 0, used: 0 };
      reader.read(BSON.serialize(packOf(lineOf(sku, [{ location: 'dc', onHand }], version))), 0, told);
      return told.used;
    };
    sums.begin('milk', 'dc', { ...none, onHand: -5 }, 2 ** 41);
    const used = [of('tea', 7, 1), of('tea', 8, 10), of('milk', 2 ** 41, 5), of('milk', 2 ** 41 + 1, 50)];
    expect([...used, of('rice', 1, 500), of('coffee', 8, 1), of('tea', 2 ** 53 - 1, 1)]).toEqual([1, 0, 1, 0, 0, 0, 0]);
    expect([...sums.levels()]).toEqual([
      { sku: 'milk', location: 'dc', sums: none },
      { sku: 'tea', location: 'dc', sums: { ...none, onHand: 1 } },
    ]);
    expect([...sums.levelsLeft()].map(({ sku }) => sku)).toEqual(['tea']);
  });
});
