import { describe, expect, it } from '@jest/globals';
import { TOTALS } from './testing/counting-stream.js';
import { settle } from './testing/manual-clock.js';
import { createOnePartition, held, toSend } from './testing/one-partition.js';

const lostReply = (): never => {
  throw Object.assign(new Error('connection reset'), { name: 'MongoNetworkError' });
};

describe('a stream loses nothing in a crash', () => {
  it('publishes again what was committed and never published', async () => {
    const { world, put, add, published } = createOnePartition();
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
    const { world, add, published } = createOnePartition();
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
    const { world, put, published } = createOnePartition();
    put(...Array.from({ length: 500 }, (_, i) => toSend({ id: `a${i}`, key: 'k', units: 1 })));
    const before = world.database.commits;
    await world.startInstance({ maxBatchRecords: 2000 });
    await settle();
    expect(world.totals.get('k')!.total).toBe(500);
    expect(world.database.commits).toBe(before + 2);
    expect(published()).toEqual(['k=400', 'k=500']);
  });

  it('publishes again when publishing failed, before anything newer', async () => {
    const { clock, world, add, published } = createOnePartition();
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
    const { clock, world, add, published, applied } = createOnePartition();
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
    const { clock, world, add } = createOnePartition();
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
    const { clock, world, add, applied } = createOnePartition();
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
