import { StoredRule } from '@shelfline/contracts/sourcing-rule';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Table } from '@shelfline/streaming/table';
import { ruleOf } from '../domain/rules/decide-rule.js';
import { DEFAULT_RULE, findRuleInForce, type SourcingRule } from '../domain/sourcing/sourcing-rule.js';

/** A version that this process cannot read, of a newer one, is not applied by it. */
export function decodeRule({ value }: ReceivedRecord): SourcingRule | undefined {
  const { data } = StoredRule.safeParse(JSON.parse(value!.toString()));
  return data && ruleOf(data);
}

/** The rules as every instance reads them. */
export class SourcingRules {
  constructor(private readonly table: Pick<Table<SourcingRule>, 'entries'>) {}

  /** As shipped, where nobody has written one. */
  inForce(nowMs: number, channel: string): SourcingRule {
    return findRuleInForce(this.versions(), nowMs, channel) ?? DEFAULT_RULE;
  }

  private *versions(): Iterable<SourcingRule> {
    for (const [, rule] of this.table.entries()) yield rule;
  }
}
