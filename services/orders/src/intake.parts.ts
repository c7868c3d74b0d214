import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { MongoPartitionStore, type MongoPartitionStoreOptions } from '@shelfline/streaming/mongo-partition-store';
import { OutcomeTail, type OutcomeTailOptions } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import { topicName } from '@shelfline/streaming/topics-setup';
import type { Connection } from 'mongoose';
import type { OrdersConfig } from './config.js';

export interface IntakeServers {
  readonly kafka: KafkaPort;
  readonly connection: Connection;
  /** By the topic's name, without its prefix. */
  readonly partitions: ReadonlyMap<string, number>;
  readonly publisher: Publisher;
}
/** Of a transaction it writes each thing whole, once. */
interface Repository<T> {
  prepare(): Promise<void>;
  readonly write: MongoPartitionStoreOptions<readonly T[]>['write'];
}

/** Where a stream beside that of orders keeps what it decided. */
export async function openIntakeStore<T>(
  { connection, partitions }: Pick<IntakeServers, 'connection' | 'partitions'>,
  { name: stream }: TopicDefinition,
  entriesCollection: string,
  repository: Repository<T>,
): Promise<MongoPartitionStore<readonly T[]>> {
  await repository.prepare();
  const store = new MongoPartitionStore<readonly T[]>({
    connection,
    stream,
    entriesCollection,
    partitions: partitions.get(stream)!,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (writes) => writes.flatMap((own) => own),
  });
  await store.prepare();
  return store;
}

/** What requests to this process wait for; read until nobody can ask any more. */
export async function startAnswers<T>(
  { config, lifecycle }: Kit<OrdersConfig>,
  kafka: KafkaPort,
  topic: TopicDefinition,
  decode: OutcomeTailOptions<T>['decode'],
): Promise<OutcomeTail<T>> {
  const answers = new OutcomeTail<T>({
    kafka,
    topicName: topicName(topic, config.TOPIC_PREFIX),
    decode,
    onCrash: (error) => lifecycle.fail(error),
    isOwn: true,
  });
  await answers.start();
  lifecycle.onStop('outbox', topic.name, () => answers.stop());
  return answers;
}
