import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PutRule, RuleDraft } from '@shelfline/contracts/sourcing-rule';
import { RuleOutcome, StoredRule } from '@shelfline/contracts/sourcing-rule';
import { TOPICS } from '@shelfline/contracts/topics';
import { RuleChangesHandler } from './rule-changes.handler.js';
import { parseRuleChange } from './rule-changes.stream.js';
import type { KeptRule, RulesRepository } from './rules.repository.js';

const DRAFT: RuleDraft = { filters: [], sorters: [{ by: 'load' }], limits: { maxSplits: 1, splitAboveMinor: 0 } };
let asked = 0;
const put = (version: number, rule: RuleDraft = DRAFT): PutRule => ({
  id: `rule/${++asked}`,
  source: 'orders-api',
  version,
  rule,
  by: 'anna',
});

describe('a batch of rule changes', () => {
  const kept = new Map<number, KeptRule>();
  const handler = new RuleChangesHandler({
    newestVersion: () => Promise.resolve(Math.max(0, ...kept.keys())),
    findRules: (versions: number[]) =>
      Promise.resolve(new Map([...kept].filter(([version]) => versions.includes(version)))),
  } as unknown as RulesRepository);
  const batch = async (...messages: PutRule[]) => {
    const items = messages.map((message, offset) => {
      const record = { topic: '', partition: 0, offset, timestampMs: 1000, key: 'rules', headers: {} };
      const value = Buffer.from(JSON.stringify(message));
      const parsed = parseRuleChange({ ...record, value });
      if (parsed.kind !== 'message') throw new Error(JSON.stringify(parsed));
      return {
        kind: 'message' as const,
        id: parsed.id,
        contentHash: parsed.contentHash,
        message,
        record: { ...record, value },
      };
    });
    const decision = await handler.handleBatch({ partition: 0, partitions: 1, generation: 1, items });
    for (const one of decision.writes.rules) kept.set(one.rule.version, one);
    return decision;
  };
  const sent = (outputs: readonly { topic: { name: string }; value: object | null }[], topic: { name: string }) =>
    outputs.flatMap(({ topic: { name }, value }) => (name === topic.name ? [value] : []));

  beforeEach(() => kept.clear());

  it('takes versions one after the other, and tells them on their topic', async () => {
    const { outputs } = await batch(put(1), put(2, { ...DRAFT, channel: 'web' }));
    const rules = sent(outputs, TOPICS.rules).map((value) => StoredRule.parse(value));
    expect(rules.map(({ version, channel, changedBy }) => [version, channel, changedBy])).toEqual([
      [1, undefined, 'anna'],
      [2, 'web', 'anna'],
    ]);
  });
  it('gives a number to one of two who ask for it at once, and tells the other the next', async () => {
    const { outputs, writes } = await batch(put(1), put(1, { ...DRAFT, note: 'mine' }), put(1));
    const answers = sent(outputs, TOPICS.ruleOutcomes).map((value) => RuleOutcome.parse(value));
    expect(answers.map(({ result, version }) => [result, version])).toEqual([
      ['applied', 1],
      ['refused', 1],
      ['unchanged', 1],
    ]);
    expect(answers[1]!.errors![0]!.detail).toBe(
      'must be 2, as there is a 1 with other content, and a version is never changed',
    );
    expect(writes.rules).toHaveLength(1);
  });
  it('knows from the database what was taken before', async () => {
    await batch(put(1));
    const { outputs } = await batch(put(1), put(3));
    expect(sent(outputs, TOPICS.ruleOutcomes).map((value) => RuleOutcome.parse(value).result)).toEqual([
      'unchanged',
      'refused',
    ]);
  });
});
