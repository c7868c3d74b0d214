import { describe, expect, it } from '@jest/globals';
import { EPOCH_HEADER } from './output-sender.js';
import { ADDITIONS, TOTALS } from './testing/counting-stream.js';
import { SESSION_TIMEOUT_MS } from './testing/instance.js';
import { settle } from './testing/manual-clock.js';
import { createOnePartition, held, versionOn } from './testing/one-partition.js';

describe('a stream has one owner', () => {
  it('refuses the commit of a zombie, whose work the new owner has done', async () => {
    const { clock, world, add, applied } = createOnePartition();
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
    const { clock, world, add, totalsTopic, published } = createOnePartition();
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
    const { clock, world, add, totalsTopic, published } = createOnePartition();
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
    const { clock, world, add, totalsTopic, published } = createOnePartition();
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
    const { clock, world, add } = createOnePartition();
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
    const { world, add, published } = createOnePartition();
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
