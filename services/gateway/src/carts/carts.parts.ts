import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import type { GatewayConfig } from '../config.js';
import { followedTable } from '../sockets/followed-table.js';
import { readWhenScraped } from '../sockets/read-when-scraped.js';
import { CartWatching } from './cart-watching.js';
import { decodeCart, decodeExpiry } from './held-cart.js';

/** A shopper has one; somebody who serves several at a time opens and leaves them. */
const MOST_CARTS = 20;

/** Members' carts → the screens on which they are open. */
export async function cartParts(kit: Kit<GatewayConfig>, kafka: KafkaPort) {
  const followed = { topic: TOPICS.carts, decode: decodeCart, decodeEnd: decodeExpiry, name: 'cart table' };
  const { table, find, epoch, counts, followerOf, start } = await followedTable(kit, kafka, followed);
  const watching = new CartWatching({ find, epoch, maxPerSocket: MOST_CARTS });
  await start((memberId, held) => watching.changed(memberId, held));
  const { gauge, counter } = readWhenScraped(kit.metrics);
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
  return { watching, table, followerOf };
}
