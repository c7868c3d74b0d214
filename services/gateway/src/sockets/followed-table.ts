import { versionInHeaders } from '@shelfline/contracts/record-headers';
import type { TopicDefinition } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import type { KafkaPort, ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { GatewayConfig } from '../config.js';
import { EndedStates } from './ended-states.js';
import { epochOf } from './epoch.js';
import { Follower, type FollowerOutlet, type HeldState } from './follower.js';
import { systemTimer } from './system-timer.js';

export interface FollowedTopic {
  readonly topic: TopicDefinition;
  readonly decode: (record: ReceivedRecord) => HeldState | undefined;
  /** Of a tombstone, what its screens are to show; absent, or undefined: they keep what they show last. */
  readonly decodeEnd?: (record: ReceivedRecord) => HeldState | undefined;
  /** As it is named while the gateway stops. */
  readonly name: string;
}

/** Some 200 bytes each. */
const MOST_ENDED = 50_000;

/** The last states on a compacted topic, for screens that each follow a few of them. */
export async function followedTable(
  { config, lifecycle }: Kit<GatewayConfig>,
  kafka: KafkaPort,
  { topic, decode, decodeEnd, name }: FollowedTopic,
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
    ...(decodeEnd ? { tellsEveryTombstone: true as const } : {}),
    onCrash: (error) => lifecycle.fail(error),
  });
  const epoch = epochOf(await kafka.clusterId(), ownName);
  const ended = new EndedStates(MOST_ENDED);
  const find = (key: string): HeldState | undefined => ended.newest(key, table.get(key));
  const counts = { pushed: 0, conflated: 0 };
  const followerOf = (outlet: FollowerOutlet): Follower =>
    new Follower({ outlet, timer: systemTimer, behindAtBytes: config.BEHIND_AT_BYTES, counts });
  const start = async (changed: (key: string, held: HeldState) => void): Promise<void> => {
    table.onChange((changes) => {
      for (const { key, value, record } of changes) {
        const held = value ?? decodeEnd?.(record);
        if (!held) continue;
        if (value) ended.begun(key, held);
        else ended.ended(key, held);
        changed(key, held);
      }
    });
    await table.start();
    lifecycle.onStop('intake', name, () => table.stop());
    table.ready.catch((error: Error) => lifecycle.fail(error));
  };
  return { table, find, epoch, counts, followerOf, start };
}
