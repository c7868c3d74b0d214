import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { OrdersConfig } from '../config.js';
import { type IntakeServers, openIntakeStore, startAnswers } from '../intake.parts.js';
import { AskLimit } from '../offers/ask-limit.js';
import { OrderTimelineRepository } from '../timeline/order-timeline.repository.js';
import { CART_LIMIT, CartDesk, decodeCartAnswer } from './cart-desk.js';
import { CartTimes } from './cart-times.js';
import { CartsController } from './carts.controller.js';
import { CART_ENTRIES, CartsRepository } from './carts.repository.js';
import { CartsIntakeHandler } from './carts-intake.handler.js';
import { CARTS_DUE, cartsStream } from './carts-intake.stream.js';
import { CartsMetrics } from './carts-metrics.js';

export const CART_TOPICS = [TOPICS.cartIntake, TOPICS.cartOutcomes, TOPICS.carts];

/** In ten seconds. A change is a record and a transaction, so a page that asks without end must not fill the topic. */
const MOST_CHANGES = { perAsker: 30, ofAll: 5000 };

/** The stream of members' carts beside that of orders, and its side of REST. */
export async function buildCarts(kit: Kit<OrdersConfig>, servers: IntakeServers) {
  const { config, metrics } = kit;
  const { kafka, connection, publisher } = servers;
  const repository = new CartsRepository(connection);
  const store = await openIntakeStore(servers, TOPICS.cartIntake, CART_ENTRIES, repository);
  const answers = await startAnswers(kit, kafka, TOPICS.cartOutcomes, decodeCartAnswer);
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
