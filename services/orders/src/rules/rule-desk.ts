import { randomUUID } from 'node:crypto';
import { type PutRule, RULES_KEY, type RuleDraft, type RuleOutcome } from '@shelfline/contracts/sourcing-rule';
import { TOPICS } from '@shelfline/contracts/topics';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import { DESK_SOURCE } from '../order-answers.js';
import { type RuleEntry, ruleEntryId } from './rule-changes.stream.js';
import type { RuleWrites } from './rules.repository.js';

/** Sends what REST is asked the one way there is, through the topic, and waits for what came of it. */
export class RuleDesk {
  constructor(
    private readonly publisher: Publisher,
    private readonly answers: OutcomeTail<RuleOutcome>,
    private readonly store: Pick<PartitionStore<RuleWrites>, 'findEntries'>,
    private readonly answerWithinMs: number,
  ) {}

  /** Not confirmed by Kafka, or not answered in time: it may be taken yet, and asking again does no harm. */
  async put(version: number, rule: RuleDraft, by: string): Promise<RuleOutcome | 'unavailable' | 'pending'> {
    const message: PutRule = { id: `rule/${randomUUID()}`, source: DESK_SOURCE, version, rule, by };
    const entryId = ruleEntryId(message);
    const awaited = this.answers.expect(entryId, this.answerWithinMs);
    const [sent] = await this.publisher.publish([
      { topic: TOPICS.ruleChanges, key: RULES_KEY, partitionBy: RULES_KEY, value: message },
    ]);
    if (!sent?.ok) return 'unavailable';
    const outcome = await awaited;
    if (outcome) return outcome;
    // One that passed by while the tail was joining anew is in the database.
    const entry = (await this.store.findEntries([entryId])).get(entryId) as RuleEntry | undefined;
    return entry?.answer ?? 'pending';
  }
}
