import { describe, expect, it } from '@jest/globals';
import type { CatalogChange, CatalogKind } from '@shelfline/contracts/catalog';
import type { CatalogEntry } from './catalog-entry.js';
import { decideChange } from './decide-change.js';

const NOW = Date.UTC(2026, 0, 2);
const change = (fields: Partial<CatalogChange>): CatalogChange => ({
  id: '1',
  source: 'erp',
  kind: 'products',
  code: 'A',
  entity: { sku: 'A', name: 'Apple' },
  ...fields,
});
const stored = (entity: CatalogEntry['entity'], version = 7): CatalogEntry => ({
  kind: 'products',
  code: 'A',
  version,
  updatedAtMs: 0,
  entity,
});
const apple = { sku: 'A', name: 'Apple', unit: 'piece', active: true };
const decide = (
  asked: CatalogChange,
  current?: CatalogEntry,
  exists: (kind: CatalogKind, code: string) => boolean = () => false,
) => decideChange(asked, current, { version: 9, nowMs: NOW, exists });

describe('a change of the catalog', () => {
  it('a new entity is stored with defaults filled in and the change’s version', () => {
    expect(decide(change({}))).toEqual({
      outcome: { id: '1', source: 'erp', kind: 'products', code: 'A', result: 'applied', version: 9 },
      entry: { kind: 'products', code: 'A', version: 9, updatedAtMs: NOW, entity: apple },
    });
  });

  it('the same content again changes nothing, in whatever order its fields come', () => {
    const again = decide(change({ entity: { name: 'Apple', active: true, sku: 'A' } }), stored(apple));
    expect(again).toEqual({ outcome: expect.objectContaining({ result: 'unchanged', version: 7 }) });
  });

  it('what a client read and sends back with the catalog’s own fields is the same content', () => {
    const again = decide(change({ entity: { ...apple, version: 7, updatedAt: '2026-01-01' } }), stored(apple));
    expect(again.outcome.result).toBe('unchanged');
  });

  it('fields of a newer writer are kept', () => {
    expect(decide(change({ entity: { ...apple, colour: { rgb: 'f00' } } })).entry?.entity).toMatchObject({
      colour: { rgb: 'f00' },
    });
  });

  it.each([
    ['another version', 6, stored(apple)],
    ['none, when it must not exist', 0, stored(apple)],
    ['one, when there is none', 7, undefined],
    ['one, when it was removed', 7, stored(null)],
  ])('expecting %s is refused', (_name, expectedVersion, current) => {
    const { outcome, entry } = decide(change({ expectedVersion }), current);
    expect(outcome).toMatchObject({ result: 'refused', errors: [{ code: 'version_conflict' }] });
    expect(entry).toBeUndefined();
  });

  it('a removal leaves a version behind, and a return goes on from a higher one', () => {
    const removal = decide(change({ entity: null, expectedVersion: 7 }), stored(apple));
    expect(removal.entry).toEqual({ kind: 'products', code: 'A', version: 9, updatedAtMs: NOW, entity: null });
    expect(decide(change({ expectedVersion: 0 }), removal.entry).outcome.result).toBe('applied');
  });

  it.each([undefined, stored(null)])('removing what is not there is refused', (current) => {
    const { outcome } = decide(change({ entity: null }), current);
    expect(outcome).toMatchObject({ result: 'refused', version: 0, errors: [{ code: 'not_found' }] });
  });

  it('every fault is named with its field', () => {
    const { outcome } = decide(change({ entity: { sku: 'A', gtin: '4006381333932', safetyStock: -1 } }));
    expect(outcome.errors?.map(({ field }) => field)).toEqual(['name', 'gtin', 'safetyStock']);
  });

  it('a code is never renamed', () => {
    expect(decide(change({ entity: { ...apple, sku: 'B' } })).outcome.errors).toEqual([
      expect.objectContaining({ field: 'sku' }),
    ]);
  });

  it.each([
    ['$where', { $where: '1' }],
    ['deep.$gt', { deep: { $gt: 1 } }],
    ['', { '': 1 }],
    ['attributes._bsontype', { attributes: { _bsontype: 'ObjectId' } }],
    ['list[0].$a', { list: [{ $a: 1 }] }],
  ])('a field named %s is refused', (field, extra) => {
    const { outcome } = decide(change({ entity: { ...apple, ...extra } }));
    expect(outcome.errors).toEqual([expect.objectContaining({ field, code: 'reserved' })]);
  });

  it('an entity too large for every reader’s memory is refused', () => {
    const { outcome } = decide(change({ entity: { ...apple, notes: '门'.repeat(30_000) } }));
    expect(outcome.errors).toEqual([expect.objectContaining({ code: 'too_large' })]);
  });

  it('nesting without end is refused', () => {
    let nested: Record<string, unknown> = {};
    for (let i = 0; i < 50; i++) nested = { in: nested };
    expect(decide(change({ entity: { ...apple, nested } })).outcome.result).toBe('refused');
  });
});

describe('places, channels and organisations', () => {
  const location = {
    code: 'S1',
    type: 'store',
    name: 'One',
    city: 'Shanghai',
    region: 'east',
    latitude: 31,
    longitude: 121,
  };

  it.each([
    ['Asia/Shanghai', 'applied'],
    ['UTC', 'applied'],
    ['Mars/Olympus', 'refused'],
    ['+08:00', 'refused'],
  ])('the time zone %s is %s', (timeZone, result) => {
    const { outcome } = decide(change({ kind: 'locations', code: 'S1', entity: { ...location, timeZone } }));
    expect(outcome.result).toBe(result);
  });

  it('a pool naming places the catalog does not know is taken and told', () => {
    const entity = { code: 'web', name: 'Web', pools: [{ code: 'main', locations: ['S1', 'S9'] }] };
    const { outcome } = decide(
      change({ kind: 'channels', code: 'web', entity }),
      undefined,
      (_kind, code) => code === 'S1',
    );
    expect(outcome).toMatchObject({
      result: 'applied',
      warnings: [{ field: 'pools[0].locations[1]', code: 'unknown_reference', detail: 'locations has no S9 yet' }],
    });
  });

  it('of many unknown places a bounded number is told', () => {
    const locations = Array.from({ length: 500 }, (_, i) => `S${i}`);
    const entity = { code: 'web', name: 'Web', pools: [{ code: 'main', locations }] };
    const { outcome } = decide(change({ kind: 'channels', code: 'web', entity }));
    expect(outcome.warnings).toHaveLength(21);
    expect(outcome.warnings?.at(-1)?.detail).toBe('and 480 more');
  });

  it('two pools of one channel need different codes', () => {
    const entity = { code: 'web', name: 'Web', pools: [{ code: 'a' }, { code: 'a' }] };
    const { outcome } = decide(change({ kind: 'channels', code: 'web', entity }));
    expect(outcome.errors).toEqual([expect.objectContaining({ field: 'pools[1].code' })]);
  });

  it('an organisation is not its own parent', () => {
    const entity = { code: 'O', name: 'O', kind: 'brand', parent: 'O' };
    const { outcome } = decide(change({ kind: 'organisations', code: 'O', entity }));
    expect(outcome.errors).toEqual([expect.objectContaining({ field: 'parent' })]);
  });
});
