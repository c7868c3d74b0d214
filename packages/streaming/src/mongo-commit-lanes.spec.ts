import { describe, expect, it } from '@jest/globals';
import mongoose, { type ClientSession } from 'mongoose';
import { type Commit, CommitLanes } from './mongo-commit-lanes.js';

const { Binary, MongoNetworkError, MongoServerError } = mongoose.mongo;

const commitOf = (partition: number): Commit<null> => ({
  move: { partition, epoch: 1, fromNext: 0, next: 1, published: 0, newestMs: 0 },
  documents: [],
  size: 0,
  unpublished: [],
  deadLetters: [],
  writes: null,
  images: [],
});
const aborted = () => new MongoServerError({ message: 'gone', code: 251, errorLabels: ['TransientTransactionError'] });

/** Lanes over sessions that do nothing; `answers` are given to one attempt after the other. */
function createLanes(
  answers: (Error | 'committed' | 'fenced')[],
  commitFailures: Error[] = [],
  firstIsDone: Promise<void> = Promise.resolve(),
) {
  const attempts: number[][] = [];
  let sessions = 0;
  const startSession = () => {
    let open = false;
    return {
      id: { id: new Binary(Buffer.from([++sessions])) },
      startTransaction: () => (open = true),
      inTransaction: () => open,
      abortTransaction: async () => void (open = false),
      commitTransaction: async () => {
        const failure = commitFailures.shift();
        if (failure) throw failure;
        open = false;
      },
    } as unknown as ClientSession;
  };
  const lanes = new CommitLanes<null>({
    connection: { getClient: () => ({ startSession }) } as never,
    writeAll: async (_session, commits) => {
      attempts.push(commits.map(({ move }) => move.partition));
      if (attempts.length === 1) await firstIsDone;
      const answer = answers.shift() ?? 'committed';
      if (answer instanceof Error) throw answer;
      return { kind: answer };
    },
  });
  return { lanes, attempts };
}

describe('CommitLanes', () => {
  it('commits together what is ready in the same turn', async () => {
    const { lanes, attempts } = createLanes([]);
    const results = await Promise.all([lanes.commit(commitOf(1)), lanes.commit(commitOf(2))]);
    expect([attempts, results.map(({ kind }) => kind)]).toEqual([[[1, 2]], ['committed', 'committed']]);
  });

  it.each([
    [99, [[1], [2, 3]]],
    [100, [[1], [2], [3]]],
  ])('waits for the one under way with %i entries', async (size, expected) => {
    let finish = () => {};
    const { lanes, attempts } = createLanes([], [], new Promise((resolve) => (finish = resolve)));
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const first = lanes.commit(commitOf(1));
    await turn();
    const second = lanes.commit({ ...commitOf(2), size });
    await turn();
    const third = lanes.commit(commitOf(3));
    await turn();
    finish();
    await Promise.all([first, second, third]);
    expect(attempts).toEqual(expected);
  });

  it('held up by a connection that had gone silent: waits no longer than a moment for the one under way', async () => {
    const { lanes, attempts } = createLanes([], [], new Promise(() => {}));
    void lanes.commit(commitOf(1));
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([lanes.commit(commitOf(2)), lanes.commit(commitOf(3))]);
    expect(attempts).toEqual([[1], [2, 3]]);
  });

  it('commits each alone when one of them is fenced', async () => {
    const { lanes, attempts } = createLanes(['fenced', 'fenced', 'committed']);
    const results = await Promise.all([lanes.commit(commitOf(1)), lanes.commit(commitOf(2))]);
    expect([attempts, results.map(({ kind }) => kind)]).toEqual([
      [[1, 2], [1], [2]],
      ['fenced', 'committed'],
    ]);
  });

  it('tries again what a takeover of another partition aborted, and holds nothing for open', async () => {
    const { lanes, attempts } = createLanes([aborted(), 'committed'], [aborted()]);
    await expect(lanes.commit(commitOf(1))).resolves.toEqual({ kind: 'committed' });
    expect([attempts.length, lanes.unsettledIds]).toEqual([3, []]);
  });

  it('gives up after a few aborts', async () => {
    const { lanes, attempts } = createLanes(Array.from({ length: 9 }, aborted));
    await expect(lanes.commit(commitOf(1))).rejects.toThrow('gone');
    expect(attempts).toHaveLength(3);
  });

  it('remembers the session whose answer is missing until its transaction is known to be over', async () => {
    const { lanes } = createLanes([new MongoNetworkError('connection closed')]);
    await expect(lanes.commit(commitOf(1))).rejects.toThrow('connection closed');
    const [left, ...others] = lanes.unsettledIds;
    expect([left!.buffer[0], others]).toEqual([expect.any(Number), []]);
    lanes.settled([new Binary(Buffer.from([99]))]);
    expect(lanes.unsettledIds).toHaveLength(1);
    lanes.settled([left!]);
    expect(lanes.unsettledIds).toEqual([]);
  });

  it('does not ask for one after the other when the database does not answer', async () => {
    const { lanes, attempts } = createLanes([new MongoNetworkError('connection closed')]);
    const results = await Promise.allSettled([lanes.commit(commitOf(1)), lanes.commit(commitOf(2))]);
    expect([attempts, results.map(({ status }) => status)]).toEqual([[[1, 2]], ['rejected', 'rejected']]);
  });
});
