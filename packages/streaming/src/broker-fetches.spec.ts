import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BrokerFetches, type TakenPartition } from './broker-fetches.js';
import { FetchedBroker } from './testing/fetched-broker.js';
import { ManualClock, settle } from './testing/manual-clock.js';

function given() {
  const clock = new ManualClock();
  const broker = new FetchedBroker(clock);
  const failures: string[] = [];
  const fetches = new BrokerFetches({
    request: broker.request,
    onFailed: ({ message }) => failures.push(message),
    nowMs: () => clock.now(),
    sleep: (delayMs) => clock.sleep(delayMs),
    later: (delayMs, run) => {
      const cancelled = new AbortController();
      void clock.sleep(delayMs, cancelled.signal).then(() => {
        if (!cancelled.signal.aborted) run();
      });
      return () => cancelled.abort();
    },
  });
  return { clock, broker, fetches, failures };
}

/** Reads as a consumer does: takes what came, and asks from behind it. */
class Reader {
  readonly read: string[] = [];
  readonly errors: string[] = [];
  readonly at = new Map<string, number>();

  constructor(
    private readonly fetches: BrokerFetches,
    names: readonly string[],
    private readonly gatherMs = 0,
  ) {
    for (const name of names) this.at.set(name, 0);
  }

  /** What is read again is not counted twice. */
  goTo(name: string, offset: number): void {
    const from = this.at.get(name)!;
    this.at.set(name, offset);
    const again = new Set(offsets(name, offset, from));
    this.read.splice(0, this.read.length, ...this.read.filter((record) => !again.has(record)));
  }

  async next(): Promise<readonly TakenPartition[]> {
    const wanted = [...this.at].map(([name, offset]) => {
      const [topic, partition] = name.split('/') as [string, string];
      return { topic, partition: Number(partition), offset, maxBytes: 1000 };
    });
    try {
      const taken = await this.fetches.next(this, { wanted, waitMs: 1000, gatherMs: this.gatherMs });
      for (const { topic, partition, messages } of taken) {
        const from = messages[0]!.offset;
        if (Number(from) !== this.at.get(`${topic}/${partition}`)) this.errors.push(`${from} is not the next one`);
        this.read.push(...messages.map(({ offset }) => `${topic}/${partition}:${offset}`));
        this.at.set(`${topic}/${partition}`, Number(messages.at(-1)!.offset) + 1);
      }
      return taken;
    } catch (error) {
      this.errors.push((error as Error).message);
      return [];
    }
  }
}

const offsets = (name: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${name}:${from + i}`);
const longOnes = (broker: FetchedBroker) => broker.asks.filter(({ isAside }) => !isAside);

describe('BrokerFetches', () => {
  it('lets one request wait for all readers, and an answer tell each what is his', async () => {
    const { broker, fetches, clock } = given();
    const [a, b, c] = ['a/0', 'b/0', 'c/0'].map((name) => new Reader(fetches, [name])) as [Reader, Reader, Reader];
    for (const reader of [a, b, c]) void reader.next();
    await clock.advance(600);
    expect(broker.waiting).toBe(1);
    const before = broker.asks.length;
    broker.append('a/0', 2);
    broker.append('c/0', 1);
    await clock.advance(3);
    expect([a.read, b.read, c.read]).toEqual([offsets('a/0', 0, 2), [], offsets('c/0', 0, 1)]);
    expect(broker.asks.length - before).toBeLessThanOrEqual(2);
  });

  it('names in a session only what has changed', async () => {
    const { broker, fetches, clock } = given();
    const reader = new Reader(fetches, ['a/0', 'a/1', 'b/0']);
    void reader.next();
    await settle();
    broker.append('a/1', 1);
    await clock.advance(3);
    void reader.next();
    await settle();
    const [first, second] = longOnes(broker).map(({ ask }) => ask);
    expect(first).toMatchObject({ sessionId: 0, sessionEpoch: 0 });
    expect(first!.partitions.map(({ topic, partition }) => `${topic}/${partition}`)).toEqual(['a/0', 'a/1', 'b/0']);
    expect(second).toMatchObject({ sessionId: 1, sessionEpoch: 1, forgotten: [] });
    expect(second!.partitions).toMatchObject([{ topic: 'a', partition: 1, next: 1 }]);
  });

  it('asks at once for what is wanted while the long request waits', async () => {
    const { broker, fetches, clock } = given();
    broker.append('late/0', 3);
    const first = new Reader(fetches, ['a/0']);
    void first.next();
    await settle();
    const late = new Reader(fetches, ['late/0']);
    void late.next();
    await clock.advance(4);
    expect(late.read).toEqual(offsets('late/0', 0, 3));
    expect(broker.waiting).toBe(1);
  });

  it('fetches ahead of a busy reader, and not without end', async () => {
    const { broker, fetches, clock } = given();
    const [busy, idle] = [new Reader(fetches, ['busy/0']), new Reader(fetches, ['idle/0'])];
    void idle.next();
    broker.append('busy/0', 1);
    await busy.next();
    broker.append('busy/0', 5000);
    await clock.advance(1000);
    const asked = longOnes(broker).length;
    await clock.advance(1000);
    // Two waits of half a second, and no more of what nobody takes.
    expect(longOnes(broker).length - asked).toBeLessThanOrEqual(2);
    const [taken] = await busy.next();
    expect(taken!.messages.length).toBeGreaterThanOrEqual(500);
    expect(taken!.messages.length).toBeLessThan(600);
    for (let i = 0; i < 500 && busy.read.length < 5001; i++) {
      void busy.next();
      await clock.advance(4);
    }
    expect(busy.read).toEqual(offsets('busy/0', 0, 5001));
  });

  it('lets a reader at the end not wait for one who is far behind in the same partition', async () => {
    const { broker, fetches, clock } = given();
    broker.append('a/0', 2000);
    const [behind, ahead] = [new Reader(fetches, ['a/0']), new Reader(fetches, ['a/0'])];
    ahead.at.set('a/0', 2000);
    await behind.next();
    void ahead.next();
    await settle();
    broker.append('a/0', 1);
    await clock.advance(3);
    expect(ahead.read).toEqual(['a/0:2000']);
    expect(new Set(broker.asks.map(({ lane }) => lane))).toEqual(new Set([0, 1]));
  });

  it('goes on where a reader says, whatever was fetched ahead', async () => {
    const { broker, fetches, clock } = given();
    const reader = new Reader(fetches, ['a/0']);
    broker.append('a/0', 5);
    await reader.next();
    broker.append('a/0', 5);
    await clock.advance(3);
    reader.at.set('a/0', 2);
    void reader.next();
    await clock.advance(3);
    expect(reader.read).toEqual([...offsets('a/0', 0, 5), ...offsets('a/0', 2, 10)]);
  });

  it('takes nothing for a reader who has gone elsewhere while it was under way', async () => {
    const { broker, fetches, clock } = given();
    const reader = new Reader(fetches, ['a/0']);
    broker.append('a/0', 5);
    await reader.next();
    await clock.advance(3);
    reader.at.set('a/0', 2);
    void reader.next();
    broker.append('a/0', 5);
    await clock.advance(3);
    void reader.next();
    await clock.advance(3);
    expect(reader.errors).toEqual([]);
    expect(reader.read).toEqual([...offsets('a/0', 0, 5), ...offsets('a/0', 2, 10)]);
  });

  it('a-request-was-written-later-than-it-was-decided: asks from where the reader was at that time', async () => {
    const { broker, fetches, clock } = given();
    const [reader, other] = [new Reader(fetches, ['a/0']), new Reader(fetches, ['b/0'])];
    void other.next();
    await clock.advance(5);
    broker.append('a/0', 40);
    broker.asideConnectMs = 20;
    void reader.next();
    await settle();
    // Meanwhile the long request brings it, and the reader drops what it brought.
    broker.append('b/0', 1);
    await clock.advance(10);
    reader.goTo('a/0', 0);
    void reader.next();
    await clock.advance(8);
    broker.connectMs = 10;
    broker.append('a/0', 10);
    await clock.advance(5);
    void reader.next();
    await clock.advance(50);
    void reader.next();
    await clock.advance(50);
    expect(reader.errors).toEqual([]);
    expect(reader.read).toEqual(offsets('a/0', 0, 50));
  });

  it('fetches ahead no more bytes than a busy reader may leave lying', async () => {
    const { broker, fetches, clock } = given();
    broker.bytesEach = 1024 * 1024;
    const busy = new Reader(fetches, ['a/0']);
    broker.append('a/0', 1);
    await busy.next();
    broker.append('a/0', 400);
    await clock.advance(5000);
    void busy.next();
    await settle();
    // One answer of forty.
    expect(busy.read).toHaveLength(41);
  });

  it('goes on though the clock is set back, and answers in time', async () => {
    const clock = new ManualClock();
    const sleeps: number[] = [];
    let nowMs = 10_000;
    const broker = new FetchedBroker(clock);
    const fetches = new BrokerFetches({
      request: broker.request,
      onFailed: () => {},
      nowMs: () => nowMs,
      sleep: (delayMs) => {
        sleeps.push(delayMs);
        return Promise.resolve();
      },
      later: () => () => {},
    });
    const reader = new Reader(fetches, ['a/0']);
    void reader.next();
    await settle();
    nowMs = 0;
    broker.append('a/0', 1);
    await settle();
    expect(Math.max(...sleeps)).toBeLessThan(10);
    fetches.end();
  });

  it('begins a new session when the broker has forgotten it, or has no room for one', async () => {
    const { broker, fetches, clock } = given();
    const reader = new Reader(fetches, ['a/0']);
    broker.append('a/0', 1);
    await reader.next();
    broker.forgetSessions();
    broker.hasRoomForSessions = false;
    for (let round = 0; round < 3; round++) {
      void reader.next();
      await clock.advance(600);
      broker.append('a/0', 1);
      await clock.advance(3);
    }
    expect(reader.read).toEqual(offsets('a/0', 0, 4));
    expect(reader.errors).toEqual([]);
  });

  it('tells the one reader of a partition that cannot be read, and goes on for the others', async () => {
    const { broker, fetches, clock } = given();
    const [ill, well] = [new Reader(fetches, ['ill/0']), new Reader(fetches, ['well/0'])];
    broker.errors.set('ill/0', 6);
    void ill.next();
    void well.next();
    await clock.advance(3);
    broker.append('well/0', 1);
    await clock.advance(3);
    expect([ill.errors, well.errors, well.read]).toEqual([['6 of ill/0'], [], ['well/0:0']]);
    broker.errors.clear();
    broker.append('ill/0', 1);
    void ill.next();
    await clock.advance(4);
    expect(ill.read).toEqual(['ill/0:0']);
  });

  it('tells every reader when the broker is lost, also those who come later', async () => {
    const { broker, fetches, failures } = given();
    const [a, b] = [new Reader(fetches, ['a/0']), new Reader(fetches, ['b/0'])];
    void a.next();
    await settle();
    broker.lose(new Error('the connection broke'));
    await settle();
    await b.next();
    expect([a.errors, b.errors, failures]).toEqual([
      ['the connection broke'],
      ['the connection broke'],
      ['the connection broke'],
    ]);
  });

  it('hands over in one piece what comes within the time of a reader who gathers', async () => {
    const { broker, fetches, clock } = given();
    const reader = new Reader(fetches, ['a/0'], 200);
    void reader.next();
    await settle();
    broker.append('a/0', 1);
    await clock.advance(10);
    expect(reader.read).toEqual([]);
    broker.append('a/0', 4);
    await clock.advance(200);
    expect(reader.read.length).toBeGreaterThan(0);
    void reader.next();
    await clock.advance(200);
    expect(reader.read).toEqual(offsets('a/0', 0, 5));
  });

  it('answers with nothing whose time is over, who is woken, and who leaves', async () => {
    const { broker, fetches, clock } = given();
    const reader = new Reader(fetches, ['a/0']);
    const timely = reader.next();
    fetches.expire(clock.now() + 999);
    const woken = Promise.race([timely, settle().then(() => 'still waiting')]);
    expect(await woken).toBe('still waiting');
    fetches.expire(clock.now() + 1000);
    expect(await timely).toEqual([]);
    const again = reader.next();
    fetches.wake(reader);
    expect(await again).toEqual([]);
    void reader.next();
    fetches.leave(reader);
    await clock.advance(2000);
    expect(broker.waiting).toBe(0);
  });

  it('gives each reader each record once and in order, whatever comes between', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ append: fc.constantFrom('a/0', 'a/1', 'b/0'), count: fc.integer({ min: 1, max: 90 }) }),
      },
      { weight: 6, arbitrary: fc.record({ read: fc.nat(3) }) },
      { weight: 4, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 700 }) }) },
      { weight: 2, arbitrary: fc.record({ connectMs: fc.nat(30), asideConnectMs: fc.nat(30) }) },
      { weight: 2, arbitrary: fc.record({ back: fc.nat(3), records: fc.integer({ min: 1, max: 60 }) }) },
      { weight: 1, arbitrary: fc.constant('forgotten' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { broker, fetches, clock } = given();
        const names = [['a/0', 'a/1'], ['a/0'], ['b/0', 'a/1'], ['a/0', 'b/0']];
        const readers = names.map((own, i) => new Reader(fetches, own, i === 3 ? 200 : 0));
        const busy = new Map<Reader, Promise<unknown>>();
        const read = (reader: Reader) => {
          if (!busy.has(reader))
            busy.set(
              reader,
              reader.next().finally(() => busy.delete(reader)),
            );
        };
        for (const one of steps) {
          if (one === 'forgotten') broker.forgetSessions();
          else if ('append' in one) broker.append(one.append, one.count);
          else if ('read' in one) read(readers[one.read]!);
          else if ('passMs' in one) await clock.advance(one.passMs);
          else if ('back' in one) {
            // As after a seek: what waits is woken, and asks from there.
            const reader = readers[one.back]!;
            fetches.wake(reader);
            await busy.get(reader);
            for (const [name, at] of reader.at) reader.goTo(name, Math.max(0, at - one.records));
            read(reader);
          } else Object.assign(broker, one);
          await settle();
        }
        const isDone = () =>
          readers.every(({ at }) => [...at].every(([name, offset]) => offset === broker.endOf(name)));
        for (let round = 0; round < 200 && !isDone(); round++) {
          for (const reader of readers) read(reader);
          await clock.advance(250);
        }
        expect(readers.flatMap(({ errors }) => errors)).toEqual([]);
        for (const reader of readers)
          for (const name of reader.at.keys())
            expect(reader.read.filter((record) => record.startsWith(name))).toEqual(
              offsets(name, 0, broker.endOf(name)),
            );
        fetches.end();
      }),
      { numRuns: 300 },
    );
  });
});
