import { describe, expect, it } from '@jest/globals';
import { effectsIn, type FormerMovementDocument, toEntry, toMovementDocument, touching } from './movement-documents.js';
import { type Decided, entryOf } from './stock-entry.js';
import { entryOutputs } from './stock-outputs.js';

const sale = {
  id: '7',
  source: 'pos',
  type: 'sale',
  sku: 'A',
  location: 'shop "a"',
  quantity: 2,
  occurredAt: '2026-03-01T12:00:00Z',
  note: 'kept',
} as const;
const effects = [{ location: sale.location, onHand: -2, onHandAfter: 3, reservedAfter: 0 }];
const decided = {
  id: 'pos/7',
  contentHash: 'h',
  partition: 3,
  offset: 9,
  outcome: 'applied',
  atMs: Date.parse(sale.occurredAt),
  recordedAtMs: Date.parse('2026-03-01T12:00:01Z'),
  version: 109,
  effects,
};
const published = {
  ...sale,
  version: 109,
  recordedAt: '2026-03-01T12:00:01.000Z',
  effects,
};
const textOf = (entry: ReturnType<typeof entryOf>) =>
  entryOutputs(entry).map(({ value }) => JSON.parse((value as { text: string }).text) as object);

describe('movements as documents', () => {
  it('are published as they are stored', () => {
    const entry = entryOf(sale, decided);
    const document = toMovementDocument(entry) as { content: string; effects: string };
    expect(textOf(entry)).toEqual([published]);
    expect({ ...JSON.parse(document.content), effects: JSON.parse(document.effects) }).toEqual(published);
  });

  it('give the entry back that they were made of', () => {
    const answer = { result: 'accepted', state: 'ACTIVE', allocations: [], shortUnits: 0 };
    const shortfalls = [{ type: 'shortfall', id: '7' }] as never;
    for (const more of [{}, { answer, shortfalls }, { effects: [] }] as Partial<Decided>[]) {
      const entry = entryOf(sale, { ...decided, ...more });
      expect(toEntry(toMovementDocument(entry) as never)).toEqual(entry);
    }
  });

  it('of the layout before are read like those of today', () => {
    const former: FormerMovementDocument = {
      ...sale,
      _id: 'pos/7',
      contentHash: 'h',
      partition: 3,
      offset: 9,
      outcome: 'applied',
      at: new Date(decided.atMs),
      recordedAt: new Date(decided.recordedAtMs),
      version: 109,
      effects,
    };
    expect(toEntry(former)).toEqual(entryOf(sale, decided));
    expect(textOf(toEntry(former) as never)).toEqual([published]);
    expect(effectsIn(former)).toEqual(effects);
  });

  it('keep no field of a message that would pass for one of the ledger', () => {
    const forged = { ...sale, answer: 'x', effects: ['y'], outcome: 'z', content: '{}', partition: 77 };
    expect(entryOf(forged as never, decided)).toEqual(entryOf(sale, decided));
  });

  it('leave what is no movement as it is', () => {
    const forward = { _id: 'f', contentHash: '', partition: 1, offset: 2, outcome: 'forwarded', key: 'k', value: null };
    expect(toMovementDocument(forward)).toBe(forward);
    expect(toEntry(forward)).toBe(forward);
  });

  it('are found by location whatever its name has in it', () => {
    const pattern = (location: string) =>
      new RegExp((touching(location).$or[0] as { effects: { $regex: string } }).effects.$regex);
    const at = (location: string) => JSON.stringify([{ ...effects[0], location }]);
    for (const name of ['shop "a"', 'a.b*c(1)[2]{3}^$|?+\\', '杭州']) {
      expect(at(name)).toMatch(pattern(name));
      expect(at(`${name}2`)).not.toMatch(pattern(name));
    }
    expect(at('axb')).not.toMatch(pattern('a.b'));
    expect(at('x","location":"dc')).not.toMatch(pattern('dc'));
  });
});
