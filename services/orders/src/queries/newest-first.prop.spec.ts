import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { olderThan, otherThan } from './newest-first.js';

interface Doc {
  readonly _id: string;
  readonly at: Date;
  readonly stores: readonly string[];
  readonly state: string;
  readonly foreign?: true;
}
type Filter = Readonly<Record<string, unknown>>;

const ms = (value: unknown) => (value instanceof Date ? value.getTime() : value) as number;
const COMPARISONS: Readonly<Record<string, (value: unknown, than: unknown) => boolean>> = {
  $gt: (value, than) => ms(value) > ms(than),
  $lte: (value, than) => ms(value) <= ms(than),
  $ne: (value, than) => !holds(value, than),
};
function holds(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => holds(one, wanted));
  if (typeof wanted !== 'object' || wanted instanceof Date) return ms(value) === ms(wanted);
  return Object.entries(wanted as object).every(([operator, than]) => COMPARISONS[operator]!(value, than));
}
/** Its language of expressions, of which a page's last document is told in. */
function evaluate(expression: unknown, document: Doc): unknown {
  if (typeof expression === 'string' && expression.startsWith('$')) return document[expression.slice(1) as keyof Doc];
  if (typeof expression !== 'object' || expression instanceof Date) return expression;
  const [[operator, given]] = Object.entries(expression as object) as [[string, unknown]];
  if (operator === '$literal') return given;
  const values = (given as unknown[]).map((one) => evaluate(one, document));
  if (operator === '$and') return values.every(Boolean);
  const [left, right] = values.map(ms);
  if (operator === '$eq') return left === right;
  if (operator === '$gte') return left! >= right!;
  throw new Error(`an operator that is not used here: ${operator}`);
}
/** As the database takes a filter, of what is used here; anything else fails. */
const matches = (filter: Filter, document: Doc): boolean =>
  Object.entries(filter).every(([key, wanted]) => {
    const parts = wanted as Filter[];
    if (key === '$and') return parts.every((part) => matches(part, document));
    if (key === '$or') return parts.some((part) => matches(part, document));
    if (key === '$nor') return !parts.some((part) => matches(part, document));
    if (key === '$expr') return evaluate(wanted, document) as boolean;
    return holds(document[key as keyof Doc], wanted);
  });

const timeMs = fc.integer({ min: 0, max: 6 });
const store = fc.constantFrom('s1', 's2', 's3');
const state = fc.constantFrom('PLACED', 'SHIPPED');
const documents = fc.array(fc.record({ atMs: timeMs, stores: fc.uniqueArray(store), state, isForeign: fc.boolean() }), {
  maxLength: 20,
});
const ends = { afterMs: fc.option(timeMs, { nil: undefined }), untilMs: fc.option(timeMs, { nil: undefined }) };
const asked = fc.record({
  ...ends,
  store: fc.option(store, { nil: undefined }),
  looked: fc.option(state, { nil: undefined }),
  last: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
});

describe('what the database is asked for a page', () => {
  it('is what lies in the window, after the last one seen, and is not refused, however it is put', () => {
    fc.assert(
      fc.property(documents, asked, (made, { afterMs, untilMs, store: wanted, looked, last: lastAt }) => {
        const all = made.map(({ atMs, isForeign, ...fields }, i): Doc => {
          const _id = `d${String(i).padStart(2, '0')}`;
          return { _id, at: new Date(atMs), ...fields, ...(isForeign ? { foreign: true } : {}) };
        });
        const last = lastAt === undefined ? undefined : all[lastAt];
        const until = last === undefined ? untilMs : ms(last.at);
        const filter = olderThan(
          {
            equal: wanted === undefined ? {} : { stores: wanted },
            isOverArray: wanted !== undefined,
            time: 'at',
            window: { afterMs, untilMs: until },
          },
          last && { atMs: ms(last.at), id: last._id },
          [{ foreign: true }, ...(looked === undefined ? [] : [otherThan('state', looked)])],
        );
        const expected = all.filter(
          (one) =>
            one.foreign === undefined &&
            (wanted === undefined || one.stores.includes(wanted)) &&
            (looked === undefined || one.state === looked) &&
            (afterMs === undefined || ms(one.at) > afterMs) &&
            (until === undefined || ms(one.at) <= until) &&
            (last === undefined || ms(one.at) < ms(last.at) || one._id < last._id),
        );
        expect(all.filter((one) => matches(filter, one))).toEqual(expected);
      }),
    );
  });
});
