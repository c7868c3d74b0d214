import { describe, expect, it } from '@jest/globals';
import { checkRule } from './check-rule.js';
import { DEFAULT_RULE, findRuleInForce, type SourcingFilter, type SourcingSorter } from './sourcing-rule.js';
import { rule } from './testing/sourcing-cases.js';

const fieldsOf = (fields: Parameters<typeof rule>[0]) => checkRule(rule(fields)).map(({ field }) => field);

describe('a rule', () => {
  it('as shipped means something', () => {
    expect(checkRule(DEFAULT_RULE)).toEqual([]);
  });
  it.each<[SourcingFilter, string]>([
    [{ by: 'max_distance_km', km: 0 }, 'filters[0].km'],
    [{ by: 'max_distance_km', km: Number.NaN }, 'filters[0].km'],
    [{ by: 'capacity_left', atLeast: 0 }, 'filters[0].atLeast'],
    [{ by: 'open_hours', opensWithinMinutes: -1 }, 'filters[0].opensWithinMinutes'],
    [{ by: 'open_hours', opensWithinMinutes: 1.5 }, 'filters[0].opensWithinMinutes'],
    [{ by: 'min_confidence', atLeast: 1.1 }, 'filters[0].atLeast'],
    [{ by: 'same_city', methods: [] }, 'filters[0].methods'],
    [{ by: 'same_city', types: [] }, 'filters[0].types'],
  ])('is refused for the filter %j', (filter, field) => {
    expect(fieldsOf({ filters: [filter] })).toEqual([field]);
  });
  it.each<[SourcingSorter[], string]>([
    [[{ by: 'nearest', stepKm: 0 }], 'sorters[0].stepKm'],
    [[{ by: 'load' }, { by: 'cost' }, { by: 'load' }], 'sorters[2]'],
  ])('is refused for the sorters %j', (sorters, field) => {
    expect(fieldsOf({ sorters })).toEqual([field]);
  });
  it('is refused for limits nobody can keep, and for dates on which it would never apply', () => {
    expect(fieldsOf({ limits: { maxSplits: -1, splitAboveMinor: 0.5 } })).toEqual([
      'limits.maxSplits',
      'limits.splitAboveMinor',
    ]);
    expect(fieldsOf({ validFromMs: 10, validUntilMs: 10 })).toEqual(['validUntilMs']);
    expect(fieldsOf({ filters: Array.from({ length: 51 }, () => ({ by: 'same_city' as const })) })).toEqual([
      'filters',
    ]);
  });
});

describe('the rule in force', () => {
  const always = rule({ version: 1 });
  const festival = rule({ version: 2, validFromMs: 100, validUntilMs: 200 });
  const again = rule({ version: 3, validFromMs: 100, validUntilMs: 150 });

  it('is the one that came into force last, and the one before it when its time is over', () => {
    const versionAt = (nowMs: number) => findRuleInForce([again, always, festival], nowMs)?.version;
    expect([99, 100, 149, 150, 199, 200].map(versionAt)).toEqual([1, 3, 3, 2, 2, 1]);
  });
  it('may not exist', () => {
    expect(findRuleInForce([festival], 99)).toBeUndefined();
  });
  it('is the channel’s own, however old, before one for all channels', () => {
    const own = rule({ version: 1, channel: 'tmall' });
    const all = rule({ version: 2, validFromMs: 50 });
    expect(findRuleInForce([all, own], 100, 'tmall')?.version).toBe(1);
    expect(findRuleInForce([all, own], 100, 'web')?.version).toBe(2);
    expect(findRuleInForce([own], 100)).toBeUndefined();
  });
});
