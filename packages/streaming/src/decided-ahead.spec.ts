import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordToSend } from './kafka-port.js';
import { ADDITIONS, TOTALS } from './testing/counting-stream.js';
import { createWorld, type World } from './testing/instance.js';
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
  const total = (key = 'k') => world.totals.get(key)?.total ?? 0;
  const published = () =>
    world.kafka.read(TOTALS.name, 0).map(({ value }) => {
      const { key, total: units } = JSON.parse(value!.toString()) as { key: string; total: number };
      return `${key}=${units}`;
    });
  const applied = () => [...world.database.entries.values()].filter(({ outcome }) => outcome === 'applied').length;

  it('is decided while the part before is being committed, and published in order', async () => {
    const instance = await world.startInstance({ maxBatchRecords: 2 });
    await settle();
    put(toSend('first', 'k'));
    await settle();
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
    const { commits } = await world.startInstance({ maxBatchRecords: 2 });
    await settle();
    put(toSend('first', 'k'));
    await settle();
    let failures = 1;
    commits.beforeApply = () => {
      if (failures-- > 0) throw Object.assign(new Error('reset'), { name: 'MongoNetworkError' });
    };
    put(...additions(0, 6));
    await clock.advance(2000);
    expect([total(), applied()]).toEqual([7, 7]);
    expect(published().at(-1)).toBe('k=7');
  });

  it('is forgotten when the reply of that commit was lost, and is applied once', async () => {
    const { commits } = await world.startInstance({ maxBatchRecords: 2 });
    await settle();
    put(toSend('first', 'k'));
    await settle();
    let losses = 2;
    commits.afterApply = () => {
      if (losses-- > 0) throw Object.assign(new Error('reset'), { name: 'MongoNetworkError' });
    };
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
});
