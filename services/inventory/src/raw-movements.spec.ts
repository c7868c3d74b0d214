import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mongo } from 'mongoose';
import { RawMovements } from './raw-movements.js';
import { type Buckets, emptyBuckets } from './stock-buckets.js';
import { StockSums } from './stock-sums.js';

const { BSON } = mongo;
type Movement = Record<string, unknown>;
type Effect = { location: string } & Partial<Buckets> & Record<string, unknown>;

function sumsOf(...movements: Movement[]) {
  const sums = new StockSums({ throughOf: () => Number.POSITIVE_INFINITY });
  const reader = new RawMovements(sums);
  const list = BSON.serialize({ list: movements });
  const [told, nameBytes] = [{ read: 0 }, 'list'.length + 1];
  const used = reader.readAll(list.subarray(4 + 1 + nameBytes), told);
  expect(told.read).toBe(movements.length);
  return { movements: used, levels: [...sums.levels()] };
}
const former = (sku: string, effects: readonly Effect[]): Movement => ({ sku, effects });
const written = (sku: string, effects: readonly Effect[]): Movement => ({
  _id: `it/${sku}`,
  sku,
  at: new Date(0),
  version: 2 ** 40 + 7,
  partition: 3,
  content: JSON.stringify({ sku, effects: [{ location: 'no', onHand: 99 }] }),
  effects: JSON.stringify(effects),
});
const none = emptyBuckets();

describe.each([
  ['effects as an array', former],
  ['effects as JSON text', written],
])('movements read as bytes, %s', (_layout, movement) => {
  it('add up by SKU and location', () => {
    const sale = movement('tea', [{ location: 'dc', onHandAfter: 8, reservedAfter: 9, onHand: -2 }]);
    const out = movement('tea', [
      { location: 'dc', onHandAfter: 5, reservedAfter: 0, onHand: -3, damaged: 1, qualityControl: 2 },
      { location: 'shop', onHandAfter: 0, reservedAfter: 0, incoming: 3, reserved: 4 },
    ]);
    expect(sumsOf(sale, out, movement('milk', [{ location: 'dc', onHand: 1 }]))).toEqual({
      movements: 3,
      levels: [
        { sku: 'tea', location: 'dc', sums: { ...none, onHand: -5, damaged: 1, qualityControl: 2 } },
        { sku: 'tea', location: 'shop', sums: { ...none, incoming: 3, reserved: 4 } },
        { sku: 'milk', location: 'dc', sums: { ...none, onHand: 1 } },
      ],
    });
  });

  it('are no movement of a level without effects', () => {
    expect(sumsOf(movement('tea', []), { sku: '' }, {})).toEqual({ movements: 0, levels: [] });
  });

  it('are read past what later versions add to an effect', () => {
    const lots = [{ lot: 'a"b', quantity: 2 }];
    const effects = [
      { location: 'dc', onHand: 2, lot: 'A\\1', note: null, onHandAfter: 2 },
      { lots, location: 'dc', onHand: 3, share: 0.5 },
      { location: 'dc', onHand: 4, big: 2 ** 60 },
    ];
    expect(sumsOf(movement('tea', effects)).levels).toEqual([
      { sku: 'tea', location: 'dc', sums: { ...none, onHand: 9 } },
    ]);
  });

  it('add up as plain objects do', () => {
    const units = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    const name = fc.oneof(fc.constantFrom('dc', 'dc-1', '上海·店', 'a"b\\', '@', ' '), fc.string({ minLength: 1 }));
    const bucket = fc.record(
      { onHand: units, reserved: units, damaged: units, qualityControl: units, incoming: units },
      {
        requiredKeys: [],
      },
    );
    const effect = fc
      .tuple(name, bucket, units, fc.boolean())
      .map(([location, changes, after, isLast]) =>
        isLast ? { ...changes, onHandAfter: after, location } : { location, onHandAfter: after, ...changes },
      );
    const movements = fc.array(fc.tuple(name, fc.array(effect, { maxLength: 4 })), { maxLength: 20 });
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
        const { movements: used, levels } = sumsOf(...list.map(([sku, effects]) => movement(sku, effects)));
        expect(new Map(levels.map(({ sku, location, sums }) => [JSON.stringify([sku, location]), sums]))).toEqual(
          expected,
        );
        expect(used).toBe(list.filter(([, effects]) => effects.length > 0).length);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});

describe('movements read as bytes', () => {
  it('are read whatever the order of fields, the kind of number and the script of names', () => {
    const movement = {
      at: new Date(0),
      note: null,
      bytes: new BSON.Binary(Buffer.from([0, 1, 0])),
      nested: { effects: [{ location: 'no', onHand: 99 }], list: [1, 'x', true] },
      effects: [{ onHand: new BSON.Long(5), location: '上海·店', reserved: 3e9, incoming: new BSON.Double(2) }],
      sku: '茶叶-1',
      decimal: BSON.Decimal128.fromString('1.5'),
      id: new BSON.ObjectId(),
    };
    expect(sumsOf(movement).levels).toEqual([
      { sku: '茶叶-1', location: '上海·店', sums: { ...none, onHand: 5, reserved: 3e9, incoming: 2 } },
    ]);
  });

  it.each(['2464799098561094760843107', '1.5', '-2e3', '1e3'])('take %s for the number that it is', (number) => {
    const { levels } = sumsOf({ sku: 'tea', effects: `[{"location":"dc","onHand":${number},"reserved":1}]` });
    expect(levels[0]!.sums).toEqual({ ...none, onHand: Number(number), reserved: 1 });
  });

  it('say what they hold when their effects are no JSON', () => {
    const broken = { sku: 'tea', effects: '[{"location":"dc","onHand":1},{"loc' };
    expect(() => sumsOf(broken)).toThrow('effects that are not JSON: [{"location":"dc","onHand":1},{"loc');
  });

  it('count up to the version that counts, a version being any kind of number', () => {
    const sums = new StockSums({ throughOf: (sku) => (sku === 'rice' ? undefined : 7) });
    const reader = new RawMovements(sums);
    const of = (sku: string, version: unknown, onHand: number) =>
      reader.read(BSON.serialize({ version, ...former(sku, [{ location: 'dc', onHand }]) }), 0);
    sums.begin('milk', 'dc', { ...none, onHand: -5 }, 2 ** 41);
    const used = [
      of('tea', 7, 1),
      of('tea', 8, 10),
      of('milk', new BSON.Long(2n ** 41n), 5),
      of('milk', 2 ** 41 + 1, 50),
      of('rice', 1, 500),
      of('coffee', 8, 1),
      reader.read(BSON.serialize(former('tea', [{ location: 'dc', onHand: 1 }])), 0),
    ];
    expect(used).toEqual([1, 0, 1, 0, 0, 0, 1]);
    expect([...sums.levels()]).toEqual([
      { sku: 'milk', location: 'dc', sums: none },
      { sku: 'tea', location: 'dc', sums: { ...none, onHand: 2 } },
    ]);
    expect([...sums.levelsLeft()].map(({ sku }) => sku)).toEqual(['tea']);
  });
});
