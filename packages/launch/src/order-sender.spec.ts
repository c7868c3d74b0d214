import { describe, expect, it } from '@jest/globals';
import type { OnlineOrder } from './derived-orders.js';
import { OrderSender } from './order-sender.js';

const order = (orderId: string) => ({ orderId }) as OnlineOrder;
const all = (count: number) => ({ placed: count, outOfStock: 0, pending: 0, refused: 0 });

describe('the orders of a replay', () => {
  it('hold back the place to go on at until they are answered, and no sale waits for that', async () => {
    const answers: (() => void)[] = [];
    const sender = new OrderSender({
      send: <T>(_: string, __: string, body?: unknown) =>
        new Promise<T>((resolve) => answers.push(() => resolve(all((body as unknown[]).length) as T))),
    });
    for (const at of [3, 7, 9, 12, 20]) await sender.add(at, order(`o${at}`));
    expect(answers).toHaveLength(3);
    answers[1]!();
    await Promise.resolve();
    expect(sender.firstUnanswered()).toBe(3);
    answers[0]!();
    answers[2]!();
    while (answers.length < 4) await Promise.resolve();
    expect(sender.firstUnanswered()).toBe(12);
    answers[3]!();
    await sender.settle();
    expect(sender.firstUnanswered()).toBeUndefined();
    expect(sender.counts).toEqual(all(5));
  });

  it('end the replay when they cannot be sent, instead of waiting for ever', async () => {
    const failures: (() => void)[] = [];
    const sender = new OrderSender({
      send: () => new Promise((_, reject) => failures.push(() => reject(new Error('gone')))),
    });
    for (let at = 1; at <= 5; at++) await sender.add(at, order(`o${at}`));
    for (const fail of failures) fail();
    await expect(sender.settle()).rejects.toThrow('gone');
    await expect(sender.add(9, order('o9'))).rejects.toThrow('gone');
    expect(sender.firstUnanswered()).toBe(1);
    expect(failures).toHaveLength(3);
  });
});
