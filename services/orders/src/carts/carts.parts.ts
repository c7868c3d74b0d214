import type { CartOutcome } from '@shelfline/contracts/cart';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import { topicName } from '@shelfline/streaming/topics-setup';
import type { Connection } from 'mongoose';
import type { OrdersConfig } from '../config.js';
import { AskLimit } from '../offers/ask-limit.js';
import { OrderTimelineRepository } from '../timeline/order-timeline.repository.js';
import { CART_LIMIT, CartDesk, decodeCartAnswer } from './cart-desk.js';
import { CartTimes } from './cart-times.js';
import { CartsController } from './carts.controller.js';
import { CART_ENTRIES, CartsRepository, type CartWrites } from './carts.repository.js';
import { CartsIntakeHandler } from './carts-intake.handler.js';
import { CARTS_DUE, cartsStream } from './carts-intake.stream.js';
import { CartsMetrics } from './carts-metrics.js';

export const CART_TOPICS = [TOPICS.cartIntake, TOPICS.cartOutcomes, TOPICS.carts];

/** In ten seconds. A change is a record and a transaction, so a page that asks without end must not fill the topic. */
const MOST_CHANGES = { perAsker: 30, ofAll: 5000 };

export interface CartParts {
  readonly kafka: KafkaPort;
  readonly connection: Connection;
  readonly partitions: ReadonlyMap<string, number>;
  readonly publisher: Publisher;
}

/** The stream of members' carts beside that of orders, and its side of REST. */
export async function buildCarts(
  { config, lifecycle, metrics }: Kit<OrdersConfig>,
  { kafka, connection, partitions, publisher }: CartParts,
) {
  const repository = new CartsRepository(connection);
  await repository.prepare();
  const store = new MongoPartitionStore<CartWrites>({
    connection,
    stream: TOPICS.cartIntake.name,
    entriesCollection: CART_ENTRIES,
    partitions: partitions.get(TOPICS.cartIntake.name)!,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (writes) => writes.flat(),
  });
  await store.prepare();
  const answers = new OutcomeTail<CartOutcome>({
    kafka,
    topicName: topicName(TOPICS.cartOutcomes, config.TOPIC_PREFIX),
    decode: decodeCartAnswer,
    onCrash: (error) => lifecycle.fail(error),
    isOwn: true,
  });
  await answers.start();
  lifecycle.onStop('outbox', 'cart answers', () => answers.stop());
  const due = new EarliestDue();
  const known = { entries: store, carts: repository, orderAnswers: new OrderTimelineRepository(connection) };
  const desk = new CartDesk(publisher, answers, known, config.ORDER_ANSWER_TIMEOUT_MS);
  return {
    stream: cartsStream({ repository, store, due, groupId: `${config.TOPIC_PREFIX}orders-carts` }),
    controllers: [CartsIntakeHandler, CartsController],
    providers: [
      { provide: CartsRepository, useValue: repository },
      { provide: CARTS_DUE, useValue: due },
      { provide: CartTimes, useValue: new CartTimes(config.CART_KEEP_MS) },
      { provide: CartsMetrics, useValue: new CartsMetrics(metrics) },
      { provide: CartDesk, useValue: desk },
      { provide: CART_LIMIT, useValue: new AskLimit(Date.now, MOST_CHANGES) },
    ],
  };
}
