import { describe, expect, it } from '@jest/globals';
import { DataLossError } from './errors.js';
import { ADDITIONS } from './testing/counting-stream.js';
import { settle } from './testing/manual-clock.js';
import { createOnePartition, held } from './testing/one-partition.js';

describe('a stream detects loss', () => {
  it('stops when records that were never applied are gone', async () => {
    const { clock, world, add } = createOnePartition();
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
    const { clock, world, add, applied } = createOnePartition();
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
    const { clock, world, add } = createOnePartition();
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
    const { clock, world, add, applied } = createOnePartition();
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
    const { clock, world, add } = createOnePartition();
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
