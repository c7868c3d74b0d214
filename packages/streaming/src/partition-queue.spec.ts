import { describe, expect, it } from '@jest/globals';
import { RecordTooLargeError } from './errors.js';
import { encodeRecords } from './kafka-writer.js';
import { PartitionQueue } from './partition-queue.js';
import { type RecordToSend, recordsIn } from './records-to-send.js';
import { settle } from './testing/manual-clock.js';

const record = (value: string): RecordToSend => ({ key: 'k', value });

/** A queue whose requests are answered by the test, one by one. */
function createQueue() {
  const requests: { values: string[]; answer: (offset: number) => void; fail: (error: Error) => void }[] = [];
  const time = { nowMs: 0 };
  const queue = new PartitionQueue({
    name: 't/0',
    request: (records) =>
      new Promise((answer, fail) =>
        requests.push({ values: recordsIn(records).map(({ value }) => String(value)), answer, fail }),
      ),
    maxWaitMs: 1000,
    nowMs: () => time.nowMs,
  });
  return { queue, requests, time };
}

describe('PartitionQueue', () => {
  it('sends encoded records as they are: in their turn, in a request of their own', async () => {
    const { queue, requests } = createQueue();
    const sent = ['a', 'b', 'c', 'd'].map((value) => {
      const [encoded] = encodeRecords('t/0', [record(value)]);
      return queue.push(value === 'b' || value === 'c' ? encoded! : [record(value)]);
    });
    for (const [i, value] of ['a', 'b', 'c', 'd'].entries()) {
      await settle();
      expect(requests.map(({ values }) => values).slice(i)).toEqual([[value]]);
      requests[i]!.answer(10 + i);
      expect(await sent[i]).toBe(10 + i);
    }
  });

  it('has one request in flight; the next takes all that came meanwhile, in order', async () => {
    const { queue, requests } = createQueue();
    const first = queue.push([record('a')]);
    await settle();
    const second = queue.push([record('b'), record('c')]);
    const third = queue.push([record('d')]);
    await settle();
    expect(requests.map(({ values }) => values)).toEqual([['a']]);
    requests[0]!.answer(10);
    await settle();
    expect(requests[1]!.values).toEqual(['b', 'c', 'd']);
    requests[1]!.answer(11);
    expect(await Promise.all([first, second, third])).toEqual([10, 11, 13]);
  });

  it('rejects only the records of a failed request and goes on', async () => {
    const { queue, requests } = createQueue();
    const first = queue.push([record('a')]);
    await settle();
    const second = queue.push([record('b')]);
    requests[0]!.fail(new Error('no leader'));
    await expect(first).rejects.toThrow('no leader');
    await settle();
    requests[1]!.answer(5);
    expect(await second).toBe(5);
  });

  it('measures bytes, not characters: wide ones make smaller requests', async () => {
    const { queue, requests } = createQueue();
    void queue.push(Array.from({ length: 4 }, () => record('货'.repeat(100_000))));
    await settle();
    expect(requests[0]!.values).toHaveLength(2);
  });

  it('refuses a record that no request could carry, before anything is sent', async () => {
    const { queue, requests } = createQueue();
    await expect(queue.push([record('x'.repeat(1_000_000))])).rejects.toBeInstanceOf(RecordTooLargeError);
    expect(requests).toEqual([]);
  });

  it('refuses unsent what waited too long behind a partition that takes nothing', async () => {
    const { queue, requests, time } = createQueue();
    const first = queue.push([record('a')]);
    await settle();
    const second = queue.push([record('b')]);
    time.nowMs = 1001;
    requests[0]!.fail(new Error('no leader'));
    await expect(first).rejects.toThrow('no leader');
    await expect(second).rejects.toThrow('took none for 1000 ms');
    expect(requests).toHaveLength(1);
  });

  it('refuses what would fill the memory', async () => {
    const { queue } = createQueue();
    void queue.push([record('a')]);
    await settle();
    const big = Array.from({ length: 70 }, () => record('x'.repeat(900_000)));
    void queue.push(big);
    await expect(queue.push(big)).rejects.toThrow('bytes wait for it already');
  });
});
