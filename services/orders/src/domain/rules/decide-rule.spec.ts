import { describe, expect, it } from '@jest/globals';
import type { PutRule, RuleDraft } from '@shelfline/contracts/sourcing-rule';
import { decideRule, type RuleContext, storedRule } from './decide-rule.js';

const NOW_MS = Date.UTC(2026, 5, 1);
const draft = (over: Partial<RuleDraft> = {}): RuleDraft => ({
  filters: [{ by: 'serves_channel' }],
  sorters: [{ by: 'nearest', stepKm: 5 }],
  limits: { maxSplits: 1, splitAboveMinor: 0 },
  ...over,
});
const asked = (version: number, over: Partial<RuleDraft> = {}): PutRule => ({
  id: 'r',
  source: 'orders-api',
  version,
  rule: draft(over),
  by: 'ops/anna',
});
const context = (over: Partial<RuleContext> = {}): RuleContext => ({
  atMs: NOW_MS,
  newest: 0,
  known: undefined,
  isRepeat: false,
  ...over,
});
const refusedFields = (decided: ReturnType<typeof decideRule>) =>
  decided.kind === 'refused' ? decided.refusals.map(({ field, code }) => `${field}: ${code}`) : decided.kind;

describe('a version of the rules', () => {
  it('is taken with who asked for it and when, and applies at once unless told', () => {
    expect(decideRule(asked(1), context())).toEqual({
      kind: 'applied',
      rule: {
        version: 1,
        ...draft(),
        validFrom: '2026-06-01T00:00:00.000Z',
        validUntil: null,
        changedBy: 'ops/anna',
        changedAt: '2026-06-01T00:00:00.000Z',
      },
    });
  });
  it('is never changed: the same again is nothing new, another content is refused', () => {
    const known = storedRule(1, draft(), 'ops/anna', NOW_MS);
    expect(decideRule(asked(1), context({ newest: 1, known, isRepeat: true })).kind).toBe('unchanged');
    expect(refusedFields(decideRule(asked(1, { sorters: [] }), context({ newest: 1, known })))).toEqual([
      'version: version_conflict',
    ]);
  });
  it('follows the newest: two people who change at once do not overwrite each other', () => {
    expect(refusedFields(decideRule(asked(3), context({ newest: 1 })))).toEqual(['version: version_conflict']);
    expect(decideRule(asked(2), context({ newest: 1 })).kind).toBe('applied');
  });
  it('does not reach into the past', () => {
    const past = { validFrom: '2026-05-01T00:00:00Z', validUntil: '2026-05-02T00:00:00Z' };
    expect(refusedFields(decideRule(asked(1, past), context()))).toEqual(['validFrom: invalid', 'validUntil: invalid']);
    expect(decideRule(asked(1, { validFrom: '2026-05-31T23:59:30Z' }), context()).kind).toBe('applied');
  });
  it('is refused with every field that means nothing', () => {
    const wrong = draft({
      filters: [{ by: 'max_distance_km', km: -1 }],
      sorters: [{ by: 'load' }, { by: 'load' }],
      limits: { maxSplits: 0.5, splitAboveMinor: 0 },
      validFrom: '2026-07-02T00:00:00Z',
      validUntil: '2026-07-01T00:00:00Z',
    });
    expect(refusedFields(decideRule(asked(1, wrong), context()))).toEqual([
      'validUntil: invalid',
      'filters[0].km: invalid',
      'sorters[1]: invalid',
      'limits.maxSplits: invalid',
    ]);
  });
});
