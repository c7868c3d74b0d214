import { versionInHeaders } from '@shelfline/contracts/record-headers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { GatewayConfig } from '../config.js';
import { epochOf } from '../sockets/epoch.js';
import { Follower, type FollowerOutlet, type HeldState } from '../sockets/follower.js';
import { readWhenScraped } from '../sockets/read-when-scraped.js';
import { systemTimer } from '../sockets/system-timer.js';
import { CartWatching } from './cart-watching.js';
import { decodeCart } from './held-cart.js';

/** A shopper has one; somebody who serves several at a time opens and leaves them. */
const MOST_CARTS = 20;

/** Members' carts → the screens on which they are open. */
export async function cartParts({ config, lifecycle, metrics }: Kit<GatewayConfig>, kafka: KafkaPort) {
  const topic = TOPICS.carts;
  await ensureTopics(kafka, [topic], {
    prefix: config.TOPIC_PREFIX,
    partitions: config.TOPIC_PARTITIONS,
    replication: config.TOPIC_REPLICATION,
  });
  const table = new Table<HeldState>({
    kafka,
    topic,
    topicName: topicName(topic, config.TOPIC_PREFIX),
    decode: decodeCart,
    versionOf: ({ version }) => version,
    tombstoneVersionOf: ({ headers }) => versionInHeaders(headers),
    onCrash: (error) => lifecycle.fail(error),
  });
  const watching = new CartWatching({
    find: (memberId) => table.get(memberId),
    epoch: epochOf(await kafka.clusterId(), topicName(topic, config.TOPIC_PREFIX)),
    maxPerSocket: MOST_CARTS,
  });
  table.onChange((changes) => {
    // A cart expires when nobody touched it for months: a screen that is open still keeps what it shows.
    for (const { key, value } of changes) if (value) watching.changed(key, value);
  });
  await table.start();
  lifecycle.onStop('intake', 'cart table', () => table.stop());
  table.ready.catch((error: Error) => lifecycle.fail(error));
  const counts = { pushed: 0, conflated: 0 };
  const { gauge, counter } = readWhenScraped(metrics);
  gauge('shelfline_gateway_watched_carts', 'Members’ carts that are open on a screen', () => watching.size);
  gauge('shelfline_gateway_cart_keys', 'Members’ carts held for their screens', () => table.size);
  gauge('shelfline_gateway_cart_lag_records', 'Records of members’ carts not yet read', () => table.lagRecords());
  counter('shelfline_gateway_carts_pushed_total', 'States of members’ carts sent', () => counts.pushed);
  counter(
    'shelfline_gateway_carts_conflated_total',
    'States of members’ carts replaced by a newer one before they were sent',
    () => counts.conflated,
  );
  counter(
    'shelfline_gateway_carts_unreadable_total',
    'Records of members’ carts that could not be read',
    () => table.unreadable,
  );
  const followerOf = (outlet: FollowerOutlet): Follower =>
    new Follower({ outlet, timer: systemTimer, behindAtBytes: config.BEHIND_AT_BYTES, counts });
  return { watching, table, followerOf };
}
