import { describe, expect, it } from '@jest/globals';
import type { ClientSession, mongo } from 'mongoose';
import { isPassing } from './errors.js';
import { JointWritesRefusedError, MissingDocumentError, TransactionWrites } from './transaction-writes.js';

const SESSION = {} as ClientSession;
const KIB = 1024;
interface Sent {
  readonly way: 'command' | 'driver' | 'joint';
  readonly body: Record<string, unknown>;
  readonly options: object;
}
interface Scene {
  readonly reply?: object;
  readonly ignoreUndefined?: boolean;
  readonly isJoint?: boolean;
}

/** What was sent, and how; answers as a server would unless told otherwise. */
function sending({ reply, ignoreUndefined, isJoint = false }: Scene = {}) {
  const sent: Sent[] = [];
  const answered = (way: Sent['way'], body: object, options: object, usual: object) => {
    sent.push({ way, body: body as never, options });
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply ?? usual);
  };
  const each = (ops: object[]) => ({ cursor: { firstBatch: ops.map((_, idx) => ({ ok: 1, idx, n: 1 })) } });
  const db = {
    databaseName: 'shop',
    bsonOptions: { ignoreUndefined },
    command: (body: { documents?: object[]; updates?: object[] }, options: object) =>
      answered('command', body, options, { n: (body.documents ?? body.updates)!.length }),
    admin: () => ({
      command: (body: { ops: object[] }, options: object) => answered('joint', body, options, each(body.ops)),
    }),
    collection: () => ({
      insertMany: (documents: object[], options: object) =>
        answered('driver', { documents }, options, { insertedCount: documents.length }),
      bulkWrite: (operations: object[], options: object) =>
        answered('driver', { operations }, options, { matchedCount: operations.length, upsertedCount: 0 }),
    }),
  } as unknown as mongo.Db;
  const collection = (collectionName: string) => ({ collectionName }) as mongo.Collection<{ _id: string }>;
  const run = (name: (writes: TransactionWrites) => void) => {
    const writes = new TransactionWrites();
    name(writes);
    return writes.run(db, SESSION, isJoint);
  };
  return { sent, run, orders: collection('orders'), entries: collection('entries') };
}
const documents = (count: number, bytes = 10) =>
  Array.from({ length: count }, (_, n) => ({ _id: `d${n}`, x: 'x'.repeat(bytes) }));
const [one] = documents(1);
const move = { filter: { _id: 'p/0', epoch: 1 }, update: { $set: { next: 2 } } };

describe('writes to one collection', () => {
  it.each([
    ['64 small ones', documents(64), 'command'],
    ['65 small ones', documents(65), 'driver'],
    ['one of nearly 64 KiB', documents(1, 64 * KIB - 100), 'command'],
    ['one of more than 64 KiB', documents(1, 64 * KIB), 'driver'],
    ['few that are more than 64 KiB together', documents(4, 17 * KIB), 'driver'],
  ])('%s go as the way that costs less, all of them, in order and in the session', async (_, list, way) => {
    const { sent, run, entries } = sending({ isJoint: true });
    await run((writes) => writes.insert(entries, list));
    expect(sent).toMatchObject([{ way, body: { documents: list }, options: { session: SESSION } }]);
  });

  it('none are not sent', async () => {
    const { sent, run, entries } = sending();
    await run((writes) => {
      writes.insert(entries, []);
      writes.replace(entries, []);
      writes.put(entries, []);
      writes.update(entries, []);
    });
    expect(sent).toEqual([]);
  });

  it.each([64, 65])('%i of which the server took one less fail, though it names no error', async (count) => {
    const { run, entries } = sending({ reply: { n: count - 1, insertedCount: count - 1 } });
    await expect(run((writes) => writes.insert(entries, documents(count)))).rejects.toThrow(
      `entries took ${count - 1} of ${count} documents`,
    );
  });

  it('fail with the code of the first that was refused', async () => {
    const { run, entries } = sending({ reply: { n: 0, writeErrors: [{ code: 11000, errmsg: 'E11000 duplicate' }] } });
    await expect(run((writes) => writes.insert(entries, documents(2)))).rejects.toMatchObject({
      code: 11000,
      message: 'E11000 duplicate',
    });
  });

  it.each([2, 65])('fail where one of %i to replace is not there', async (count) => {
    const { run, entries } = sending({ reply: { n: count - 1, matchedCount: count - 1, upsertedCount: 0 } });
    await expect(run((writes) => writes.replace(entries, documents(count)))).rejects.toEqual(
      new MissingDocumentError('entries', count - 1, count),
    );
  });

  it('that are not there are made where that is asked for', async () => {
    const { sent, run, entries } = sending();
    await run((writes) => writes.put(entries, [one!]));
    expect(sent[0]!.body).toMatchObject({ updates: [{ q: { _id: 'd0' }, u: one, upsert: true }] });
    const many = sending({ reply: { matchedCount: 60, upsertedCount: 5 } });
    await many.run((writes) => writes.put(many.entries, documents(65)));
    expect(many.sent[0]!.body).toMatchObject({ operations: { length: 65 } });
  });

  it('a part of a document is no whole one', async () => {
    const { sent, run, entries } = sending();
    await run((writes) => writes.update(entries, Array<typeof move>(65).fill(move)));
    expect((sent[0]!.body as { operations: object[] }).operations[0]).toEqual({
      updateOne: { ...move, upsert: false },
    });
  });

  it.each([true, false])('leave out what is undefined as their database does: %s', async (ignoreUndefined) => {
    const { sent, run, entries, orders } = sending({ ignoreUndefined });
    await run((writes) => {
      writes.insert(entries, [one!]);
      writes.update(orders, [move]);
    });
    expect(sent).toMatchObject([{ options: { ignoreUndefined } }, { options: { ignoreUndefined } }]);
  });
});

describe('little of several collections', () => {
  const both = ({ orders, entries }: ReturnType<typeof sending>) => {
    return (writes: TransactionWrites): void => {
      writes.update(orders, [move]);
      writes.insert(entries, [one!]);
      writes.put(orders, [one!]);
    };
  };
  const told = (...firstBatch: object[]) => sending({ isJoint: true, reply: { cursor: { firstBatch } } });
  const OK = { ok: 1, n: 1 };
  const TWICE = { ok: 0, code: 11000, errmsg: 'E11000 duplicate', n: 0 };

  it('is one command that names each collection once, where the server takes it', async () => {
    const to = sending({ isJoint: true, ignoreUndefined: true });
    await to.run(both(to));
    const { filter, update: updateMods } = move;
    const ops = [
      { update: 0, filter, updateMods, multi: false },
      { insert: 1, document: one },
      { update: 0, filter: { _id: 'd0' }, updateMods: one, multi: false, upsert: true },
    ];
    expect(to.sent).toEqual([
      {
        way: 'joint',
        body: { bulkWrite: 1, ops, nsInfo: [{ ns: 'shop.orders' }, { ns: 'shop.entries' }], ordered: true },
        options: { session: SESSION, ignoreUndefined: true },
      },
    ]);
  });

  it('is a command each where the server is older', async () => {
    const to = sending();
    await to.run(both(to));
    expect(to.sent.map(({ way }) => way)).toEqual(['command', 'command', 'command']);
  });

  it.each([
    [15, ['joint']],
    [16, ['command', 'command']],
  ])('beside another one %i of a collection are sent as %j', async (count, ways) => {
    const to = sending({ isJoint: true });
    await to.run((writes) => {
      writes.update(to.orders, [move]);
      writes.insert(to.entries, documents(count));
    });
    expect(to.sent.map(({ way }) => way)).toEqual(ways);
  });

  it('says first what was not found, then what was refused: whoever is fenced finds his entries there', async () => {
    const to = told({ ok: 1, n: 0 }, TWICE);
    await expect(to.run(both(to))).rejects.toEqual(new MissingDocumentError('orders', 0, 1));
  });

  it('fails with the code of what was refused', async () => {
    const to = told(OK, TWICE);
    await expect(to.run(both(to))).rejects.toMatchObject({ code: 11000, message: 'E11000 duplicate' });
  });

  it('is begun again where another transaction wanted the same', async () => {
    const to = told(OK, OK, { ok: 0, code: 112, errmsg: 'Write conflict', n: 0 });
    const failure = await to.run(both(to)).catch((error: unknown) => error);
    expect((failure as mongo.MongoServerError).hasErrorLabel('TransientTransactionError')).toBe(true);
  });

  it.each([59, 115, 40415])(
    'is to be sent again in plain commands where the server does not take it: %i',
    async (code) => {
      const to = sending({ isJoint: true, reply: Object.assign(new Error('bulkWrite may not be run'), { code }) });
      const failure = await to.run(both(to)).catch((error: unknown) => error);
      expect([failure instanceof JointWritesRefusedError, isPassing(failure)]).toEqual([true, true]);
    },
  );

  it('fails as the server does otherwise', async () => {
    const gone = Object.assign(new Error('the transaction was aborted'), { code: 251 });
    const to = sending({ isJoint: true, reply: gone });
    await expect(to.run(both(to))).rejects.toBe(gone);
  });

  it('fails where the server tells of fewer than were sent', async () => {
    const to = told(OK);
    await expect(to.run(both(to))).rejects.toThrow('entries took 0 of 1 documents');
  });

  it('what is no write of a known document comes last', async () => {
    const to = sending({ isJoint: true });
    await to.run((writes) => {
      writes.afterwards(async (session) => void to.sent.push({ way: 'driver', body: {}, options: session }));
      both(to)(writes);
    });
    expect(to.sent.map(({ way }) => way)).toEqual(['joint', 'driver']);
  });
});
