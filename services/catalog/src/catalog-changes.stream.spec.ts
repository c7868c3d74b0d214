import { describe, expect, it } from '@jest/globals';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { outcomeOutput, parseChange, readOutcome, stateOutput } from './catalog-changes.stream.js';

const record = (key: string | null, value: string | Buffer | null): ReceivedRecord => ({
  topic: 'catalog.changes',
  partition: 0,
  offset: 0,
  timestampMs: 0,
  key,
  value: typeof value === 'string' ? Buffer.from(value) : value,
  headers: {},
});
const change = { id: '1', source: 'erp', kind: 'products', code: 'A/1', entity: { sku: 'A/1', name: 'x' } };
const parsed = (sent: object) => parseChange(record('products/A/1', JSON.stringify(sent)));

describe('records of catalog.changes', () => {
  it('the same content in other words is a repeat, other content a conflict', () => {
    const first = parsed(change);
    expect(first).toMatchObject({ kind: 'message', id: 'erp/1' });
    expect(parsed({ ...change, entity: { name: 'x', sku: 'A/1' } })).toEqual({ ...first, message: expect.anything() });
    const other = parsed({ ...change, entity: null });
    expect(other).toMatchObject({ kind: 'message', id: 'erp/1' });
    expect(other).not.toMatchObject({ contentHash: (first as { contentHash: string }).contentHash });
  });

  it.each([
    ['no JSON', record('products/A/1', '{'), 'not_json'],
    ['no value', record('products/A/1', null), 'not_json'],
    ['not UTF-8', record('products/A/1', Buffer.from('{"id":"\xff"}', 'latin1')), 'not_json'],
    ['an unknown kind', record('shops/A', JSON.stringify({ ...change, kind: 'shops' })), 'invalid'],
    ['another key', record('products/B', JSON.stringify(change)), 'wrong_key'],
    ['no key', record(null, JSON.stringify(change)), 'wrong_key'],
  ])('%s is put aside with its reason', (_name, bad, reason) => {
    expect(parseChange(bad)).toMatchObject({ kind: 'invalid', reason });
  });
});

describe('records the catalog publishes', () => {
  it('an entity carries its version, a tombstone in a header', () => {
    const entry = { kind: 'products', code: 'A', version: 7, updatedAtMs: 0, entity: { sku: 'A' } } as const;
    expect(stateOutput(entry)).toMatchObject({
      key: 'A',
      partition: { by: 'A' },
      value: { sku: 'A', version: 7, updatedAt: '1970-01-01T00:00:00.000Z' },
    });
    expect(stateOutput({ ...entry, entity: null })).toMatchObject({ value: null, headers: { 'sl-version': '7' } });
  });

  it('an outcome is read back as the answer to its change', () => {
    const outcome = { id: '1', source: 'erp', kind: 'products', code: 'A', result: 'unchanged', version: 7 } as const;
    const { key, value } = outcomeOutput(outcome);
    expect(readOutcome(record(key, JSON.stringify(value)))).toEqual({ id: 'erp/1', outcome });
    for (const none of [null, '{', '{}']) expect(readOutcome(record(key, none))).toBeUndefined();
  });
});
