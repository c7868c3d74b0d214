import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordToSend } from './records-to-send.js';
import { ADDITIONS, type Addition, TOTALS } from './testing/counting-stream.js';
import { createWorld, type Instance, type World } from './testing/instance.js';
import { ManualClock, settle } from './testing/manual-clock.js';

/** Of a batch that takes several transactions, each part is decided while the one before is being committed. */
describe('what is decided ahead', () => {
  let clock: ManualClock;
  let world: World;
  beforeEach(() => {
    clock = new ManualClock();
    world = createWorld(clock, 1);
  });

  const toSend = (id: string, key: string): RecordToSend => ({ key, value: JSON.stringify({ id, key, units: 1 }) });
  const put = (...records: RecordToSend[]) => world.kafka.logsOf(ADDITIONS.name)[0]!.append(records, clock.now());
  const additions = (from: number, to: number, key = 'k') =>
    Array.from({ length: to - from }, (_, i) => toSend(`${key}${from + i}`, key));
  /** An instance that has claimed and committed, so that what follows comes in parts of so many. */
  const startedWithOne = async (maxBatchRecords: number) => {
    const instance = await world.startInstance({ maxBatchRecords });
    await settle();
    put(toSend('first', 'k'));
    await settle();
    return instance;
  };
  /** So many times, then never again. */
  const resets = (times: number) => {
    let left = times;
    return () => {
      if (left-- > 0) throw Object.assign(new Error('reset'), { name: 'MongoNetworkError' });
    };
  };
  const total = (key = 'k') => world.totals.get(key)?.total ?? 0;
  const published = () =>
    world.kafka.read(TOTALS.name, 0).map(({ value }) => {
      const { key, total: units } = JSON.parse(value!.toString()) as { key: string; total: number };
      return `${key}=${units}`;
    });
  const applied = () => [...world.database.entries.values()].filter(({ outcome }) => outcome === 'applied').length;

  it('is decided while the part before is being committed, and published in order', async () => {
    const instance = await startedWithOne(2);
    let release = () => {};
    instance.commits.beforeApply = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    const before = await instance.counted('records');
    put(...additions(0, 6));
    await settle();
    // Nothing of the first part is committed, yet the second one is read and decided.
    expect([total(), (await instance.counted('records')) - before]).toEqual([1, 4]);
    instance.commits.beforeApply = undefined;
    release();
    await settle();
    expect([total(), applied()]).toEqual([7, 7]);
    expect(published()).toEqual(['k=1', 'k=3', 'k=5', 'k=7']);
  });

  it('is forgotten with the commit that it was decided upon', async () => {
    const { commits } = await startedWithOne(2);
    commits.beforeApply = resets(1);
    put(...additions(0, 6));
    await clock.advance(2000);
    expect([total(), applied()]).toEqual([7, 7]);
    expect(published().at(-1)).toBe('k=7');
  });

  it('is forgotten when the reply of that commit was lost, and is applied once', async () => {
    const { commits } = await startedWithOne(2);
    commits.afterApply = resets(2);
    put(...additions(0, 7));
    await clock.advance(5000);
    expect([total(), applied()]).toEqual([8, 8]);
    expect(published().at(-1)).toBe('k=8');
  });

  it('is decided anew where an id of the part before turned out to be in the ledger', async () => {
    const { counted } = await world.startInstance({ maxBatchRecords: 2 });
    await settle();
    put(...additions(0, 2));
    await settle();
    const [again] = additions(1, 2);
    put(again!, ...additions(2, 7));
    await settle();
    expect([total(), applied(), await counted('duplicates')]).toEqual([7, 7, 1]);
    expect(published().at(-1)).toBe('k=7');
  });

  it('ends before the part that turned out to be in the ledger is decided anew', async () => {
    let deciding = 0;
    let most = 0;
    await world.startInstance({ maxBatchRecords: 2 }, (decide) => async (batch) => {
      most = Math.max(most, ++deciding);
      await clock.sleep(10);
      return decide(batch).finally(() => deciding--);
    });
    await settle();
    put(...additions(0, 2));
    await clock.advance(500);
    const [again] = additions(1, 2);
    put(again!, ...additions(2, 7));
    await clock.advance(2000);
    expect([total(), applied(), most]).toEqual([7, 7, 1]);
  });

  it('is not applied on top of what another owner has committed meanwhile: the checkpoint went back', async () => {
    let isSlow = false;
    await world.startInstance({ maxBatchRecords: 2 }, (decide) => async (batch) => {
      if (isSlow && batch.items.some(({ record }) => record.offset > from + 1)) await clock.sleep(1000);
      return decide(batch);
    });
    await settle();
    put(...additions(0, 2));
    await settle();
    const from = world.kafka.logsOf(ADDITIONS.name)[0]!.end;
    isSlow = true;
    const [again] = additions(1, 2);
    put(again!, ...additions(2, 7));
    await settle();
    // The first part turned out to have an id twice; before that is heard of, another owner comes by.
    const other = world.database.connect();
    const { epoch, next } = await other.claim(0);
    const to = world.kafka.logsOf(ADDITIONS.name)[0]!.end;
    const move = { partition: 0, epoch, fromNext: next, next: to, published: next, newestMs: clock.now() };
    const entries = additions(2, 7).map(({ value }, i) => {
      const { id, key, units } = JSON.parse(String(value)) as Addition;
      const contentHash = createHash('sha1').update(String(value)).digest('hex');
      return { _id: `test/${id}`, contentHash, partition: 0, offset: from + 1 + i, outcome: 'applied', key, units };
    });
    await other.commit(move, entries, [], new Map([['k', { total: 7, version: 2 ** 40 + to - 1 }]]));
    isSlow = false;
    await clock.advance(5000);
    expect(world.database.log.filter((commit) => commit.move.next < commit.move.fromNext)).toEqual([]);
    expect([total(), applied(), published().at(-1)]).toEqual([7, 7, 'k=7']);
  });

  it('reads nothing that is not committed: a key that memory does not hold waits', async () => {
    const instance = await world.startInstance({ maxBatchRecords: 2 });
    await settle();
    put(...additions(0, 1), ...additions(0, 1, 'other'));
    await settle();
    // As another owner would: of what memory holds nothing is left but the part that is being committed.
    put(...additions(1, 3), ...additions(0, 2, 'new'), ...additions(3, 5));
    await settle();
    expect([total(), total('new'), total('other')]).toEqual([5, 2, 1]);
    await instance.runner.stop();
  });

  const refuseMoreThan = (records: number, { commits }: Instance, from = 0) => {
    commits.beforeApply = ({ fromNext, next }) => {
      if (next > from && next - fromNext > records) throw Object.assign(new Error('too much'), { code: 257 });
    };
  };

  it('is halved where only the last part of a batch is too much for a transaction', async () => {
    const instance = await startedWithOne(4);
    const { end } = world.kafka.logsOf(ADDITIONS.name)[0]!;
    refuseMoreThan(3, instance, end + 8);
    put(...additions(0, 12));
    await clock.advance(5000);
    expect([instance.fatal, total(), applied()]).toEqual([[], 13, 13]);
    expect(published().at(-1)).toBe('k=13');
  });

  it('is forgotten, and ends nothing, where a stop finds that the part before was too much', async () => {
    const instance = await startedWithOne(2);
    let release = () => {};
    instance.commits.beforeApply = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    put(...additions(0, 7));
    await settle();
    const stopped = instance.runner.stop();
    refuseMoreThan(1, instance);
    release();
    await clock.advance(20_000);
    await stopped;
    expect([instance.fatal, total()]).toEqual([[], 3]);
    await world.startInstance({ maxBatchRecords: 2 });
    await clock.advance(5000);
    expect([total(), applied()]).toEqual([8, 8]);
  });

  it('is halved in every part where a stream decides nothing ahead', async () => {
    const instance = await world.startInstance({ maxBatchRecords: 4 }, (decide) => async (batch) => {
      const { ahead, committed, ...decision } = await decide(batch);
      return {
        ...decision,
        committed: () => {
          ahead?.();
          committed();
        },
      };
    });
    await settle();
    put(toSend('first', 'k'));
    await settle();
    refuseMoreThan(3, instance);
    put(...additions(0, 12));
    await clock.advance(5000);
    expect([instance.fatal, total(), applied()]).toEqual([[], 13, 13]);
    expect(published().at(-1)).toBe('k=13');
  });
});
