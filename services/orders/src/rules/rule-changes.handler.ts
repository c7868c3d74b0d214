import { Controller } from '@nestjs/common';
import type { PutRule, RuleOutcome } from '@shelfline/contracts/sourcing-rule';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision } from '@shelfline/streaming/stream';
import { decideRule, type RuleDecided } from '../domain/rules/decide-rule.js';
import { draftHash, NO_RULE_WRITES, outcomeOutput, type RuleEntry, ruleOutput } from './rule-changes.stream.js';
import { type KeptRule, RulesRepository, type RuleWrites } from './rules.repository.js';

/**
 * Topic `orders.rule-changes`, in order. A repeated record is answered again and changes nothing; a batch that fails is
 * begun again from what is committed.
 */
@Controller()
export class RuleChangesHandler {
  constructor(private readonly repository: RulesRepository) {}

  @HandlesBatch(TOPICS.ruleChanges)
  async handleBatch({ items, partition, generation }: Batch<PutRule>): Promise<Decision<RuleWrites>> {
    const arrived = items.flatMap((item) => (item.kind === 'message' ? [item] : []));
    if (arrived.length === 0)
      return { entries: [], writes: NO_RULE_WRITES, outputs: [], committed: () => {}, nothingChanged: true };
    let newest = await this.repository.newestVersion();
    const known = await this.repository.findRules(arrived.map(({ message }) => message.version));
    const fresh: KeptRule[] = [];
    const entries = arrived.map(({ id, contentHash, message, record }): RuleEntry => {
      const hash = draftHash(message.rule);
      const kept = known.get(message.version);
      const isRepeat = kept?.contentHash === hash;
      const decided = decideRule(message, { atMs: record.timestampMs, newest, known: kept?.rule, isRepeat });
      if (decided.kind === 'applied') {
        const { rule } = decided;
        const taken = { rule, contentHash: hash, recordVersion: versionOf(generation, record.offset) };
        newest = rule.version;
        known.set(newest, taken);
        fresh.push(taken);
      }
      const answer = answerOf(message, decided, newest);
      return { _id: id, contentHash, partition, offset: record.offset, outcome: answer.result, answer };
    });
    return {
      entries,
      writes: { rules: fresh },
      outputs: [...fresh.map(ruleOutput), ...entries.map(({ answer }) => outcomeOutput(answer))],
      committed: () => {},
      nothingChanged: false,
    };
  }
}

function answerOf({ id, source, version }: PutRule, decided: RuleDecided, newest: number): RuleOutcome {
  if (decided.kind !== 'refused') return { id, source, result: decided.kind, version };
  return {
    id,
    source,
    result: 'refused',
    version: newest,
    errors: decided.refusals.map((refusal) => ({ ...refusal })),
  };
}
