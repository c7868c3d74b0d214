import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CatalogEntry } from './catalog-entry.js';
import { type ArrivedChange, decideBatch } from './decide-batch.js';

const arrivedChanges = fc
  .array(
    fc.record({
      code: fc.constantFrom('A', 'B', 'C'),
      name: fc.option(fc.constantFrom('x', 'y', ''), { nil: null }),
      expectedVersion: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    }),
    { maxLength: 30 },
  )
  .map((asked) =>
    asked.map(
      ({ code, name, expectedVersion }, i): ArrivedChange => ({
        change: {
          id: String(i),
          source: 's',
          kind: 'products',
          code,
          entity: name === null ? null : { sku: code, name },
          ...(expectedVersion === undefined ? {} : { expectedVersion }),
        },
        version: i + 1,
        arrivedAtMs: i,
      }),
    ),
  );
const nothing = { entries: new Map<string, CatalogEntry>(), existing: new Set<string>() };

describe('a batch of changes', () => {
  it('ends as the same changes in batches of one', () => {
    fc.assert(
      fc.property(arrivedChanges, (arrived) => {
        const together = decideBatch(arrived, nothing);
        const entries = new Map<string, CatalogEntry>();
        const outcomes = arrived.flatMap((one) => {
          const decided = decideBatch([one], { entries, existing: new Set() });
          for (const [key, entry] of decided.changed) entries.set(key, entry);
          return decided.outcomes;
        });
        expect(together.outcomes).toEqual(outcomes);
        expect(together.changed).toEqual(entries);
      }),
    );
  });

  it('versions of a code only grow, and the last applied outcome names the state’s version', () => {
    fc.assert(
      fc.property(arrivedChanges, (arrived) => {
        const { outcomes, changed } = decideBatch(arrived, nothing);
        for (const [key, entry] of changed) {
          const applied = outcomes.filter((o) => `${o.kind}/${o.code}` === key && o.result === 'applied');
          const versions = applied.map(({ version }) => version);
          expect(versions).toEqual([...versions].sort((a, b) => a - b));
          expect(entry.version).toBe(versions.at(-1));
        }
      }),
    );
  });

  it('sent a second time, whatever is not removed ends the same', () => {
    fc.assert(
      fc.property(arrivedChanges, (arrived) => {
        const plain = arrived.map((one) => ({ ...one, change: { ...one.change, expectedVersion: undefined } }));
        const once = decideBatch(plain, nothing);
        const twice = decideBatch([...plain, ...plain], nothing);
        const contents = (changed: ReadonlyMap<string, CatalogEntry>) =>
          new Map([...changed].map(([key, { entity }]) => [key, entity]));
        expect(contents(twice.changed)).toEqual(contents(once.changed));
      }),
    );
  });

  it('a channel may name places that come before it in the batch', () => {
    const place = { code: 'S1', type: 'store', name: 'S', city: 'C', region: 'r', latitude: 0, longitude: 0 };
    const channel = { code: 'web', name: 'Web', pools: [{ code: 'p', locations: ['S1'] }] };
    const batch: ArrivedChange[] = [
      { change: { id: '1', source: 's', kind: 'locations', code: 'S1', entity: place }, version: 1, arrivedAtMs: 0 },
      { change: { id: '2', source: 's', kind: 'channels', code: 'web', entity: channel }, version: 2, arrivedAtMs: 0 },
    ];
    expect(decideBatch(batch, nothing).outcomes[1]).not.toHaveProperty('warnings');
  });
});
