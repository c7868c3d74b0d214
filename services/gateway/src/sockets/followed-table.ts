import { versionInHeaders } from '@shelfline/contracts/record-headers';
import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import type { KafkaPort, ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { GatewayConfig } from '../config.js';
import { epochOf } from './epoch.js';
import { Follower, type FollowerOutlet, type HeldState } from './follower.js';
import { systemTimer } from './system-timer.js';

export interface FollowedTopic {
  readonly topic: TopicDefinition;
  readonly decode: (record: ReceivedRecord) => HeldState | undefined;
  /** As it is named while the gateway stops. */
  readonly name: string;
}

/** The last states on a compacted topic, for screens that each follow a few of them. */
export async function followedTable(
  { config, lifecycle }: Kit<GatewayConfig>,
  kafka: KafkaPort,
  { topic, decode, name }: FollowedTopic,
) {
  await ensureTopics(kafka, [topic], {
    prefix: config.TOPIC_PREFIX,
    partitions: config.TOPIC_PARTITIONS,
    replication: config.TOPIC_REPLICATION,
  });
  const ownName = topicName(topic, config.TOPIC_PREFIX);
  const table = new Table<HeldState>({
    kafka,
    topic,
    topicName: ownName,
    decode,
    versionOf: ({ version }) => version,
    tombstoneVersionOf: ({ headers }) => versionInHeaders(headers),
    onCrash: (error) => lifecycle.fail(error),
  });
  const epoch = epochOf(await kafka.clusterId(), ownName);
  const counts = { pushed: 0, conflated: 0 };
  const followerOf = (outlet: FollowerOutlet): Follower =>
    new Follower({ outlet, timer: systemTimer, behindAtBytes: config.BEHIND_AT_BYTES, counts });
  const start = async (changed: (key: string, held: HeldState) => void): Promise<void> => {
    table.onChange((changes) => {
      // A tombstone is no news: a screen that is open keeps what it shows last.
      for (const { key, value } of changes) if (value) changed(key, value);
    });
    await table.start();
    lifecycle.onStop('intake', name, () => table.stop());
    table.ready.catch((error: Error) => lifecycle.fail(error));
  };
  return { table, epoch, counts, followerOf, start };
}
