import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import { Table } from '@shelfline/streaming/table';
import { topicName } from '@shelfline/streaming/topics-setup';
import type { Connection } from 'mongoose';
import type { OrdersConfig } from '../config.js';
import type { SourcingRule } from '../domain/sourcing/sourcing-rule.js';
import { RuleChangesHandler } from './rule-changes.handler.js';
import { readRuleOutcome, rulesStream } from './rule-changes.stream.js';
import { RuleDesk } from './rule-desk.js';
import { RulesController } from './rules.controller.js';
import { RulesRepository, type RuleWrites } from './rules.repository.js';
import { SimulateController } from './simulate.controller.js';
import { decodeRule, SourcingRules } from './sourcing-rules.js';

export const RULE_TOPICS = [TOPICS.ruleChanges, TOPICS.ruleOutcomes, TOPICS.rules];
export const RULE_OUTPUTS = [TOPICS.ruleOutcomes, TOPICS.rules];

/** The sourcing rules: their stream, the table every instance reads, and REST. */
export async function buildRules(
  { config, health, lifecycle }: Kit<OrdersConfig>,
  kafka: KafkaPort,
  connection: Connection,
  publisher: Publisher,
) {
  const repository = new RulesRepository(connection);
  const store = new MongoPartitionStore<RuleWrites>({
    connection,
    stream: TOPICS.ruleChanges.name,
    entriesCollection: 'rule_entries',
    partitions: TOPICS.ruleChanges.partitions,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (writes) => ({ rules: writes.flatMap(({ rules }) => rules) }),
  });
  await store.prepare();
  const onCrash = (error: Error) => lifecycle.fail(error);
  const named = (topic: (typeof RULE_TOPICS)[number]) => topicName(topic, config.TOPIC_PREFIX);
  const table = new Table<SourcingRule>({
    kafka,
    topic: TOPICS.rules,
    topicName: named(TOPICS.rules),
    decode: decodeRule,
    onCrash,
    gatherMs: 0,
  });
  const answers = new OutcomeTail({
    kafka,
    topicName: named(TOPICS.ruleOutcomes),
    decode: readRuleOutcome,
    onCrash,
    isOwn: true,
  });
  await Promise.all([table.start(), answers.start()]);
  lifecycle.onStop('outbox', 'rules', async () => void (await Promise.all([table.stop(), answers.stop()])));
  health.addReadiness('rules', () => ({ ready: table.isReady(), detail: 'sourcing rules are read' }));
  await table.ready;
  const rules = new SourcingRules(table);
  return {
    rules,
    stream: rulesStream({ repository, store, groupId: `${config.TOPIC_PREFIX}orders-rules` }),
    controllers: [RuleChangesHandler, RulesController, SimulateController],
    providers: [
      { provide: RulesRepository, useValue: repository },
      { provide: SourcingRules, useValue: rules },
      { provide: RuleDesk, useValue: new RuleDesk(publisher, answers, store, config.ORDER_ANSWER_TIMEOUT_MS) },
    ],
  };
}
