import { beforeEach, describe, expect, it } from '@jest/globals';
import { EarliestDue } from './earliest-due.js';

const PARTITION = 3;

/** One partition's documents, and how often the database was asked for them. */
class Rows {
  readonly duesMs = new Map<string, number>();
  asked = 0;
  answering = (): Promise<void> => Promise.resolve();

  async findEarliestDueMs(): Promise<number | undefined> {
    this.asked++;
    const earliestMs = Math.min(...this.duesMs.values());
    await this.answering();
    return Number.isFinite(earliestMs) ? earliestMs : undefined;
  }
  findDue(_: number, nowMs: number, limit: number): Promise<string[]> {
    this.asked++;
    const due = [...this.duesMs].filter(([, dueMs]) => dueMs <= nowMs).toSorted(([, a], [, b]) => a - b);
    return Promise.resolve(due.slice(0, limit).map(([id]) => id));
  }
}

describe('what a partition’s owner remembers of the time', () => {
  let rows: Rows;
  let due: EarliestDue;
  const look = (nowMs: number, limit = 10) => due.find(rows, { partition: PARTITION, nowMs, limit });
  const write = (id: string, dueMs: number | undefined) => {
    rows.duesMs.delete(id);
    if (dueMs !== undefined) rows.duesMs.set(id, dueMs);
    due.committed(PARTITION, [dueMs]);
  };
  beforeEach(() => {
    rows = new Rows();
    due = new EarliestDue();
  });

  it('is read with the first look, and asked for no more before it is there', async () => {
    rows.duesMs.set('left by the owner before', 5000);
    expect(await look(1000)).toEqual([]);
    rows.asked = 0;
    for (let nowMs = 1500; nowMs < 5000; nowMs += 500) expect(await look(nowMs)).toEqual([]);
    expect(rows.asked).toBe(0);
    expect(await look(5000)).toEqual(['left by the owner before']);
  });

  it('asks nothing for ever where time changes nothing', async () => {
    expect(await look(0)).toEqual([]);
    rows.asked = 0;
    expect(await look(Number.MAX_SAFE_INTEGER)).toEqual([]);
    expect(rows.asked).toBe(0);
  });

  it('is lowered by what is committed, and never raised by it', async () => {
    await look(0);
    write('a', 3000);
    write('b', 9000);
    write('c', undefined);
    rows.asked = 0;
    expect(await look(2999)).toEqual([]);
    expect(rows.asked).toBe(0);
    expect(await look(3000)).toEqual(['a']);
  });

  it('stays where more is due than one look works off', async () => {
    for (const id of ['a', 'b', 'c']) rows.duesMs.set(id, 1000);
    expect(await look(1000, 2)).toEqual(['a', 'b']);
    for (const id of ['a', 'b']) write(id, undefined);
    expect(await look(1000, 2)).toEqual(['c']);
  });

  it('is what the database has after a look in vain', async () => {
    await look(0);
    write('a', 1000);
    write('a', 7000);
    expect(await look(1000)).toEqual([]);
    rows.asked = 0;
    expect(await look(6999)).toEqual([]);
    expect(rows.asked).toBe(0);
    expect(await look(7000)).toEqual(['a']);
  });

  it('is read anew after the partition was somebody else’s, and after a look that failed', async () => {
    await look(0);
    due.released(PARTITION);
    rows.duesMs.set('of another owner', 500);
    expect(await look(500)).toEqual(['of another owner']);
    due.released(PARTITION);
    rows.answering = () => Promise.reject(new Error('the database is away'));
    await expect(look(600)).rejects.toThrow('away');
    rows.answering = () => Promise.resolve();
    expect(await look(700)).toEqual(['of another owner']);
  });

  it('of one partition says nothing of another', async () => {
    await look(0);
    due.released(PARTITION + 1);
    due.committed(PARTITION + 1, [100]);
    rows.asked = 0;
    await look(100);
    expect(rows.asked).toBe(0);
    await due.find(rows, { partition: PARTITION + 1, nowMs: 0, limit: 1 });
    expect(rows.asked).toBe(1);
  });

  it('heeds what is committed while the database answers', async () => {
    let answer = () => {};
    rows.answering = () => new Promise((resolve) => (answer = resolve));
    const looking = look(0);
    write('a', 2000);
    answer();
    expect(await looking).toEqual([]);
    rows.answering = () => Promise.resolve();
    expect(await look(2000)).toEqual(['a']);
  });

  it('of a claim that is over comes into no other one', async () => {
    let answer = () => {};
    rows.answering = () => new Promise((resolve) => (answer = resolve));
    const looking = look(0);
    due.released(PARTITION);
    rows.duesMs.set('of another owner', 10);
    answer();
    expect(await looking).toEqual([]);
    rows.answering = () => Promise.resolve();
    expect(await look(10)).toEqual(['of another owner']);
  });
});
