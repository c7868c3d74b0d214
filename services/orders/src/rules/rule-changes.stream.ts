import { versionHeaders, versionInHeaders } from '@shelfline/contracts/record-headers';
import { PutRule, RULES_KEY, type RuleDraft, RuleOutcome } from '@shelfline/contracts/sourcing-rule';
import { TOPICS } from '@shelfline/contracts/topics';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { LedgerEntry, OutputRecord, Parsed, PartitionStore, StreamDefinition } from '@shelfline/streaming/stream';
import { contentHashOf, readMessage } from '../read-message.js';
import type { KeptRule, RulesRepository, RuleWrites } from './rules.repository.js';

export interface RuleEntry extends LedgerEntry {
  readonly answer: RuleOutcome;
}

export const NO_RULE_WRITES: RuleWrites = { rules: [] };
/** People change rules: a batch of more is a loop that somebody wrote. */
const MAX_BATCH_RECORDS = 100;
/** Nothing here depends on time: ticks claim the partition and publish what a former owner left unpublished. */
const TICK_EVERY_MS = 5000;

export interface RulesStreamOptions {
  readonly repository: RulesRepository;
  readonly store: PartitionStore<RuleWrites>;
  readonly groupId: string;
}

/** Topic `orders.rule-changes`, one partition: versions are numbered in order by one owner. */
export function rulesStream({ repository, store, groupId }: RulesStreamOptions): StreamDefinition<PutRule, RuleWrites> {
  return {
    topic: TOPICS.ruleChanges,
    groupId,
    parse: parseRuleChange,
    store,
    emptyWrites: NO_RULE_WRITES,
    republish: async (entries) => {
      const answers = (entries as readonly RuleEntry[]).map(({ answer }) => answer);
      const versions = answers.filter(({ result }) => result === 'applied').map(({ version }) => version);
      const kept = versions.length === 0 ? [] : [...(await repository.findRules(versions)).values()];
      return [...kept.map(ruleOutput), ...answers.map(outcomeOutput)];
    },
    resend: (entry) => [outcomeOutput((entry as RuleEntry).answer)],
    // State is read for each batch and kept by nobody.
    released: () => {},
    watched: [
      {
        topic: TOPICS.rules,
        versionOf: ({ headers }) => versionInHeaders(headers),
        committed: async (keys) =>
          [...(await repository.findRules(keys.map(Number))).values()].map((kept) => ({
            key: String(kept.rule.version),
            version: kept.recordVersion,
            output: ruleOutput(kept),
          })),
      },
    ],
    tickEveryMs: TICK_EVERY_MS,
    maxBatchRecords: MAX_BATCH_RECORDS,
  };
}

export const ruleOutput = ({ rule, recordVersion }: KeptRule): OutputRecord => ({
  topic: TOPICS.rules,
  key: String(rule.version),
  partition: { by: RULES_KEY },
  type: 'shelfline.order.rule',
  value: rule,
  headers: versionHeaders(recordVersion),
});
export const outcomeOutput = (answer: RuleOutcome): OutputRecord => ({
  topic: TOPICS.ruleOutcomes,
  key: RULES_KEY,
  partition: 'same',
  type: 'shelfline.order.rule-outcome',
  value: answer,
});

export const ruleEntryId = ({ source, id }: { readonly source: string; readonly id: string }): string =>
  `${source}/${id}`;
/** Whoever asks: the same rule from somebody else is no other rule. */
export const draftHash = (draft: RuleDraft): string => contentHashOf(draft);

export const parseRuleChange = (record: ReceivedRecord): Parsed<PutRule> =>
  readMessage(record, PutRule, { keyOf: () => RULES_KEY, what: 'the rule' });

export function readRuleOutcome({ value }: ReceivedRecord): { id: string; outcome: RuleOutcome } | undefined {
  const { data } = RuleOutcome.safeParse(JSON.parse(value?.toString() ?? 'null'));
  return data && { id: ruleEntryId(data), outcome: data };
}
