import { describe, expect, it } from '@jest/globals';
import { LevelAudit } from './level-audit.js';
import type { VerifyOptions } from './level-verification.js';

function auditOf(skus: readonly string[], wrong: Map<string, number>) {
  const shown: number[] = [];
  const errors: unknown[] = [];
  const audit = new LevelAudit(
    {
      sampleSkus: async (from, count) => {
        const found = skus.filter((sku) => sku >= from).slice(0, count);
        return { skus: found, ended: found.at(-1) === skus.at(-1) };
      },
    },
    {
      verify: async ({ skus: asked = [], onDrift }: VerifyOptions) => {
        let driftUnits = 0;
        for (const sku of asked) {
          const units = wrong.get(sku) ?? 0;
          if (units > 0) onDrift?.(sku, units);
          driftUnits += units;
        }
        return { levels: asked.length, movements: 0, driftUnits, drifts: [], durationMs: 0 };
      },
    },
    { drift: (units) => shown.push(units), audited: () => {} },
    { error: (details: unknown) => errors.push(details), warn: () => {} } as never,
  );
  return { audit, shown, errors };
}

describe('the audit of levels', () => {
  it('goes on showing what differs while it looks elsewhere, and 0 once it is repaired', async () => {
    const wrong = new Map([['a', 3]]);
    const { audit, shown, errors } = auditOf(['a', 'b', 'c', 'd'], wrong);
    await audit.auditNext(2);
    await audit.auditNext(2);
    expect(shown).toEqual([3, 3]);
    expect(errors).toHaveLength(1);
    wrong.clear();
    await audit.auditNext(1);
    expect(shown.at(-1)).toBe(0);
  });

  it('begins again at the end', async () => {
    const wrong = new Map<string, number>();
    const { audit, shown } = auditOf(['a', 'b'], wrong);
    await audit.auditNext(2);
    wrong.set('a', 1);
    await audit.auditNext(1);
    expect(shown).toEqual([0, 1]);
  });
});
