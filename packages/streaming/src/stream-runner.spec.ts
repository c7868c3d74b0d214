import { describe, expect, it } from '@jest/globals';
import { TICK_TYPE } from './batch-sorting.js';
import { ADDITIONS, TOTALS } from './testing/counting-stream.js';
import { createWorld } from './testing/instance.js';
import { ManualClock, settle } from './testing/manual-clock.js';
import { createOnePartition, held, toSend, versionOn } from './testing/one-partition.js';

/**
 * "One batch, one transaction" in runnable chapters, on a simulated cluster and database; the others are in the
 * `stream-*.spec.ts` beside it. Each fails when the mitigation it is about is taken out. The README's table points here.
 */
describe('a stream', () => {
  describe('applies and publishes', () => {
    it('writes entries, state and checkpoint in one transaction, then publishes', async () => {
      const { world, put, published } = createOnePartition();
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
      const { world, add, totalsTopic } = createOnePartition();
      await world.startInstance();
      add('a', 'k', 1);
      await settle();
      add('b', 'k', 1);
      await settle();
      const [first, second] = totalsTopic().map(versionOn);
      expect(second).toBeGreaterThan(first!);
    });

    it('claims, becomes ready and stores the checkpoint by ticks alone, without a transaction for each', async () => {
      const { clock, world } = createOnePartition();
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
      const { world, put, add, published } = createOnePartition();
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
      const { world, put, applied } = createOnePartition();
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
      const { world, put, add } = createOnePartition();
      await world.startInstance();
      add('a', 'k', 5);
      await settle();
      put(toSend({ id: 'a', key: 'k', units: 5 }), toSend({ id: 'b', key: 'k', units: 1 }));
      await settle();
      expect(world.totals.get('k')!.total).toBe(6);
    });

    it('dead-letters the same id with other content, in the ledger or in the batch', async () => {
      const { world, put, add, letters } = createOnePartition();
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
      const { world, add } = createOnePartition();
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
      const { world, put } = createOnePartition();
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
      const { world, put } = createOnePartition();
      await world.startInstance();
      put({ key: 'k', value: `{${'x'.repeat(900_000)}` });
      await settle();
      const [letter] = world.kafka.read('dead-letters', 0);
      expect(JSON.parse(letter!.value!.toString())).toMatchObject({ truncatedFromBytes: 900_001 });
      expect([...world.database.deadLetters.values()][0]!.value).toHaveLength(900_001);
    });

    it('publishes only the beginning of a dead letter’s key and headers, which take six bytes a character as JSON', async () => {
      const { world, put } = createOnePartition();
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

  it('drains when it stops: what was begun is published, and the next owner repeats nothing', async () => {
    const { world, add, published } = createOnePartition();
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
    const { clock, world, add } = createOnePartition();
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
