import { expect, it } from '@jest/globals';
import { StoreTask } from '@shelfline/contracts/order-view';
import { taskOutput } from '../order-outputs.js';
import { orderView } from '../order-views.js';
import { placing } from '../testing/order-cases.js';
import { given } from '../testing/order-scene.js';

const PROMISED_BY = '2026-06-02T20:00:00+08:00';

it('an order shows by when it was promised, and so does each of its tasks', () => {
  const { order } = given({ A: { 'shop-1': 1 } }, placing({ A: 1 }, { promisedBy: PROMISED_BY }));
  expect(orderView(order).promisedBy).toBe(PROMISED_BY);
  expect(StoreTask.parse(taskOutput(order, order.tasks[0]!).value).promisedBy).toBe(PROMISED_BY);
});

it('an order that took no offer, as those of before, shows none', () => {
  const { order } = given({ A: { 'shop-1': 1 } }, placing());
  expect(orderView(order)).not.toHaveProperty('promisedBy');
  expect(taskOutput(order, order.tasks[0]!).value).not.toHaveProperty('promisedBy');
});
