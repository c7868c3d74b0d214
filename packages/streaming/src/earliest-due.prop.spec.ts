import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DueSource, EarliestDue } from './earliest-due.js';

const PARTITION = 0;
const LIMIT = 2;
type Row = { readonly id: number; readonly dueMs: number | undefined };
type Step =
  /** By this owner; a commit that fails leaves nothing. */
  | { readonly kind: 'write'; readonly rows: readonly Row[]; readonly isCommitted: boolean }
  /** Of what was found so much is put off; the rest stays due. */
  | { readonly kind: 'look'; readonly passMs: number; readonly putOffMs: readonly (number | undefined)[] }
  | { readonly kind: 'failed look' }
  /** Somebody else has the partition meanwhile, and then it comes back. */
  | { readonly kind: 'given away'; readonly rows: readonly Row[] };

const moment = fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined });
const rows = fc.array(fc.record({ id: fc.integer({ min: 0, max: 4 }), dueMs: moment }), { maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write'), rows, isCommitted: fc.boolean() } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('look'),
      passMs: fc.integer({ min: 0, max: 9 }),
      putOffMs: fc.array(moment, { maxLength: LIMIT }),
    } as const),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failed look') } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('given away'), rows } as const) },
);

/** The database of one partition. */
class Rows implements DueSource<number> {
  private readonly duesMs = new Map<number, number>();
  asked = 0;
  isAway = false;

  put({ id, dueMs }: Row): void {
    this.duesMs.delete(id);
    if (dueMs !== undefined) this.duesMs.set(id, dueMs);
  }
  get earliestMs(): number {
    return Math.min(...this.duesMs.values());
  }
  dueBy(nowMs: number): number[] {
    const due = [...this.duesMs].filter(([, dueMs]) => dueMs <= nowMs).toSorted(([, a], [, b]) => a - b);
    return due.slice(0, LIMIT).map(([id]) => id);
  }
  async findEarliestDueMs(): Promise<number | undefined> {
    this.asked++;
    if (this.isAway) throw new Error('the database is away');
    const { earliestMs } = this;
    return Number.isFinite(earliestMs) ? earliestMs : undefined;
  }
  async findDue(_: number, nowMs: number): Promise<number[]> {
    this.asked++;
    return this.dueBy(nowMs);
  }
}

interface Looked {
  readonly found: readonly number[];
  readonly asked: number;
}
/** What each look found, and what the model says that it should have. */
async function play(steps: readonly Step[]): Promise<{ readonly seen: Looked; readonly expected: Looked }[]> {
  const looks: { readonly seen: Looked; readonly expected: Looked }[] = [];
  const stored = new Rows();
  const due = new EarliestDue();
  let nowMs = 0;
  /** The model: nothing is due before, as far as an owner can know without asking. */
  let knownMs = Number.NEGATIVE_INFINITY;
  const commit = (changed: readonly Row[]) => {
    for (const row of changed) stored.put(row);
    due.committed(
      PARTITION,
      changed.map(({ dueMs }) => dueMs),
    );
    for (const { dueMs = Number.POSITIVE_INFINITY } of changed) knownMs = Math.min(knownMs, dueMs);
  };
  for (const one of steps)
    switch (one.kind) {
      case 'write':
        if (one.isCommitted) commit(one.rows);
        break;
      case 'given away':
        due.released(PARTITION);
        for (const row of one.rows) stored.put(row);
        knownMs = Number.NEGATIVE_INFINITY;
        break;
      case 'failed look':
        stored.isAway = true;
        await due.find(stored, { partition: PARTITION, nowMs, limit: LIMIT }).catch(() => {});
        stored.isAway = false;
        // A failure ends the claim.
        due.released(PARTITION);
        knownMs = Number.NEGATIVE_INFINITY;
        break;
      case 'look': {
        nowMs += one.passMs;
        stored.asked = 0;
        const found = await due.find(stored, { partition: PARTITION, nowMs, limit: LIMIT });
        const isQuiet = knownMs > nowMs;
        if (!isQuiet) knownMs = stored.earliestMs;
        const commands = isQuiet ? 0 : knownMs > nowMs ? 1 : 2;
        looks.push({
          seen: { found, asked: stored.asked },
          expected: { found: stored.dueBy(nowMs), asked: commands },
        });
        const put = one.putOffMs.slice(0, found.length);
        commit(
          put.map((delayMs, i) => ({ id: found[i]!, dueMs: delayMs === undefined ? undefined : nowMs + delayMs })),
        );
        break;
      }
    }
  return looks;
}

it('finds with each look what the database would, and asks it nothing where nothing can be due', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      for (const { seen, expected } of await play(steps)) expect(seen).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
