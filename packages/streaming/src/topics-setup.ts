import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { KafkaPort } from './kafka-port.js';

export const topicName = (topic: TopicDefinition, prefix: string): string => `${prefix}${topic.name}`;

export interface TopicSettings {
  readonly prefix: string;
  /** For topics whose definition says `default`. Fixed when a topic is created. */
  readonly partitions: number;
  readonly replication: number;
}

/**
 * Creates the topics that are missing. Answers partition counts by unprefixed name; a count other than the one asked
 * for is an error, since keys would move between partitions and a key would have two writers.
 */
export async function ensureTopics(
  kafka: KafkaPort,
  topics: readonly TopicDefinition[],
  { prefix, partitions, replication }: TopicSettings,
): Promise<ReadonlyMap<string, number>> {
  const wanted = topics.map((definition) => ({
    name: topicName(definition, prefix),
    partitions: definition.partitions === 'default' ? partitions : definition.partitions,
    replication,
    definition,
  }));
  const found = await kafka.ensureTopics(wanted);
  const counts = new Map<string, number>();
  for (const { name, partitions: expected, definition } of wanted) {
    const actual = found.get(name);
    if (actual !== expected)
      throw new Error(
        `Topic ${name} has ${actual} partitions, this service is set to ${expected}. Partition counts are fixed when a ` +
          'topic is created, since keys would change their writer. Set TOPIC_PARTITIONS to the topic’s count, or move ' +
          'the data through a new topic.',
      );
    counts.set(definition.name, actual);
  }
  return counts;
}
