import type { PutRule, RuleDraft, StoredRule } from '@shelfline/contracts/sourcing-rule';
import { checkRule } from '../sourcing/check-rule.js';
import type { SourcingRule } from '../sourcing/sourcing-rule.js';

export interface RuleRefusal {
  readonly field: string;
  readonly code: 'invalid' | 'version_conflict' | 'unknown_channel';
  readonly detail: string;
}
export type RuleDecided =
  | { readonly kind: 'applied'; readonly rule: StoredRule }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusals: readonly RuleRefusal[] };

export interface RuleContext {
  readonly atMs: number;
  /** Number of the newest version; 0 = there is none. */
  readonly newest: number;
  /** The version that is asked for, where it was taken before. */
  readonly known: StoredRule | undefined;
  /** The content of `known` is that of what is asked for. */
  readonly isRepeat: boolean;
}

/** A version, once taken, is never changed: what was decided by it must stay explainable. */
export function decideRule({ version, rule, by }: PutRule, context: RuleContext): RuleDecided {
  const { atMs, newest, known, isRepeat } = context;
  if (known && isRepeat) return { kind: 'unchanged' };
  if (version !== newest + 1)
    return refusedFor({
      field: 'version',
      code: 'version_conflict',
      detail: known
        ? `must be ${newest + 1}, as there is a ${version} with other content, and a version is never changed`
        : `must be ${newest + 1}, the next after the newest: ${version} would leave a gap`,
    });
  const stored = storedRule(version, rule, by, atMs);
  const refusals = [...timesAmiss(rule, atMs), ...problemsOf(stored)];
  return refusals.length > 0 ? refusedFor(...refusals) : { kind: 'applied', rule: stored };
}

const refusedFor = (...refusals: RuleRefusal[]): RuleDecided => ({ kind: 'refused', refusals });

/** A clock may be this late, and whoever says "now" means now. */
const LATE_CLOCK_MS = 60_000;

function timesAmiss({ validFrom, validUntil }: RuleDraft, atMs: number): RuleRefusal[] {
  const found: RuleRefusal[] = [];
  if (validFrom !== undefined && Date.parse(validFrom) < atMs - LATE_CLOCK_MS)
    found.push({
      field: 'validFrom',
      code: 'invalid',
      detail: 'lies in the past, of which orders were decided already; leave it out for a rule that applies at once',
    });
  if (typeof validUntil === 'string' && Date.parse(validUntil) <= atMs)
    found.push({
      field: 'validUntil',
      code: 'invalid',
      detail: 'lies in the past, so the rule would never apply; give a later one, or none',
    });
  return found;
}

const FIELD_NAMES: Readonly<Record<string, string>> = { validUntilMs: 'validUntil', validFromMs: 'validFrom' };
const problemsOf = (rule: StoredRule): RuleRefusal[] =>
  checkRule(ruleOf(rule)).map(({ field, detail }) => ({
    field: FIELD_NAMES[field] ?? field,
    code: 'invalid',
    detail,
  }));

export const storedRule = (version: number, draft: RuleDraft, by: string, atMs: number): StoredRule => {
  const { channel, note, filters, sorters, limits, agreements, validFrom, validUntil } = draft;
  return {
    version,
    ...(channel === undefined ? {} : { channel }),
    ...(note === undefined ? {} : { note }),
    filters,
    sorters,
    limits,
    ...(agreements ? { agreements } : {}),
    validFrom: new Date(validFrom === undefined ? atMs : Date.parse(validFrom)).toISOString(),
    validUntil: validUntil == null ? null : new Date(Date.parse(validUntil)).toISOString(),
    changedBy: by,
    changedAt: new Date(atMs).toISOString(),
  };
};

/** A version of the rules as decisions read it. */
export const ruleOf = ({
  version,
  channel,
  validFrom,
  validUntil,
  filters,
  sorters,
  limits,
  agreements,
}: StoredRule): SourcingRule => ({
  version,
  ...(channel === undefined ? {} : { channel }),
  validFromMs: Date.parse(validFrom),
  validUntilMs: validUntil === null ? null : Date.parse(validUntil),
  filters,
  sorters,
  limits,
  ...(agreements ? { agreements } : {}),
});
