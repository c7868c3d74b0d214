import { versionInHeaders } from '@shelfline/contracts/record-headers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import { RefusedTrackingToken, TrackingTokens } from '@shelfline/service-kit/tracking-tokens';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { GatewayConfig } from '../config.js';
import type { Verify } from '../sockets/admission.js';
import { epochOf } from '../sockets/epoch.js';
import { Follower, type FollowerOutlet, type HeldState } from '../sockets/follower.js';
import { readWhenScraped } from '../sockets/read-when-scraped.js';
import { systemTimer } from '../sockets/system-timer.js';
import { NO_TRACKING_KEYS, orLinks } from './customer.js';
import { OrderTracking } from './order-tracking.js';
import { decodeTracked } from './tracked-order.js';

/** Orders as their customers see them → whoever follows one by its signed link. */
export async function trackingParts({ config, lifecycle, metrics }: Kit<GatewayConfig>, kafka: KafkaPort) {
  const topic = TOPICS.orderTracking;
  await ensureTopics(kafka, [topic], {
    prefix: config.TOPIC_PREFIX,
    partitions: config.TOPIC_PARTITIONS,
    replication: config.TOPIC_REPLICATION,
  });
  const table = new Table<HeldState>({
    kafka,
    topic,
    topicName: topicName(topic, config.TOPIC_PREFIX),
    decode: decodeTracked,
    versionOf: ({ version }) => version,
    tombstoneVersionOf: ({ headers }) => versionInHeaders(headers),
    onCrash: (error) => lifecycle.fail(error),
  });
  const tokens = config.TRACKING_KEYS && new TrackingTokens(config.TRACKING_KEYS.reveal());
  const tracking = new OrderTracking({
    verify: async (token) => {
      if (tokens) return tokens.verify(token, Date.now());
      throw new RefusedTrackingToken(NO_TRACKING_KEYS);
    },
    find: (orderId) => table.get(orderId),
    epoch: epochOf(await kafka.clusterId(), topicName(topic, config.TOPIC_PREFIX)),
    maxPerSocket: config.MAX_ORDERS_PER_SOCKET,
  });
  table.onChange((changes) => {
    // A tombstone is no news: the screen keeps what it shows last.
    for (const { key, value } of changes) if (value) tracking.changed(key, value);
  });
  await table.start();
  lifecycle.onStop('intake', 'tracking table', () => table.stop());
  table.ready.catch((error: Error) => lifecycle.fail(error));
  const counts = { pushed: 0, conflated: 0 };
  const { gauge, counter } = readWhenScraped(metrics);
  gauge('shelfline_gateway_tracked_orders', 'Orders that somebody follows', () => tracking.size);
  gauge('shelfline_gateway_tracking_keys', 'Orders held for those who follow them', () => table.size);
  gauge('shelfline_gateway_tracking_lag_records', 'Records of orders to follow not yet read', () => table.lagRecords());
  counter('shelfline_gateway_tracking_pushed_total', 'States of orders sent', () => counts.pushed);
  counter(
    'shelfline_gateway_tracking_conflated_total',
    'States of orders replaced by a newer one before they were sent',
    () => counts.conflated,
  );
  counter(
    'shelfline_gateway_tracking_unreadable_total',
    'Records of orders to follow that could not be read',
    () => table.unreadable,
  );
  const followerOf = (outlet: FollowerOutlet): Follower =>
    new Follower({ outlet, timer: systemTimer, behindAtBytes: config.BEHIND_AT_BYTES, counts });
  return { tracking, table, followerOf, orLinks: (verify: Verify) => orLinks(verify, tokens, Date.now) };
}
