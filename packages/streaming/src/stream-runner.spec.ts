import { beforeEach, describe, expect, it } from '@jest/globals';
import { TICK_TYPE } from './batch-sorting.js';
import { DataLossError } from './errors.js';
import type { ReceivedRecord } from './kafka-port.js';
import { EPOCH_HEADER } from './output-sender.js';
import type { RecordToSend } from './records-to-send.js';
import { ADDITIONS, type Addition, TOTALS } from './testing/counting-stream.js';
import { createWorld, SESSION_TIMEOUT_MS, type World } from './testing/instance.js';
import { ManualClock, settle } from './testing/manual-clock.js';

/**
 * "One batch, one transaction" in runnable chapters, on a simulated cluster and database. Each chapter fails when the
 * mitigation it is about is taken out. The README's table points here.
 */
const lostReply = (): never => {
  throw Object.assign(new Error('connection reset'), { name: 'MongoNetworkError' });
};
const held = () => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { gate, release };
};

describe('a stream', () => {
  let clock: ManualClock;
  let world: World;
  beforeEach(() => {
    clock = new ManualClock();
    world = createWorld(clock, 1);
  });

  const toSend = (addition: Addition): RecordToSend => ({ key: addition.key, value: JSON.stringify(addition) });
  const put = (...records: RecordToSend[]) => world.kafka.logsOf(ADDITIONS.name)[0]!.append(records, clock.now());
  const add = (id: string, key: string, units: number) => put(toSend({ id, key, units }));
  const totalsTopic = () => world.kafka.read(TOTALS.name, 0);
  const published = () =>
    totalsTopic().map(({ value }) => {
      const { key, total } = JSON.parse(value!.toString()) as { key: string; total: number };
      return `${key}=${total}`;
    });
  const versionOn = ({ value }: ReceivedRecord) => (JSON.parse(value!.toString()) as { version: number }).version;
  const letters = () => [...world.database.deadLetters.values()].map(({ reason }) => reason);
  const applied = () => [...world.database.entries.values()].filter(({ outcome }) => outcome === 'applied').length;

  describe('applies and publishes', () => {
    it('writes entries, state and checkpoint in one transaction, then publishes', async () => {
      const { runner, fatal } = await world.startInstance();
      await settle();
      const before = world.database.commits;
      put(toSend({ id: 'a', key: 'k', units: 3 }), toSend({ id: 'b', key: 'k', units: 4 }));
      await settle();
      expect(world.database.commits).toBe(before + 1);
      expect(world.totals.get('k')!.total).toBe(7);
      expect(world.database.checkpoints.get(0)!.next).toBe(world.kafka.logsOf(ADDITIONS.name)[0]!.end);
      expect(published()).toEqual(['k=7']);
      expect(fatal).toEqual([]);
      await runner.stop();
    });

    it('gives versions that grow with the offset of the changing record', async () => {
      await world.startInstance();
      add('a', 'k', 1);
      await settle();
      add('b', 'k', 1);
      await settle();
      const [first, second] = totalsTopic().map(versionOn);
      expect(second).toBeGreaterThan(first!);
    });

    it('claims, becomes ready and stores the checkpoint by ticks alone, without a transaction for each', async () => {
      const { runner } = await world.startInstance();
      expect(runner.state().ready).toBe(false);
      await clock.advance(1000);
      expect(runner.state().ready).toBe(true);
      const before = world.database.commits;
      await clock.advance(9000);
      expect(world.database.commits - before).toBeLessThanOrEqual(1);
      await clock.advance(2000);
      expect(world.database.checkpoints.get(0)!.next).toBeGreaterThan(0);
    });

    it('changes nothing when a tick comes twice', async () => {
      await world.startInstance();
      add('a', 'k', 2);
      await settle();
      const tick = { key: '', value: null, headers: { ce_type: TICK_TYPE } };
      put(tick, tick);
      await settle();
      expect(published()).toEqual(['k=2']);
      expect(world.totals.get('k')!.total).toBe(2);
    });
  });

  describe('deduplicates', () => {
    it('drops a repeat within a batch, in a later batch, and once it looks ids up beforehand', async () => {
      const { counted } = await world.startInstance();
      const record = toSend({ id: 'a', key: 'k', units: 5 });
      put(record, record);
      await settle();
      put(record);
      await settle();
      put(record);
      await settle();
      expect(world.totals.get('k')!.total).toBe(5);
      expect(applied()).toBe(1);
      expect(await counted('duplicates')).toBe(3);
    });

    it('decides the rest of a batch anew when one of its ids turns out to be known', async () => {
      await world.startInstance();
      add('a', 'k', 5);
      await settle();
      put(toSend({ id: 'a', key: 'k', units: 5 }), toSend({ id: 'b', key: 'k', units: 1 }));
      await settle();
      expect(world.totals.get('k')!.total).toBe(6);
    });

    it('dead-letters the same id with other content, in the ledger or in the batch', async () => {
      await world.startInstance();
      add('a', 'k', 5);
      await settle();
      put(
        toSend({ id: 'a', key: 'k', units: 6 }),
        toSend({ id: 'b', key: 'k', units: 1 }),
        toSend({ id: 'b', key: 'k', units: 2 }),
      );
      await settle();
      expect(letters()).toEqual(['conflict', 'conflict']);
      expect(world.totals.get('k')!.total).toBe(6);
    });

    it('ends loudly, not in a loop, when a unique key is taken by nothing it knows', async () => {
      const { fatal } = await world.startInstance();
      const original = world.database.entries.has.bind(world.database.entries);
      world.database.entries.has = (id) => id === 'test/ghost' || original(id);
      world.database.entries.get = () => undefined;
      add('ghost', 'k', 1);
      await settle();
      expect(fatal.map(({ message }) => message)).toEqual([expect.stringContaining('unique key is taken')]);
    });
  });

  describe('puts aside', () => {
    it('dead-letters an unreadable record with its bytes in the same transaction, publishes it, and goes on', async () => {
      await world.startInstance();
      await settle();
      const before = world.database.commits;
      put({ key: 'k', value: '{broken' }, toSend({ id: 'a', key: 'k', units: 1 }));
      await settle();
      expect(world.database.commits).toBe(before + 1);
      const [letter] = [...world.database.deadLetters.values()];
      expect(letter).toMatchObject({ reason: 'not_json', value: Buffer.from('{broken') });
      expect(world.kafka.read('dead-letters', 0)).toHaveLength(1);
      expect(world.totals.get('k')!.total).toBe(1);
    });

    it('publishes only the beginning of a large dead letter, which would not fit into a record otherwise', async () => {
      await world.startInstance();
      put({ key: 'k', value: `{${'x'.repeat(900_000)}` });
      await settle();
      const [letter] = world.kafka.read('dead-letters', 0);
      expect(JSON.parse(letter!.value!.toString())).toMatchObject({ truncatedFromBytes: 900_001 });
      expect([...world.database.deadLetters.values()][0]!.value).toHaveLength(900_001);
    });

    it('publishes only the beginning of a dead letter’s key and headers, which take six bytes a character as JSON', async () => {
      await world.startInstance();
      const key = '\u0001'.repeat(170_000);
      put({ key, value: '{', headers: { note: 'n', long: '\u0001'.repeat(400_000) } });
      await settle();
      const [letter] = world.kafka.read('dead-letters', 0);
      expect(letter!.value!.length).toBeLessThan(100_000);
      expect(JSON.parse(letter!.value!.toString())).toMatchObject({ headers: { note: 'n' } });
      expect([...world.database.deadLetters.values()][0]!.key).toBe(key);
    });
  });

  describe('loses nothing in a crash', () => {
    it('publishes again what was committed and never published', async () => {
      const first = await world.startInstance();
      await settle();
      first.sends.beforeAppend = (topic) => (topic === TOTALS.name ? new Promise<void>(() => {}) : undefined);
      add('a', 'k', 3);
      put({ key: 'k', value: '{broken' });
      await settle();
      expect(world.totals.get('k')!.total).toBe(3);
      expect(published()).toEqual([]);
      first.port.kill();
      await world.startInstance();
      await settle();
      expect(published()).toEqual(['k=3']);
      expect(world.kafka.read('dead-letters', 0).length).toBeGreaterThanOrEqual(1);
    });

    it('commits nothing of its own before what the former owner left is published', async () => {
      const first = await world.startInstance();
      await settle();
      first.sends.beforeAppend = (topic) => (topic === TOTALS.name ? new Promise<void>(() => {}) : undefined);
      add('a', 'k', 3);
      await settle();
      first.port.kill();
      add('b', 'k', 4);
      const { gate, release } = held();
      const second = await world.startInstance();
      second.sends.beforeAppend = (topic) => (topic === TOTALS.name ? gate : undefined);
      await settle();
      expect(second.runner.state().ready).toBe(true);
      expect(world.totals.get('k')!.total).toBe(3);
      release();
      await settle();
      expect(world.totals.get('k')!.total).toBe(7);
      expect(published()).toEqual(['k=3', 'k=7']);
    });

    it('begins with a small batch after a claim, so that whoever waits since the former owner died is served soon', async () => {
      put(...Array.from({ length: 500 }, (_, i) => toSend({ id: `a${i}`, key: 'k', units: 1 })));
      const before = world.database.commits;
      await world.startInstance({ maxBatchRecords: 2000 });
      await settle();
      expect(world.totals.get('k')!.total).toBe(500);
      expect(world.database.commits).toBe(before + 2);
      expect(published()).toEqual(['k=400', 'k=500']);
    });

    it('publishes again when publishing failed, before anything newer', async () => {
      const { sends, counted } = await world.startInstance();
      await settle();
      let failures = 2;
      sends.beforeAppend = (topic) => {
        if (topic === TOTALS.name && failures-- > 0) throw new Error('Kafka did not confirm 1 records');
      };
      add('a', 'k', 3);
      await settle();
      add('b', 'k', 4);
      await clock.advance(5000);
      expect(published().at(-1)).toBe('k=7');
      expect(published()).toContain('k=3');
      expect(await counted('retries')).toBeGreaterThanOrEqual(1);
    });

    it('applies once though the reply of a commit was lost', async () => {
      const { commits } = await world.startInstance();
      await settle();
      let losses = 1;
      commits.afterApply = () => {
        if (losses-- > 0) lostReply();
      };
      add('a', 'k', 3);
      await clock.advance(2000);
      expect(applied()).toBe(1);
      expect(world.totals.get('k')!.total).toBe(3);
      expect(published()).toEqual(['k=3']);
    });

    it('forgets what it had decided when a commit failed', async () => {
      const { commits, runner } = await world.startInstance();
      await settle();
      let failures = 3;
      commits.beforeApply = () => {
        if (failures-- > 0) lostReply();
      };
      add('a', 'k', 3);
      await clock.advance(400);
      expect(runner.state().detail).toContain('stalled');
      await clock.advance(5000);
      expect(world.totals.get('k')!.total).toBe(3);
      expect(runner.state().ready).toBe(true);
    });

    it('stops for an error it does not understand, steps over nothing, and tells so once', async () => {
      const { fatal, commits } = await world.startInstance();
      await settle();
      commits.beforeApply = () => {
        throw new Error('E_UNHEARD_OF');
      };
      add('a', 'k', 3);
      await clock.advance(3000);
      add('b', 'k', 4);
      await clock.advance(3000);
      expect(fatal.map(({ message }) => message)).toEqual(['E_UNHEARD_OF']);
      expect(applied()).toBe(0);
    });
  });

  describe('has one owner', () => {
    it('refuses the commit of a zombie, whose work the new owner has done', async () => {
      const zombie = await world.startInstance();
      await settle();
      const { gate, release } = held();
      zombie.commits.beforeApply = () => gate;
      add('a', 'k', 3);
      await settle();
      // The coordinator gives the frozen member up; the next one takes over and applies the record.
      world.kafka.groupOf('group', ADDITIONS.name).group.expel(zombie.member);
      const owner = await world.startInstance();
      await settle();
      expect(world.totals.get('k')!.total).toBe(3);
      zombie.commits.beforeApply = () => {};
      release();
      await clock.advance(SESSION_TIMEOUT_MS);
      expect(applied()).toBe(1);
      expect(world.totals.get('k')!.total).toBe(3);
      expect(await zombie.counted('fenced_commits')).toBe(1);
      expect([...zombie.fatal, ...owner.fatal]).toEqual([]);
      add('b', 'k', 4);
      await clock.advance(1000);
      expect(world.totals.get('k')!.total).toBe(7);
    });

    it('supersedes what a fenced owner publishes late', async () => {
      const { counted } = await world.startInstance();
      await settle();
      add('a', 'k', 3);
      await settle();
      const [current] = totalsTopic();
      world.kafka.logsOf(TOTALS.name)[0]!.append(
        [
          {
            key: 'k',
            value: JSON.stringify({ key: 'k', total: -1, version: 0 }),
            headers: { [EPOCH_HEADER]: '0:0:99' },
          },
        ],
        clock.now(),
      );
      await settle();
      expect(published()).toEqual(['k=3', 'k=-1', 'k=3']);
      expect(versionOn(totalsTopic().at(-1)!)).toBe(versionOn(current!));
      expect(await counted('healed_keys')).toBe(1);
    });

    it('supersedes its own older record when that arrives after a newer one', async () => {
      await world.startInstance();
      await settle();
      add('a', 'k', 3);
      await settle();
      const [early] = totalsTopic();
      add('b', 'k', 4);
      await settle();
      const { key, value, headers } = early!;
      world.kafka.logsOf(TOTALS.name)[0]!.append([{ key: key!, value, headers }], clock.now());
      await settle();
      expect(published()).toEqual(['k=3', 'k=7', 'k=3', 'k=7']);
    });

    it('supersedes at its claim what came late while nobody owned the partition', async () => {
      const first = await world.startInstance();
      add('a', 'k', 3);
      await settle();
      // A second instance watches from now on, and owns nothing, since there is one partition.
      await world.startInstance();
      await settle();
      add('b', 'k', 4);
      await settle();
      // The checkpoint says that all is published: the takeover itself publishes nothing again.
      await clock.advance(12_000);
      const [stale] = totalsTopic();
      first.sends.beforeAppend = () => new Promise<void>(() => {});
      const { key, value } = stale!;
      world.kafka
        .logsOf(TOTALS.name)[0]!
        .append([{ key: key!, value, headers: { [EPOCH_HEADER]: '0:0:1' } }], clock.now());
      await settle();
      expect(published().at(-1)).toBe('k=3');
      first.port.kill();
      await settle();
      expect(published().at(-1)).toBe('k=7');
    });

    it('forgets its memory with the partition: another owner may have changed the state meanwhile', async () => {
      const first = await world.startInstance();
      add('a', 'k', 3);
      await settle();
      world.kafka.groupOf('group', ADDITIONS.name).group.expel(first.member);
      const second = await world.startInstance();
      add('b', 'k', 4);
      await settle();
      expect(world.totals.get('k')!.total).toBe(7);
      // The first finds out, and joins the group again.
      await clock.advance(SESSION_TIMEOUT_MS);
      await second.runner.stop();
      await settle();
      add('c', 'k', 1);
      await settle();
      expect(world.totals.get('k')!.total).toBe(8);
      expect([...first.fatal, ...second.fatal]).toEqual([]);
    });

    it('hands over in the middle of the work, exactly', async () => {
      const first = await world.startInstance();
      for (let i = 0; i < 50; i++) add(`a${i}`, 'k', 1);
      await settle();
      const second = await world.startInstance();
      for (let i = 0; i < 50; i++) add(`b${i}`, 'k', 1);
      await first.runner.stop();
      await settle();
      expect(world.totals.get('k')!.total).toBe(100);
      expect(published().at(-1)).toBe('k=100');
      expect([...first.fatal, ...second.fatal]).toEqual([]);
    });
  });

  describe('detects loss', () => {
    it('stops when records that were never applied are gone', async () => {
      const first = await world.startInstance();
      add('a', 'k', 1);
      await settle();
      await first.runner.stop();
      add('b', 'k', 1);
      const log = world.kafka.logsOf(ADDITIONS.name)[0]!;
      log.deleteBefore(log.end);
      const { fatal } = await world.startInstance();
      await clock.advance(1000);
      expect(fatal).toEqual([expect.any(DataLossError)]);
      expect(fatal[0]!.message).toContain('gone from Kafka and were never applied');
    });

    it('stops when they are gone while it runs, though Kafka silently begins at the earliest', async () => {
      const { fatal, commits } = await world.startInstance();
      await settle();
      const { gate, release } = held();
      commits.beforeApply = () => gate;
      add('a', 'k', 1);
      await settle();
      add('b', 'k', 1);
      add('c', 'k', 1);
      const log = world.kafka.logsOf(ADDITIONS.name)[0]!;
      log.deleteBefore(log.end - 1);
      release();
      await clock.advance(1000);
      expect(fatal).toEqual([expect.any(DataLossError)]);
      expect(applied()).toBe(1);
    });

    it('stops when the log ends before what was applied', async () => {
      const first = await world.startInstance();
      add('a', 'k', 1);
      add('b', 'k', 1);
      await settle();
      await first.runner.stop();
      world.kafka.logsOf(ADDITIONS.name)[0]!.truncate(1);
      const { fatal } = await world.startInstance({ tickEveryMs: 0 });
      await clock.advance(1000);
      expect(fatal).toEqual([expect.any(DataLossError)]);
    });

    it('stops when the topic was made anew and has grown past what was applied', async () => {
      const first = await world.startInstance();
      add('a', 'k', 1);
      await settle();
      await first.runner.stop();
      world.kafka.logsOf(ADDITIONS.name)[0]!.clear();
      await clock.advance(1000);
      for (let i = 0; i < 40; i++) add(`n${i}`, 'k', 1);
      const { fatal } = await world.startInstance();
      await clock.advance(1000);
      expect(fatal).toEqual([expect.any(DataLossError)]);
      expect(fatal[0]!.message).toContain('made anew');
      expect(applied()).toBe(1);
    });

    it('takes a gap in the offsets for healthy when the log still begins before it', async () => {
      const { fatal } = await world.startInstance();
      add('a', 'k', 1);
      await settle();
      const log = world.kafka.logsOf(ADDITIONS.name)[0]!;
      const read = log.read.bind(log);
      const marker = add('marker', 'k', 100);
      log.read = (from, max) => read(from, max).filter(({ offset }) => offset !== marker);
      add('b', 'k', 1);
      await clock.advance(1000);
      expect(fatal).toEqual([]);
      expect(world.totals.get('k')!.total).toBe(2);
    });
  });

  it('drains when it stops: what was begun is published, and the next owner repeats nothing', async () => {
    const { runner, sends } = await world.startInstance();
    await settle();
    const { gate, release } = held();
    sends.beforeAppend = (topic) => (topic === TOTALS.name ? gate : undefined);
    add('a', 'k', 3);
    await settle();
    const stopped = runner.stop();
    await settle();
    release();
    await stopped;
    expect(published()).toEqual(['k=3']);
    await world.startInstance();
    await settle();
    expect(published()).toEqual(['k=3']);
  });

  it('stops in time though its outputs cannot be published', async () => {
    const { runner, sends } = await world.startInstance();
    await settle();
    sends.beforeAppend = (topic) => (topic === TOTALS.name ? new Promise<void>(() => {}) : undefined);
    add('a', 'k', 3);
    await settle();
    let ended = false;
    const stopped = runner.stop().then(() => {
      ended = true;
    });
    await clock.advance(20_000);
    await stopped;
    expect(ended).toBe(true);
  });
});

describe('several partitions', () => {
  it('forwards a stray record to its partition once, and knows it there again', async () => {
    const clock = new ManualClock();
    const world = createWorld(clock, 3);
    const { fatal } = await world.startInstance();
    await settle();
    const stray = { key: 'other-key', value: JSON.stringify({ id: 'a', key: 'k', units: 3 }) };
    for (const log of world.kafka.logsOf(ADDITIONS.name)) log.append([stray], clock.now());
    await settle();
    expect(world.totals.get('k')!.total).toBe(3);
    const forwarded = [...world.database.entries.values()].filter(({ outcome }) => outcome === 'forwarded');
    expect(forwarded).toHaveLength(2);
    expect(fatal).toEqual([]);
  });

  it('keeps the time of the other partitions going while one cannot be written', async () => {
    const clock = new ManualClock();
    const world = createWorld(clock, 2);
    const { sends } = await world.startInstance();
    await settle();
    sends.beforeAppend = (topic, partition) =>
      topic === ADDITIONS.name && partition === 0 ? new Promise<void>(() => {}) : undefined;
    const before = world.kafka.logsOf(ADDITIONS.name)[1]!.end;
    await clock.advance(2000);
    expect(world.kafka.logsOf(ADDITIONS.name)[1]!.end).toBeGreaterThan(before + 5);
  });
});
