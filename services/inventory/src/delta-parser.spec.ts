import { describe, expect, it } from '@jest/globals';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { parseDelta } from './delta-parser.js';

const ARRIVED_MS = Date.parse('2026-03-01T12:00:00.000Z');
const sale = {
  id: 'e1',
  source: 'pos-330',
  type: 'sale',
  sku: 'S-1',
  location: 'shop-a',
  quantity: 2,
  occurredAt: '2026-03-01T11:59:00.000Z',
};
const recordOf = (value: Buffer | null, change: Partial<ReceivedRecord> = {}): ReceivedRecord => ({
  topic: 'inventory.deltas',
  partition: 3,
  offset: 7,
  timestampMs: ARRIVED_MS,
  key: 'S-1',
  value,
  headers: {},
  ...change,
});
const read = (message: unknown, change: Partial<ReceivedRecord> = {}) =>
  parseDelta(recordOf(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), change));
const reasonOf = (message: unknown, change: Partial<ReceivedRecord> = {}) => {
  const parsed = read(message, change);
  return parsed.kind === 'invalid' ? parsed.reason : parsed.kind;
};
const hashOf = (message: object) => {
  const parsed = read(message);
  return parsed.kind === 'message' ? parsed.contentHash : parsed;
};

describe('a record of inventory.deltas', () => {
  it('is read with its unknown fields', () => {
    const parsed = read({ ...sale, basket: { lines: [1, 2] } });
    expect(parsed).toMatchObject({
      kind: 'message',
      id: 'pos-330/e1',
      message: { ...sale, basket: { lines: [1, 2] } },
    });
  });

  it('has one hash for one content, whatever its spacing, order of fields and running number', () => {
    const { id, ...rest } = sale;
    expect(hashOf({ ...rest, id, sequence: 5 })).toBe(hashOf({ ...sale, sequence: 6 }));
    expect(hashOf({ ...sale, quantity: 3 })).not.toBe(hashOf(sale));
    expect(hashOf({ ...sale, x: { a: 1, b: [] } })).toBe(hashOf({ ...sale, x: { b: [], a: 1 } }));
    expect(hashOf({ ...sale, x: [1, 2] })).not.toBe(hashOf({ ...sale, x: [2, 1] }));
  });

  const refused: readonly { what: string; reason: string; message: unknown; key?: string | null }[] = [
    { what: 'broken JSON', reason: 'not_json', message: '{"id":' },
    { what: 'a list', reason: 'not_an_object', message: '[]' },
    { what: 'null', reason: 'not_an_object', message: 'null' },
    { what: 'an unknown type', reason: 'unknown_type', message: { ...sale, type: 'teleport' } },
    {
      what: 'a type named like a property of objects',
      reason: 'unknown_type',
      message: { ...sale, type: 'constructor' },
    },
    { what: 'no type', reason: 'unknown_type', message: {} },
    { what: 'a negative quantity', reason: 'invalid', message: { ...sale, quantity: -1 } },
    { what: 'a fractional quantity', reason: 'invalid', message: { ...sale, quantity: 1.5 } },
    { what: 'a quantity as text', reason: 'invalid', message: { ...sale, quantity: '2' } },
    { what: 'a huge quantity', reason: 'invalid', message: { ...sale, quantity: 1e15 } },
    { what: 'a day instead of an instant', reason: 'invalid', message: { ...sale, occurredAt: '2026-03-01' } },
    { what: 'a day that does not exist', reason: 'invalid', message: { ...sale, occurredAt: '2026-02-30T10:00:00Z' } },
    { what: 'a place with @', reason: 'invalid', message: { ...sale, location: 'shop@a' } },
    { what: 'a SKU with |', reason: 'invalid', message: { ...sale, sku: 'a|b' }, key: 'a|b' },
    { what: 'a serial number twice', reason: 'invalid', message: { ...sale, serials: ['s1', 's1'] } },
    { what: 'more serial numbers than units', reason: 'invalid', message: { ...sale, serials: ['s1', 's2', 's3'] } },
    {
      what: 'a correction of fewer units than serial numbers',
      reason: 'invalid',
      message: { ...sale, type: 'adjustment', quantity: -1, serials: ['s1', 's2'] },
    },
    { what: 'a lot with a line break', reason: 'invalid', message: { ...sale, lot: 'L\n1' } },
    { what: 'a lot of blanks', reason: 'invalid', message: { ...sale, lot: '  ' } },
    { what: 'a last day in the year 1', reason: 'invalid', message: { ...sale, lot: 'L', expiresOn: '0001-01-01' } },
    {
      what: 'a transfer to where it is',
      reason: 'invalid',
      message: { ...sale, type: 'transfer_out', toLocation: sale.location },
    },
    { what: 'no SKU', reason: 'invalid', message: { ...sale, sku: undefined } },
    {
      what: 'more than a day ahead',
      reason: 'future_date',
      message: { ...sale, occurredAt: '2026-03-02T12:00:01.000Z' },
    },
    { what: 'before 1990', reason: 'past_date', message: { ...sale, occurredAt: '1989-12-31T23:59:59.000Z' } },
    { what: 'another SKU as key', reason: 'wrong_key', message: sale, key: 'S-2' },
    { what: 'no key', reason: 'wrong_key', message: sale, key: null },
    { what: 'a NUL in a name', reason: 'not_storable', message: { ...sale, 'a\u0000b': 1 } },
    {
      what: 'numbers that are long when written out',
      reason: 'not_storable',
      message: `{"x":[${Array.from({ length: 60_000 }, () => '1e20').join()}],"type":"sale"}`,
    },
    { what: 'a class of the driver', reason: 'not_storable', message: { ...sale, x: { _bsontype: 'ObjectId' } } },
    { what: 'an operator', reason: 'not_storable', message: { ...sale, x: [{ $where: '1' }] } },
    {
      what: 'a prototype',
      reason: 'not_storable',
      message: `${JSON.stringify(sale).slice(0, -1)},"__proto__":{"sku":"other"}}`,
    },
    {
      what: 'endless nesting',
      reason: 'not_storable',
      message: `${JSON.stringify(sale).slice(0, -1)},"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    },
    { what: '600 kB', reason: 'too_large', message: { ...sale, x: 'x'.repeat(600_000) } },
  ];
  it.each(refused)('is set aside as $reason: $what', ({ reason, message, key }) => {
    expect(reasonOf(message, key === undefined ? {} : { key })).toBe(reason);
  });

  it('is set aside when it is no UTF-8 or has no value', () => {
    const bytes = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expect(parseDelta(recordOf(bytes))).toMatchObject({ kind: 'invalid', reason: 'not_utf8' });
    expect(parseDelta(recordOf(null))).toMatchObject({ kind: 'invalid', reason: 'no_value' });
  });

  it('says what is wrong with which field', () => {
    expect(read({ ...sale, quantity: -1, sku: '' })).toMatchObject({
      detail: expect.stringMatching(/sku.*quantity|quantity.*sku/),
    });
  });

  it('may run a day ahead of the broker’s clock, and adjustments may be negative', () => {
    expect(reasonOf({ ...sale, occurredAt: '2026-03-02T12:00:00.000Z' })).toBe('message');
    expect(reasonOf({ ...sale, type: 'adjustment', quantity: -3 })).toBe('message');
    expect(reasonOf({ ...sale, type: 'adjustment', quantity: -2, serials: ['s1', 's2'] })).toBe('message');
  });

  it('keeps text in other writings, names of fields included', () => {
    expect(read({ ...sale, 店铺: '上海', 'a.b': 1 })).toMatchObject({
      kind: 'message',
      message: { 店铺: '上海', 'a.b': 1 },
    });
  });

  it('that is a heartbeat belongs to whichever partition it stands in', () => {
    const heartbeat = { id: 'h1', source: 'wms', type: 'heartbeat', occurredAt: sale.occurredAt };
    expect(read(heartbeat, { key: 'wms' })).toMatchObject({ kind: 'message', id: 'wms/h1@3', anyPartition: true });
  });
});
