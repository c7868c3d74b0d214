import { describe, expect, it } from '@jest/globals';
import { OutcomeTail } from './outcome-tail.js';
import { Publisher } from './publisher.js';
import { Table, type TableChange } from './table.js';
import { TOTALS } from './testing/counting-stream.js';
import { ManualClock, settle } from './testing/manual-clock.js';
import { SimulatedKafka } from './testing/simulated-kafka.js';

interface Value {
  readonly n: number;
}
const record = (key: string, n: number | null) => ({ key, value: n === null ? null : JSON.stringify({ n }) });

function createCluster(partitions = 2) {
  const clock = new ManualClock();
  const cluster = new SimulatedKafka(clock);
  cluster.createTopic(TOTALS.name, partitions);
  const crashes: Error[] = [];
  const append = (
    partition: number,
    ...records: { key: string; value: string | null; headers?: Record<string, string> }[]
  ) => cluster.logsOf(TOTALS.name)[partition]!.append(records, clock.now());
  const table = new Table<Value>({
    kafka: cluster.connect(),
    topic: TOTALS,
    topicName: TOTALS.name,
    decode: ({ value }) => JSON.parse(value!.toString()) as Value,
    versionOf: ({ n }) => n,
    tombstoneVersionOf: ({ headers }) => (headers['v'] === undefined ? undefined : Number(headers['v'])),
    onCrash: (error) => crashes.push(error),
  });
  return { cluster, append, table, crashes };
}

describe('Table', () => {
  it('is ready when everything that stood there at the start is applied', async () => {
    const { append, table } = createCluster();
    append(0, record('a', 1), record('a', 2));
    append(1, record('b', 1));
    const started = table.start();
    expect(table.isReady()).toBe(false);
    await started;
    await table.ready;
    expect([...table.entries()]).toEqual([
      ['a', { n: 2 }],
      ['b', { n: 1 }],
    ]);
    expect(table.lagRecords()).toBe(0);
  });

  it('is ready at once when the topic is empty', async () => {
    const { table } = createCluster();
    await table.start();
    expect(table.isReady()).toBe(true);
  });

  it('tells listeners what changed, deletes on a tombstone, and ignores an older version', async () => {
    const { append, table } = createCluster();
    await table.start();
    const changes: TableChange<Value>[] = [];
    table.onChange((batch) => {
      changes.push(...batch);
    });
    append(0, record('a', 5), record('a', 4), record('a', null), record('never', null));
    await settle();
    expect(changes.map(({ key, value, previous }) => [key, value?.n, previous?.n])).toEqual([
      ['a', 5, undefined],
      ['a', undefined, 5],
    ]);
  });

  it('ignores a tombstone of an older version, and believes one that names none', async () => {
    const { append, table } = createCluster();
    await table.start();
    append(0, record('a', 5), { ...record('a', null), headers: { v: '4' } });
    append(0, record('b', 5), { ...record('b', null), headers: { v: '5' } });
    append(0, record('c', 5), record('c', null));
    await settle();
    expect([...table.entries()]).toEqual([['a', { n: 5 }]]);
  });

  it('reads on once what a listener answered has resolved', async () => {
    const { append, table } = createCluster();
    await table.start();
    let goOn: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    table.onChange(() => held);
    append(0, record('a', 1));
    await settle();
    append(0, record('a', 2));
    await settle();
    expect(table.get('a')).toEqual({ n: 1 });
    goOn();
    await settle();
    expect(table.get('a')).toEqual({ n: 2 });
  });

  it('counts what it cannot read and goes on', async () => {
    const { append, table, crashes } = createCluster();
    await table.start();
    append(0, { key: 'bad', value: '{broken' }, record('a', 1));
    await settle();
    expect(table.unreadable).toBe(1);
    expect(table.get('a')).toEqual({ n: 1 });
    expect(crashes).toEqual([]);
  });
});

describe('OutcomeTail', () => {
  const createTail = async () => {
    const { cluster, append } = createCluster(1);
    const tail = new OutcomeTail<number>({
      kafka: cluster.connect(),
      topicName: TOTALS.name,
      decode: ({ key, value }) => ({ id: key!, outcome: (JSON.parse(value!.toString()) as Value).n }),
      onCrash: () => {},
    });
    append(0, record('early', 1));
    await tail.start();
    return { tail, append };
  };

  it('answers everybody who waits for an id, though an unreadable record came before', async () => {
    const { tail, append } = await createTail();
    const waiting = [tail.expect('x', 60_000), tail.expect('x', 60_000)];
    append(0, { key: 'x', value: '{broken' }, record('other', 1), record('x', 7));
    expect(await Promise.all(waiting)).toEqual([7, 7]);
    await tail.stop();
  });

  it('answers undefined when nothing came in time, and to all when it stops', async () => {
    const { tail } = await createTail();
    expect(await tail.expect('early', 5)).toBeUndefined();
    const waiting = tail.expect('y', 60_000);
    await tail.stop();
    expect(await waiting).toBeUndefined();
  });
});

describe('Publisher', () => {
  it('answers each record on its own, in the order given', async () => {
    const { cluster } = createCluster(1);
    const port = cluster.connect();
    const publisher = new Publisher(port, { prefix: '', partitions: new Map([[TOTALS.name, 1]]) });
    const of = (key: string, text = '') => ({ topic: TOTALS, key, partitionBy: key, value: { text } });
    const results = await publisher.publish([of('a'), of('big', 'x'.repeat(1_000_000)), of('b')]);
    expect(results.map((r) => (r.ok ? r.offset : r.error.name))).toEqual([0, 'Error', 1]);
    port.faults.beforeAppend = () => {
      throw new Error('no leader');
    };
    expect(await publisher.publish([of('c')])).toEqual([{ ok: false, error: new Error('no leader') }]);
  });

  it('answers right offsets where a partition needs several requests', async () => {
    const { cluster } = createCluster(1);
    const port = cluster.connect();
    const publisher = new Publisher(port, { prefix: '', partitions: new Map([[TOTALS.name, 1]]) });
    const records = Array.from({ length: 2500 }, (_, i) => ({
      topic: TOTALS,
      key: `${i}`,
      partitionBy: 'k',
      value: {},
    }));
    const results = await publisher.publish(records);
    const stored = cluster.read(TOTALS.name, 0);
    results.forEach((result, i) => expect(result.ok && stored[result.offset]!.key).toBe(`${i}`));
  });
});
