import { describe, expect, it } from '@jest/globals';
import { WaitingOrders } from './waiting-orders.js';

function scene(answer = () => Promise.resolve({ orders: 3, oldestPlacedAtMs: 40_000 as number | undefined })) {
  const asked: (readonly number[])[] = [];
  const at = { nowMs: 100_000 };
  const repository = {
    readWaiting: (partitions: readonly number[]) => {
      asked.push(partitions);
      return answer();
    },
  };
  return { asked, at, waiting: new WaitingOrders(repository, () => at.nowMs) };
}

describe('orders that wait', () => {
  it('are those of the partitions whose batches come here', async () => {
    const { waiting, asked } = scene();
    waiting.seen(4);
    waiting.seen(1);
    expect(await waiting.read()).toEqual({ orders: 3, oldestSeconds: 60 });
    expect(asked).toEqual([[4, 1]]);
  });

  it('are none where no partition is owned, and nobody is asked', async () => {
    const { waiting, asked } = scene();
    expect(await waiting.read()).toEqual({ orders: 0, oldestSeconds: 0 });
    expect(asked).toEqual([]);
  });

  it('of a partition that went to another instance are not counted any more', async () => {
    const { waiting, asked, at } = scene();
    waiting.seen(1);
    at.nowMs += 10_000;
    waiting.seen(2);
    at.nowMs += 6000;
    await waiting.read();
    expect(asked).toEqual([[2]]);
  });

  it('are asked for once in fifteen seconds, and grow older meanwhile', async () => {
    const { waiting, asked, at } = scene();
    waiting.seen(1);
    await waiting.read();
    at.nowMs += 14_000;
    waiting.seen(1);
    expect(await waiting.read()).toEqual({ orders: 3, oldestSeconds: 74 });
    expect(asked).toHaveLength(1);
    at.nowMs += 1000;
    await waiting.read();
    expect(asked).toHaveLength(2);
  });

  it('are asked for again at once where the database did not answer', async () => {
    let isAway = true;
    const { waiting, asked } = scene(() =>
      isAway ? Promise.reject(new Error('away')) : Promise.resolve({ orders: 0, oldestPlacedAtMs: undefined }),
    );
    waiting.seen(1);
    await expect(waiting.read()).rejects.toThrow('away');
    isAway = false;
    expect(await waiting.read()).toEqual({ orders: 0, oldestSeconds: 0 });
    expect(asked).toHaveLength(2);
  });
});
