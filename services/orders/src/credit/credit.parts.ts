import { TOPICS } from '@shelfline/contracts/topics';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import type { Connection } from 'mongoose';
import type { OrdersConfig } from '../config.js';
import type { CreditPort } from './credit-port.js';
import { CREDIT_PORT, CreditRequestsHandler } from './credit-requests.handler.js';
import { creditStream } from './credit-requests.stream.js';
import { HttpCredit } from './http-credit.js';

const TRIES = 2;
const OPEN_AFTER_FAILURES = 5;
const TRY_AFTER_MS = 5000;

/** Credit of business buyers: its stream, and the connector that is configured. */
export async function buildCredit(
  config: OrdersConfig,
  connection: Connection,
  partitions: ReadonlyMap<string, number>,
) {
  const store = new MongoPartitionStore<null>({
    connection,
    stream: TOPICS.creditRequests.name,
    entriesCollection: 'credit_entries',
    partitions: partitions.get(TOPICS.creditRequests.name)!,
    write: () => {},
    merge: () => null,
  });
  await store.prepare();
  return {
    givesCredit: config.CREDIT_URL !== undefined,
    stream: creditStream(store, `${config.TOPIC_PREFIX}orders-credit`),
    controllers: [CreditRequestsHandler],
    providers: [{ provide: CREDIT_PORT, useValue: portOf(config) }],
  };
}

const portOf = ({ CREDIT_URL, CREDIT_TOKEN, CREDIT_TIMEOUT_MS }: OrdersConfig): CreditPort =>
  CREDIT_URL === undefined
    ? NOBODY
    : new HttpCredit({
        url: CREDIT_URL,
        timeoutMs: CREDIT_TIMEOUT_MS,
        tries: TRIES,
        token: CREDIT_TOKEN,
        circuit: { openAfter: OPEN_AFTER_FAILURES, tryAfterMs: TRY_AFTER_MS, now: () => performance.now() },
      });

/** Orders that were taken while there was one wait until there is one again. */
const NOBODY: CreditPort = {
  hold: () => Promise.resolve({ result: 'unavailable', reason: 'no connector is configured (CREDIT_URL)' }),
};
