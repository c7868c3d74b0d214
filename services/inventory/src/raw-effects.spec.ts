import { describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { StockSums } from './stock-sums.js';

const { BSON } = mongo;
const sumsOf = (...movements: object[]) => {
  const sums = new StockSums();
  for (const movement of movements) sums.add(BSON.serialize(movement));
  return { movements: sums.movements, levels: [...sums.levels()] };
};
const none = { onHand: 0, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0 };

describe('movements read as bytes', () => {
  it('add up by SKU and location', () => {
    const sale = { sku: 'tea', effects: [{ location: 'dc', onHandAfter: 8, reservedAfter: 9, onHand: -2 }] };
    const out = {
      sku: 'tea',
      effects: [
        { location: 'dc', onHandAfter: 5, reservedAfter: 0, onHand: -3, damaged: 1, qualityControl: 2 },
        { location: 'shop', onHandAfter: 0, reservedAfter: 0, incoming: 3, reserved: 4 },
      ],
    };
    expect(sumsOf(sale, out, { sku: 'milk', effects: [{ location: 'dc', onHand: 1 }] })).toEqual({
      movements: 3,
      levels: [
        { sku: 'tea', location: 'dc', sums: { ...none, onHand: -5, damaged: 1, qualityControl: 2 } },
        { sku: 'tea', location: 'shop', sums: { ...none, incoming: 3, reserved: 4 } },
        { sku: 'milk', location: 'dc', sums: { ...none, onHand: 1 } },
      ],
    });
  });

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

  it('without effects are no movement of a level', () => {
    expect(sumsOf({ sku: 'tea', effects: [] }, { sku: '' }, {})).toEqual({ movements: 0, levels: [] });
  });
});
