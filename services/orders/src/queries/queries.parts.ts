import type { Connection } from 'mongoose';
import { ErasureController } from '../privacy/erasure.controller.js';
import { OrderTimelineRepository } from '../timeline/order-timeline.repository.js';
import { TimelineController } from '../timeline/timeline.controller.js';
import { OrderListController } from './order-list.controller.js';
import { OrderListRepository } from './order-list.repository.js';

/** Lists, exports and timelines: what people ask of orders, beside what decides them. */
export async function queryParts(connection: Connection) {
  const lists = new OrderListRepository(connection);
  await lists.prepare();
  const timelines = new OrderTimelineRepository(connection);
  await timelines.prepare();
  return {
    controllers: [OrderListController, ErasureController, TimelineController],
    providers: [
      { provide: OrderListRepository, useValue: lists },
      { provide: OrderTimelineRepository, useValue: timelines },
    ],
  };
}
