import { describe, expect, it } from '@jest/globals';
import { PublishQueue } from './publish-queue.js';

const held = () => {
  let settle!: (error?: Error) => void;
  const gate = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  return { gate, settle };
};
/** Until everything that can go on has gone on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('outputs on their way', () => {
  it('go one batch after the other, and count as published in order', async () => {
    const queue = new PublishQueue(3);
    const sent: string[] = [];
    const first = held();
    queue.add(async () => {
      sent.push('a');
      await first.gate;
    }, 5);
    queue.add(async () => void sent.push('b'), 9);
    await turn();
    expect([sent, queue.published, queue.length]).toEqual([['a'], 3, 2]);
    let isRoom = false;
    void queue.untilAtMost(1).then(() => (isRoom = true));
    await turn();
    expect(isRoom).toBe(false);
    first.settle();
    await queue.all();
    expect([sent, queue.published, queue.length, isRoom]).toEqual([['a', 'b'], 9, 0, true]);
  });

  it('are not sent after one that failed: they would overtake it', async () => {
    const queue = new PublishQueue(0);
    const sent: string[] = [];
    queue.add(() => Promise.reject(new Error('away')), 5);
    queue.add(async () => void sent.push('b'), 9);
    await queue.all();
    expect([sent, queue.published, queue.failure?.message]).toEqual([[], 0, 'away']);
  });

  it('are not sent once the partition is given up, and a new claim’s follow what was being sent', async () => {
    const former = new PublishQueue(0);
    const sent: string[] = [];
    const slow = held();
    former.add(async () => {
      await slow.gate;
      sent.push('a');
    }, 5);
    former.add(async () => void sent.push('b'), 9);
    await turn();
    former.giveUp();
    const queue = new PublishQueue(0, former);
    queue.add(async () => void sent.push('again'), 9);
    await turn();
    expect(sent).toEqual([]);
    slow.settle();
    await queue.all();
    expect([sent, queue.published]).toEqual([['a', 'again'], 9]);
  });
});
