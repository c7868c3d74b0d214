import { describe, expect, it } from '@jest/globals';
import { acceptDelta, acceptDeltas } from './accept-deltas.js';

const NOW_MS = Date.parse('2026-06-01T12:00:00Z');
const sale = (change: object = {}) => ({
  id: 'b1-1-1',
  source: 'pos-330',
  type: 'sale',
  sku: '1095275',
  location: 'store-330',
  quantity: 2,
  occurredAt: '2026-06-01T11:59:00+08:00',
  ...change,
});
const reasonOf = (item: unknown) => {
  const acceptance = acceptDelta(item, NOW_MS);
  return acceptance.ok ? 'accepted' : `${acceptance.reason.type}: ${acceptance.reason.detail}`;
};
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('acceptDelta', () => {
  it('takes facts and heartbeats, and keeps fields that it does not know', () => {
    expect(acceptDelta(sale({ till: { number: 4 } }), NOW_MS)).toEqual({
      ok: true,
      delta: sale({ till: { number: 4 } }),
    });
    expect(reasonOf({ id: 'h1', source: 'pos-330', type: 'heartbeat', occurredAt: '2026-06-01T11:59:00Z' })).toBe(
      'accepted',
    );
    expect(reasonOf(sale({ type: 'adjustment', quantity: -3 }))).toBe('accepted');
    expect(reasonOf(sale({ quantity: 0 }))).toBe('accepted');
  });

  it.each([
    [null, 'invalid: the item must be an object'],
    ['sale', 'invalid: the item must be an object'],
    [[], 'invalid: the item must be an object'],
    [sale({ quantity: -1 }), 'invalid: quantity must be 0 or more, not -1'],
    [sale({ quantity: 1.5 }), 'invalid: quantity must be a whole number, not 1.5'],
    [sale({ quantity: 2e9 }), 'invalid: quantity must be at most 1000000000, not 2000000000'],
    [sale({ quantity: 1e300 }), 'invalid: quantity must be at most 1000000000, not 1e+300'],
    [sale({ quantity: Number.POSITIVE_INFINITY }), 'invalid: quantity is too large a number'],
    [sale({ quantity: '2' }), 'invalid: quantity must be a number, not a text'],
    [sale({ quantity: undefined }), 'invalid: quantity is missing'],
    [sale({ quantity: null, sku: 5 }), /sku must be a text, not a number; .*quantity must not be null/],
    [sale({ sku: '' }), /^invalid: sku must not be empty/],
    [sale({ sku: 'x'.repeat(65) }), 'invalid: sku must have at most 64 characters'],
    [sale({ sku: 'a|b' }), /^invalid: sku must not start with a space/],
    [sale({ location: 'store 330' }), /^invalid: location may hold letters, digits/],
    [sale({ id: 'a\u0000b' }), /^invalid: id must not start/],
    [sale({ sku: 'a\ud800' }), 'invalid: sku holds half a character (a lone surrogate)'],
    [sale({ occurredAt: '2026-06-01T11:59:00' }), /^invalid: occurredAt must be a date and time with its offset/],
    [sale({ occurredAt: '2026-02-30T11:59:00Z' }), /^invalid: occurredAt must be a date and time/],
    [sale({ occurredAt: 1780000000 }), 'invalid: occurredAt must be a text, not a number'],
    [sale({ occurredAt: '2026-06-02T12:00:00.001Z' }), /^future_date: .*more than 24 hours ahead/],
    [sale({ occurredAt: '1989-12-31T23:59:59Z' }), /^too_old: /],
    [sale({ type: 'reserve' }), /^command_refused: reserve changes promises.*POST \/api\/inventory\/reservations/],
    [sale({ type: 'return', heldFor: {} }), /^command_refused: heldFor promises stock/],
    [sale({ type: 'steal' }), /^unknown_type: "steal" is not known; known types: expect, receipt/],
    [sale({ type: undefined }), /^invalid: type is missing/],
    [sale({ type: 7 }), /^invalid: type must be a text/],
    [sale({ serials: 'A1' }), 'invalid: serials must be a list, not a text'],
    [sale({ serials: ['A1', 'A1'] }), 'invalid: serials must name each serial number once'],
    [sale({ serials: ['A1', 'A2', 'A3'] }), 'invalid: serials must not be more than the units of quantity'],
    [sale({ serials: ['A1 '] }), 'invalid: serials[0] must not begin or end with a blank'],
    [sale({ lot: ' L-1' }), 'invalid: lot must not begin or end with a blank'],
    [sale({ lot: 'L\n1' }), /^invalid: lot must not contain control characters/],
    [sale({ lot: 'L', expiresOn: '0001-01-01' }), /^invalid: expiresOn must not be before 1990-01-01; leave it out/],
    [
      sale({ type: 'transfer_out', toLocation: 'store-330' }),
      'invalid: toLocation must be another place than location',
    ],
    [sale({ note: 'x'.repeat(70_000) }), /^too_large: /],
    [sale({ note: nested(25) }), 'invalid: fields are nested more than 20 deep'],
    [sale({ note: { $set: 1 } }), /^invalid: field "\$set" has no usable name/],
    [sale({ note: { _bsontype: 'ObjectId' } }), /^invalid: field "_bsontype" has no usable name/],
    [JSON.parse('{"type":"sale","__proto__":{"x":1}}'), /^invalid: field "__proto__" has no usable name/],
  ])('%j → %s', (item, reason) => {
    expect(reasonOf(item)).toMatch(reason);
  });

  it('does not fall over endless nesting', () => {
    const text = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(reasonOf(sale({ note: JSON.parse(text) as unknown }))).toBe('invalid: fields are nested more than 20 deep');
  });

  it('takes what is dated just within the allowed time ahead', () => {
    expect(reasonOf(sale({ occurredAt: '2026-06-02T12:00:00Z' }))).toBe('accepted');
  });
});

describe('acceptDeltas', () => {
  it('answers each item on its own, with its place and id', () => {
    const items = [sale(), sale({ id: 'b2', quantity: -1 }), 7, sale({ id: 'b3' }), sale(), sale({ quantity: 9 })];
    const { accepted, rejected } = acceptDeltas(items, NOW_MS);
    expect(accepted.map(({ index }) => index)).toEqual([0, 3]);
    expect(rejected).toEqual([
      { index: 1, id: 'b2', type: 'invalid', title: expect.any(String), detail: expect.any(String) },
      { index: 2, id: null, type: 'invalid', title: expect.any(String), detail: expect.any(String) },
      {
        index: 4,
        id: 'b1-1-1',
        type: 'duplicate_in_request',
        title: expect.any(String),
        detail: 'the same as item 0; it is counted once',
      },
      {
        index: 5,
        id: 'b1-1-1',
        type: 'duplicate_in_request',
        title: expect.any(String),
        detail: 'source and id are those of item 0, the content is not; give each event an id of its own',
      },
    ]);
  });

  it('takes an id whose first use was refused', () => {
    expect(acceptDeltas([sale({ quantity: -1 }), sale()], NOW_MS).accepted).toHaveLength(1);
  });

  it('names fields that nothing reads, and what was probably meant by them', () => {
    const items = [
      sale({ lotCode: 'L', lots: 'L', till: 4 }),
      sale({ id: 'b2', lots: 'L', toLocation: 'dc-1' }),
      sale({ id: 'b3', quantity: -1, colour: 'red' }),
      sale({ id: 'b4', type: 'transfer_out', toLocation: 'dc-1', expires_on: '2026-07-01' }),
    ];
    expect(acceptDeltas(items, NOW_MS).unreadFields).toEqual([
      { field: 'lotCode', items: 1 },
      { field: 'lots', items: 2, meant: 'lot' },
      { field: 'till', items: 1 },
      { field: 'toLocation', items: 1 },
      { field: 'expires_on', items: 1, meant: 'expiresOn' },
    ]);
    expect(acceptDeltas([sale({ sequence: 1, lot: 'L', serials: ['s'] })], NOW_MS).unreadFields).toEqual([]);
  });

  it('names twenty of them at the most', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}${'x'.repeat(80)}`, i]));
    const { unreadFields } = acceptDeltas([sale(many)], NOW_MS);
    expect(unreadFields).toHaveLength(20);
    expect(unreadFields[0]!.field).toHaveLength(60);
  });
});
