import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EchoTail } from './echo-tail.js';
import type { ReceivedRecord } from './kafka-port.js';

const NAME = 't/0';
const QUIET_MS = 1000;

/** A log that we and others append to, a fetcher that reads from it when told, and what the tail handed over. */
class Scene {
  readonly log: { readonly by: 'us' | 'others'; readonly text: string }[] = [];
  readonly handedOver: ReceivedRecord[] = [];
  readonly crashes: string[] = [];
  readonly unconfirmed: { offset: number; count: number }[] = [];
  fetchingAt: number | undefined;
  fetchedRecords = 0;
  private nowMs = 0;
  readonly tail: EchoTail;

  constructor(from = 0, onRecords?: () => void) {
    this.tail = new EchoTail(
      {
        from: new Map([[NAME, from]]),
        onRecords: onRecords ?? ((records) => void this.handedOver.push(...records)),
        onCrash: ({ message }) => this.crashes.push(message),
        nowMs: () => this.nowMs,
      },
      {
        fetchFrom: (_, __, offset) => {
          this.fetchingAt = offset;
        },
        pause: () => {
          this.fetchingAt = undefined;
        },
      },
    );
  }

  others(count: number): void {
    for (let i = 0; i < count; i++) this.log.push({ by: 'others', text: String(this.log.length) });
  }
  send(count: number): void {
    this.unconfirmed.push({ offset: this.log.length, count });
    for (let i = 0; i < count; i++) this.log.push({ by: 'us', text: String(this.log.length) });
  }
  confirm(): void {
    const send = this.unconfirmed.shift();
    if (!send) return;
    const records = this.log
      .slice(send.offset, send.offset + send.count)
      .map(({ text }) => ({ key: 'k', value: text, sharedHeaders: { of: 'all' }, headers: { of: 'one', id: text } }));
    this.tail.confirmed({ topic: 't', partition: 0, offset: send.offset, appendedAtMs: 5, records });
  }
  fetch(most: number): void {
    const from = this.fetchingAt;
    if (from === undefined || from >= this.log.length) return;
    const records = this.log.slice(from, from + most).map((_, i) => this.recordAt(from + i));
    this.fetchedRecords += records.length;
    this.fetchingAt = from + records.length;
    void this.tail.fetched('t', 0, records, this.log.length);
  }
  recordAt(offset: number): ReceivedRecord {
    const value = Buffer.from(this.log[offset]!.text);
    return { topic: 't', partition: 0, offset, timestampMs: 5, key: 'k', value, headers: {} };
  }
  wait(ms: number): void {
    this.nowMs += ms;
    this.tail.lookForOthers();
  }
  async settle(): Promise<void> {
    while (this.unconfirmed.length > 0) this.confirm();
    this.wait(QUIET_MS);
    for (let left = this.log.length + 1; left > 0; left--) this.fetch(3);
    await new Promise((resolve) => setImmediate(resolve));
  }
  get offsets(): number[] {
    return this.handedOver.map(({ offset }) => offset);
  }
}

describe('EchoTail', () => {
  it('hands over own records without fetching them, as a broker would give them back', async () => {
    const scene = new Scene();
    scene.send(2);
    scene.confirm();
    scene.send(1);
    scene.confirm();
    expect(scene.fetchingAt).toBeUndefined();
    await scene.settle();
    expect(scene.fetchedRecords).toBe(0);
    expect(scene.offsets).toEqual([0, 1, 2]);
    const [, second] = scene.handedOver;
    expect(second).toMatchObject({ topic: 't', partition: 0, timestampMs: 5, key: 'k' });
    expect(second!.value!.toString()).toBe('1');
    expect([second!.header!('of'), second!.header!('id'), second!.headers]).toEqual([
      'all',
      '1',
      { of: 'all', id: '1' },
    ]);
  });

  it('fetches what others wrote before an own send, and hands it over first', async () => {
    const scene = new Scene();
    scene.send(1);
    scene.confirm();
    scene.others(2);
    scene.send(1);
    scene.confirm();
    expect(scene.fetchingAt).toBe(1);
    scene.fetch(10);
    expect(scene.fetchingAt).toBeUndefined();
    await scene.settle();
    expect(scene.offsets).toEqual([0, 1, 2, 3]);
  });

  it('finds what others write after the last own send once it is quiet', async () => {
    const scene = new Scene();
    scene.send(1);
    scene.confirm();
    scene.others(1);
    scene.wait(QUIET_MS);
    expect(scene.fetchingAt).toBe(1);
    await scene.settle();
    expect(scene.offsets).toEqual([0, 1]);
  });

  it('begins where it is told to', async () => {
    const scene = new Scene(2);
    scene.others(3);
    await scene.settle();
    expect(scene.offsets).toEqual([2]);
  });

  it('tells of a log that ends before what was read: it was made anew or cut', () => {
    const scene = new Scene(7);
    scene.others(1);
    scene.fetchingAt = 0;
    scene.fetch(1);
    expect(scene.crashes).toEqual([expect.stringContaining('made anew or cut')]);
  });

  it('a-young-leader-looked-like-a-cut: takes a high watermark below own records for what it is', () => {
    const scene = new Scene();
    scene.others(4);
    scene.send(5);
    // Before the gap was fetched.
    scene.confirm();
    const young = (from: number, to: number, end: number) => {
      const records = [...Array(to - from).keys()].map((i) => scene.recordAt(from + i));
      void scene.tail.fetched('t', 0, records, end);
    };
    young(0, 4, 6);
    young(4, 6, 6);
    expect(scene.crashes).toEqual([]);
  });

  it('tells of a log that was made anew while it is written', () => {
    const scene = new Scene();
    scene.send(3);
    scene.confirm();
    scene.tail.confirmed({ topic: 't', partition: 0, offset: 1, appendedAtMs: 5, records: [{ key: 'k', value: 'v' }] });
    expect(scene.crashes).toEqual([expect.stringContaining('made anew or cut')]);
  });

  it('tells of a reader that fails, and gives it nothing more', async () => {
    let calls = 0;
    const scene = new Scene(0, () => {
      calls++;
      throw new Error('cannot go on');
    });
    scene.send(1);
    scene.confirm();
    scene.send(1);
    scene.confirm();
    await scene.settle();
    expect([calls, scene.crashes]).toEqual([1, ['cannot go on']]);
  });

  it('hands every record over once and in order, whoever writes, confirms and fetches when', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('others' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('confirm' as const), count: fc.constant(1) }),
      fc.record({ kind: fc.constant('fetch' as const), count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ kind: fc.constant('wait' as const), count: fc.constantFrom(50, QUIET_MS) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const scene = new Scene();
        for (const { kind, count } of steps) scene[kind](count);
        await scene.settle();
        expect(scene.crashes).toEqual([]);
        expect(scene.offsets).toEqual(scene.log.map((_, offset) => offset));
        expect(scene.handedOver.map(({ value }) => value!.toString())).toEqual(scene.log.map(({ text }) => text));
      }),
      { numRuns: 2000, seed: 20261126 },
    );
  });
});
