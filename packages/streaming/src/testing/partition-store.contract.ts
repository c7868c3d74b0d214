import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckpointMove, DeadLetter, LedgerEntry, PartitionStore } from '../stream.js';
import type { Totals } from './counting-stream.js';

export interface StoreUnderTest {
  /** A process's own view of one database. */
  readonly connect: () => Promise<PartitionStore<Totals>>;
  readonly findTotal: (key: string) => Promise<number | undefined>;
}

/** What every implementation of PartitionStore promises. Each call of `setUp` gives an empty database. */
export function describePartitionStore(name: string, setUp: () => Promise<StoreUnderTest>): void {
  describe(`PartitionStore: ${name}`, () => {
    let under: StoreUnderTest;
    let store: PartitionStore<Totals>;
    beforeEach(async () => {
      under = await setUp();
      store = await under.connect();
    });

    const entry = (id: string, offset: number): LedgerEntry => ({
      _id: id,
      contentHash: 'h',
      partition: 0,
      offset,
      outcome: 'applied',
    });
    const letter = (offset: number): DeadLetter => ({
      _id: `t/0/${offset}`,
      topic: 't',
      partition: 0,
      offset,
      key: null,
      value: Buffer.from([0, 255, 7]),
      headers: { 'with.dot': 'a', $dollar: 'b' },
      reason: 'bad',
      detail: 'very',
      recordedAtMs: 1_700_000_000_000,
    });
    const move = (epoch: number, fromNext: number, next: number): CheckpointMove => ({
      partition: 0,
      epoch,
      fromNext,
      next,
      published: Math.max(0, fromNext),
      newestMs: 5000 + next,
    });
    const totals = (total: number): Totals => new Map([['k', { total, version: total }]]);

    it('begins with nothing applied', async () => {
      expect(await store.claim(0)).toEqual({
        epoch: 1,
        next: -1,
        published: -1,
        newestMs: -1,
        generation: 1,
        unpublished: [],
      });
    });

    it('commits entries, dead letters, writes and checkpoint together', async () => {
      const { epoch } = await store.claim(0);
      const result = await store.commit(move(epoch, -1, 3), [entry('a', 0), entry('b', 2)], [letter(1)], totals(7));
      expect(result).toEqual({ kind: 'committed' });
      expect(await under.findTotal('k')).toBe(7);
      expect(await store.unpublishedEntries(0, 0, 3)).toEqual([entry('a', 0), entry('b', 2)]);
      expect(await store.unpublishedEntries(0, 1, 2)).toEqual([]);
      expect(await store.deadLettersBetween(0, 0, 3)).toEqual([letter(1)]);
      const unpublished = [{ next: 3, newestMs: 5003 }];
      const claim = { epoch: epoch + 1, next: 3, published: 0, newestMs: 5003, generation: 1, unpublished };
      expect(await store.claim(0)).toEqual(claim);
    });

    it('tells a new owner of which time each commit is that may be unpublished, without entries too', async () => {
      const { epoch } = await store.claim(0);
      await store.commit({ ...move(epoch, -1, 1), published: 1 }, [entry('a', 0)], [], totals(1));
      await store.commit({ ...move(epoch, 1, 3), published: 1 }, [], [], totals(2));
      await store.commit({ ...move(epoch, 3, 4), published: 1 }, [entry('b', 3)], [], totals(3));
      expect((await (await under.connect()).claim(0)).unpublished).toEqual([
        { next: 3, newestMs: 5003 },
        { next: 4, newestMs: 5004 },
      ]);
    });

    it('tells a new owner the entries of the commits that no later one told to be published, and no others', async () => {
      const { epoch } = await store.claim(0);
      const at = (from: number, next: number, published: number) => ({ ...move(epoch, from, next), published });
      await store.commit(at(-1, 1, 0), [entry('a', 0)], [], totals(1));
      await store.commit(at(1, 3, 0), [entry('b', 1), entry('c', 2)], [], totals(2));
      const other = await under.connect();
      expect(await other.unpublishedEntries(0, 0, 3)).toEqual([entry('a', 0), entry('b', 1), entry('c', 2)]);
      await store.commit(at(3, 4, 1), [entry('d', 3)], [], totals(2));
      const { epoch: newer } = await other.claim(0);
      expect(await other.unpublishedEntries(0, 0, 4)).toEqual([entry('b', 1), entry('c', 2), entry('d', 3)]);
      expect(await other.unpublishedEntries(0, 2, 3)).toEqual([entry('c', 2)]);
      // What the former owner noted is noted still: the new one had not published it when it committed.
      await other.commit({ ...move(newer, 4, 5), published: 1 }, [entry('e', 4)], [], totals(2));
      const third = await under.connect();
      expect((await third.unpublishedEntries(0, 0, 5)).map(({ _id }) => _id)).toEqual(['b', 'c', 'd', 'e']);
      await other.commit({ ...move(newer, 5, 6), published: 5 }, [], [], totals(2));
      expect(await third.unpublishedEntries(0, 0, 6)).toEqual([]);
    });

    it('refuses a former owner, and writes nothing of it', async () => {
      const other = await under.connect();
      const { epoch } = await store.claim(0);
      await other.claim(0);
      const result = await store
        .commit(move(epoch, -1, 1), [entry('a', 0)], [letter(0)], totals(1))
        .catch(() => 'failed');
      // A former owner's open transaction may be aborted under its hands: refused one way or the other.
      expect(result).not.toEqual({ kind: 'committed' });
      expect(await store.commit(move(epoch, -1, 1), [entry('a', 0)], [], totals(1))).toEqual({ kind: 'fenced' });
      expect(await store.findEntries(['a'])).toEqual(new Map());
      expect(await under.findTotal('k')).toBeUndefined();
    });

    it('refuses a commit that does not continue the checkpoint', async () => {
      const { epoch } = await store.claim(0);
      await store.commit(move(epoch, -1, 2), [], [], totals(1));
      expect(await store.commit(move(epoch, 0, 3), [], [], totals(9))).toEqual({ kind: 'fenced' });
      expect(await under.findTotal('k')).toBe(1);
    });

    it('writes nothing when an id is taken, and goes on afterwards', async () => {
      const { epoch } = await store.claim(0);
      await store.commit(move(epoch, -1, 1), [entry('a', 0)], [], totals(1));
      const result = await store.commit(move(epoch, 1, 3), [entry('b', 1), entry('a', 2)], [letter(2)], totals(9));
      expect(result.kind).toBe('duplicate');
      expect([...(await store.findEntries(['a', 'b', 'c'])).keys()]).toEqual(['a']);
      expect(await store.deadLettersBetween(0, 0, 9)).toEqual([]);
      expect(await under.findTotal('k')).toBe(1);
      expect(await store.commit(move(epoch, 1, 3), [entry('b', 1)], [], totals(2))).toEqual({ kind: 'committed' });
    });

    it('keeps images with the commit until they are forgotten, for whoever claims next', async () => {
      const image = (version: number) => ({ group: 'g', key: 'k', version, state: { units: version } });
      const { epoch } = await store.claim(0);
      const first = { id: 't/0/1', json: JSON.stringify([image(1)]) };
      const second = { id: 't/0/2', json: JSON.stringify([image(2), image(3)]) };
      await store.commit(move(epoch, -1, 1), [entry('a', 0)], [], totals(1), [first]);
      await store.commit(move(epoch, 1, 2), [entry('b', 1)], [], totals(1), [second]);
      await store.commit(move(epoch, 1, 3), [], [], totals(1), [{ id: 't/0/refused', json: '[]' }]);
      const other = await under.connect();
      const byId = (list: readonly { id: string }[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(byId(await other.storedImages(0))).toEqual([first, second]);
      expect(await other.storedImages(1)).toEqual([]);
      await store.forgetImages(['t/0/1', 'unknown']);
      expect(await other.storedImages(0)).toEqual([second]);
    });

    it('keeps partitions apart', async () => {
      const { epoch } = await store.claim(0);
      await store.commit(move(epoch, -1, 1), [entry('a', 0)], [], totals(1));
      expect((await store.claim(1)).next).toBe(-1);
      expect(await store.unpublishedEntries(1, 0, 9)).toEqual([]);
    });

    it('lets one of many owners that claim at once commit', async () => {
      const stores = await Promise.all(Array.from({ length: 5 }, () => under.connect()));
      const claims = await Promise.all(stores.map((each) => each.claim(0)));
      expect(new Set(claims.map(({ epoch }) => epoch)).size).toBe(5);
      const results = await Promise.all(
        stores.map((each, i) =>
          each
            .commit(move(claims[i]!.epoch, -1, 1), [entry(`e${i}`, 0)], [], totals(i))
            .catch(() => ({ kind: 'failed' })),
        ),
      );
      expect(results.filter(({ kind }) => kind === 'committed').length).toBeLessThanOrEqual(1);
      const last = await store.claim(0);
      const next = Math.max(last.next, 0) + 1;
      expect(await store.commit(move(last.epoch, last.next, next), [], [], totals(1))).toEqual({ kind: 'committed' });
    });
  });
}
