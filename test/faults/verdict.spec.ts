import { describe, expect, it } from '@jest/globals';
import type { MadeDelta } from './made-deltas.ts';
import { isFaultless, judge, type Remains, type VersionedFigures } from './verdict.ts';

const receipt = (id: string, quantity: number): [string, MadeDelta] => [
  id,
  { id, source: 's', type: 'receipt', sku: 'tea', location: 'dc-1', quantity, occurredAt: '2025-01-01T00:00:00Z' },
];
const level = (onHand: number, version: number): [string, VersionedFigures] => [
  'tea@dc-1',
  { onHand, reserved: 0, damaged: 0, qualityControl: 0, incoming: 0, version },
];
const right: Remains = {
  acknowledged: new Map([receipt('a', 2), receipt('b', 3)]),
  movements: new Map([
    ['a', 1],
    ['b', 1],
  ]),
  announced: new Set(['a', 'b']),
  levels: new Map([level(5, 8)]),
  lastRecords: new Map([level(5, 8)]),
  lastAvailability: new Map([['tea', { available: 5 }]]),
  promises: { answered: new Map(), answeredOtherwise: [], stored: new Map(), movements: [] },
};

describe('the verdict', () => {
  it('finds nothing where every acknowledged delta is there once', () => {
    expect(isFaultless(judge(right))).toBe(true);
  });

  it('names what was acknowledged and is not in the ledger, and the level that lacks it', () => {
    const verdict = judge({ ...right, movements: new Map([['a', 1]]), levels: new Map([level(2, 8)]) });
    expect(verdict).toMatchObject({ lost: ['b'], wrongLevels: ['tea@dc-1'], staleRecords: ['tea@dc-1'] });
    expect(isFaultless(verdict)).toBe(false);
  });

  it('names what is in the ledger twice', () => {
    expect(judge({ ...right, movements: new Map([...right.movements, ['b', 2]]) }).doubled).toEqual(['b']);
  });

  it('names a key whose last record is older than the committed level, newer, or missing', () => {
    for (const lastRecords of [new Map([level(5, 7)]), new Map([level(5, 9)]), new Map()])
      expect(judge({ ...right, lastRecords }).staleRecords).toEqual(['tea@dc-1']);
  });

  it('names a level nobody sent anything for', () => {
    const levels = new Map([...right.levels, ['milk@dc-1', level(1, 1)[1]] as const]);
    expect(judge({ ...right, levels, lastRecords: levels }).wrongLevels).toEqual(['milk@dc-1']);
  });

  it('names a SKU whose last availability is not what its levels make of it', () => {
    for (const lastAvailability of [new Map([['tea', { available: 4 }]]), new Map()])
      expect(judge({ ...right, lastAvailability }).staleAvailability).toEqual(['tea']);
  });

  it('names a movement that was committed and never said', () => {
    expect(judge({ ...right, announced: new Set(['a']) }).unannounced).toEqual(['b']);
  });
});
