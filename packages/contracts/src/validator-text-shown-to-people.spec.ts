import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { CartLineChange } from './cart.js';
import { CATALOG_SCHEMAS } from './catalog.js';
import { faultsIn, sayIssues } from './issue-words.js';
import { PlaceOrder } from './order.js';
import { ChangeOrder } from './order-change.js';
import { StockCommand, StockDelta, StockFact } from './stock-delta.js';

const saidOf = (schema: z.ZodType, value: unknown): string => {
  const read = schema.safeParse(value);
  return read.success ? 'taken' : sayIssues(read.error.issues, value);
};
const field = (schema: z.ZodType, value: unknown): string => saidOf(z.object({ field: schema }), { field: value });
const query = z.coerce.number().int().min(1).max(1000);

describe('what a schema finds, in words', () => {
  it.each([
    [z.string(), undefined, 'field is missing'],
    [z.string(), null, 'field must not be null; leave it out when there is none'],
    [z.string(), 5, 'field must be a text, not a number'],
    [z.string().min(1), '', 'field must not be empty'],
    [z.string().min(3), 'a', 'field must have at least 3 characters'],
    [z.string().max(3), 'abcd', 'field must have at most 3 characters'],
    [z.array(z.int()).min(1), [], 'field must have at least 1 entry'],
    [z.array(z.int()).max(2), [1, 2, 3], 'field must have at most 2 entries'],
    [z.array(z.int()), 'a', 'field must be a list, not a text'],
    [z.int().min(1), 0, 'field must be 1 or more, not 0'],
    [z.int().max(10), 1e300, 'field must be at most 10, not 1e+300'],
    [z.int(), 1e300, 'field is too large a number'],
    [z.int(), 1.5, 'field must be a whole number, not 1.5'],
    [z.number().positive(), 0, 'field must be more than 0, not 0'],
    [query, '5000', 'field must be at most 1000, not 5000'],
    [query, '2.5', 'field must be a whole number, not 2.5'],
    [query, 'many', 'field must be a number, not a text'],
    [z.enum(['a', 'b']), 'c', 'field must be one of a, b'],
    [z.literal('a'), 'c', 'field must be a'],
    [z.stringbool(), 'perhaps', 'field must be true or false'],
    [z.iso.datetime({ offset: true }), 'today', /^field must be a date and time with its offset, as 2026/],
    [z.iso.date(), 'today', 'field must be a date, as 2026-01-31'],
    [z.url(), 'x', 'field must be an address, as https://example.org'],
    [z.string().regex(/^a/), 'b', 'field is not written as it must be'],
    [z.string().refine(() => false), 'b', 'field is not taken as it is'],
    [z.string().refine(() => false, { error: 'Name another' }), 'b', 'field: name another'],
    [z.union([z.string().min(2), z.null()]), 5, 'field must be a text, not a number'],
    [
      z.record(z.string().max(2), z.string()),
      { abc: '' },
      /^field.abc is a name that is not taken: it must have at most 2/,
    ],
    [z.strictObject({}), { colour: 1 }, 'field holds a field that is not known here: colour; leave it out'],
    [z.discriminatedUnion('type', [z.object({ type: z.literal('a') })]), { type: 'b' }, 'field.type must be one of a'],
    [z.discriminatedUnion('type', [z.object({ type: z.literal('a') })]), {}, 'field.type is missing'],
  ])('%#: %s', (schema, value, words) => {
    expect(field(schema as z.ZodType, value)).toMatch(words);
  });

  it('said that a field is missing where another would do as well', () => {
    expect(saidOf(CartLineChange, { sku: 'tea' })).toBe('quantity must be given, or add in its place, and not both');
    expect(saidOf(CartLineChange, { sku: 'tea', add: 1, quantity: 1 })).toBe(
      'quantity must be given, or add in its place, and not both',
    );
    const change = { type: 'change', id: '1', source: 's', orderId: 'o' };
    expect(saidOf(ChangeOrder, change)).toBe('lines must be given, or one of method, destination and store');
  });

  it('said that the method is amiss of an order that says not where it goes', () => {
    const order = {
      type: 'place',
      id: '1',
      source: 's',
      orderId: 'o',
      channel: 'web',
      currency: 'EUR',
      placedAt: '2026-01-03T10:00:00Z',
      lines: [{ lineId: '1', sku: 'tea', quantity: 1, unitPriceMinor: 1 }],
    };
    const said = (method: string) => saidOf(PlaceOrder, { ...order, method });
    expect(said('courier')).toBe('destination must be given unless the method is pickup or carry_out');
    expect(said('pickup')).toBe('store must be given where the method is pickup or carry_out');
  });

  it('tells a fault once, and how many more there are', () => {
    const items = Array.from({ length: 30 }, () => 'x');
    expect(saidOf(z.array(z.int()), items)).toMatch(/^\[0\] must be a number, not a text; .*; and 10 more$/);
    const twice = z.object({ a: z.int().max(5) }).safeParse({ a: 1e300 });
    expect(faultsIn(twice.error!.issues, { a: 1e300 })).toHaveLength(1);
  });

  it('holds none of the validator’s own texts, whatever is wrong with any field of the standard', () => {
    const wrong = [undefined, null, '', 'x'.repeat(5000), '\u0000', -1, 1.5, 1e300, [], [1], {}, { a: 1 }, true];
    for (const schema of [StockFact, StockCommand, StockDelta, ...Object.values(CATALOG_SCHEMAS)]) {
      expect(saidOf(schema, 7)).not.toMatch(RAW);
      for (const name of FIELDS)
        for (const value of wrong)
          for (const type of ['sale', 'adjustment', 'reserve', 'move', 'heartbeat', 'store', 'x'])
            expect(saidOf(schema, { type, [name]: value })).not.toMatch(RAW);
    }
  });
});

const RAW = /Invalid|Too (big|small)|expected|received|Unrecognized|undefined|\[object/;
const FIELDS = (
  'id source sku location quantity occurredAt serials expiresOn bucket locations mode expiresAt gtin gln pools ' +
  'openingHours latitude attributes kind active'
).split(' ');
