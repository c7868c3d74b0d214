import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import { RefusedTrackingToken, TrackingTokens } from '@shelfline/service-kit/tracking-tokens';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import type { GatewayConfig } from '../config.js';
import type { Verify } from '../sockets/admission.js';
import { followedTable } from '../sockets/followed-table.js';
import { readWhenScraped } from '../sockets/read-when-scraped.js';
import { NO_TRACKING_KEYS, orLinks } from './customer.js';
import { OrderTracking } from './order-tracking.js';
import { decodeTracked } from './tracked-order.js';

/** Orders as their customers see them → whoever follows one by its signed link. */
export async function trackingParts(kit: Kit<GatewayConfig>, kafka: KafkaPort) {
  const { config, metrics } = kit;
  const followed = { topic: TOPICS.orderTracking, decode: decodeTracked, name: 'tracking table' };
  const { table, find, epoch, counts, followerOf, start } = await followedTable(kit, kafka, followed);
  const tokens = config.TRACKING_KEYS && new TrackingTokens(config.TRACKING_KEYS.reveal());
  const tracking = new OrderTracking({
    verify: async (token) => {
      if (tokens) return tokens.verify(token, Date.now());
      throw new RefusedTrackingToken(NO_TRACKING_KEYS);
    },
    find,
    epoch,
    maxPerSocket: config.MAX_ORDERS_PER_SOCKET,
  });
  await start((orderId, held) => tracking.changed(orderId, held));
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
  return { tracking, table, followerOf, orLinks: (verify: Verify) => orLinks(verify, tokens, Date.now) };
}
