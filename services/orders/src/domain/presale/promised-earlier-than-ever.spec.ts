import { describe, expect, it } from '@jest/globals';
import { NOW_MS, placing } from '../../testing/order-cases.js';
import { OrderScene } from '../../testing/order-scene.js';
import { backorderedOf } from './backorder-state.js';

const dayAt = (days: number): string => new Date(NOW_MS + days * 24 * 3_600_000).toISOString();

/** Promised by the twentieth day, and awaited; `day`: of the delivery, as it was told before. */
const awaiting = (day?: number): OrderScene => {
  const scene = new OrderScene({});
  scene.expect('A', 'dc', 5);
  scene.when(placing({ A: 3 }, { wish: 'backorder', promisedBy: dayAt(20) }));
  scene.redate('A', 'dc', dayAt(10)).deliverAll();
  const { order } = scene;
  scene.orders.set(order.orderId, { ...order, placed: { ...order.placed, promisedBy: dayAt(20) } });
  return scene.redate('A', 'dc', day === undefined ? undefined : dayAt(day)).deliverAll();
};
const promisedBy = ({ order }: OrderScene) => order.placed.promisedBy;

describe('what the customer was promised, while the day of its delivery moves', () => {
  it('stayed where it was when a day was lost and told anew, and was weeks earlier once that day moved back', () => {
    const scene = awaiting().redate('A', 'dc', dayAt(30)).deliverAll();
    expect(promisedBy(scene)).toBe(dayAt(40));
    expect(promisedBy(scene.redate('A', 'dc', dayAt(10)).deliverAll())).toBe(dayAt(20));
    expect(scene.order).not.toHaveProperty('lostDayMs');
  });

  it('was earlier than the goods could leave, where the first day that was told was too late a one', () => {
    const scene = awaiting(40);
    const { order } = scene;
    scene.orders.set(order.orderId, { ...order, placed: { ...order.placed, promisedBy: dayAt(20) } });
    scene.redate('A', 'dc', dayAt(10)).deliverAll();
    expect(promisedBy(scene)).toBe(backorderedOf(scene.order).expectedAt);
  });
});
