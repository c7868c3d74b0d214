import { describe, expect, it } from '@jest/globals';
import type { ClientSession, mongo } from 'mongoose';
import { insertAll, replaceAll, updateEach } from './transaction-writes.js';

const SESSION = {} as ClientSession;
const KIB = 1024;

/** What was sent, and how; answers as a server would unless told otherwise. */
function sending({ reply, ignoreUndefined }: { reply?: object; ignoreUndefined?: boolean } = {}) {
  const sent: { way: 'command' | 'bulk'; body: unknown; options: object }[] = [];
  const bsonOptions = { ignoreUndefined };
  const db = {
    bsonOptions,
    command: async (body: { documents?: object[]; updates?: object[] }, options: object) => {
      sent.push({ way: 'command', body, options });
      return reply ?? { n: (body.documents ?? body.updates)!.length };
    },
  } as unknown as mongo.Db;
  const collection = {
    collectionName: 'entries',
    bsonOptions,
    insertMany: async (documents: object[], options: object) => {
      sent.push({ way: 'bulk', body: documents, options });
      return reply ?? { insertedCount: documents.length };
    },
    bulkWrite: async (operations: object[], options: object) => {
      sent.push({ way: 'bulk', body: operations, options });
      return reply ?? { matchedCount: operations.length };
    },
  } as unknown as mongo.Collection;
  return { sent, db, collection, insert: (documents: object[]) => insertAll(db, collection, documents, SESSION) };
}
const documents = (count: number, bytes = 10) =>
  Array.from({ length: count }, (_, n) => ({ _id: n, x: 'x'.repeat(bytes) }));

describe('documents inserted in a transaction', () => {
  it.each([
    ['64 small ones', documents(64), 'command'],
    ['65 small ones', documents(65), 'bulk'],
    ['one of nearly 64 KiB', documents(1, 64 * KIB - 100), 'command'],
    ['one of more than 64 KiB', documents(1, 64 * KIB), 'bulk'],
    ['few that are more than 64 KiB together', documents(4, 17 * KIB), 'bulk'],
  ])('%s go as the way that costs less, all of them, in order and in the session', async (_, list, way) => {
    const { sent, insert } = sending();
    await insert(list);
    expect(sent).toMatchObject([{ way, options: { session: SESSION } }]);
    const { body } = sent[0]!;
    expect(body).toEqual(way === 'bulk' ? list : { insert: 'entries', documents: list, ordered: true });
  });

  it('none are not sent', async () => {
    const { sent, insert } = sending();
    await insert([]);
    expect(sent).toEqual([]);
  });

  it.each([64, 65])('%i of which the server took one less fail, though it names no error', async (count) => {
    const { insert } = sending({ reply: { n: count - 1, insertedCount: count - 1 } });
    await expect(insert(documents(count))).rejects.toThrow(`entries took ${count - 1} of ${count} documents`);
  });

  it('fail with the code of the first that was refused', async () => {
    const { insert } = sending({ reply: { n: 0, writeErrors: [{ code: 11000, errmsg: 'E11000 duplicate key' }] } });
    await expect(insert(documents(2))).rejects.toMatchObject({ code: 11000, message: 'E11000 duplicate key' });
  });

  it.each([true, false])('leave out what is undefined as their collection does: %s', async (ignoreUndefined) => {
    const { sent, insert, db } = sending({ ignoreUndefined });
    await insert([{ _id: 1, gone: undefined }]);
    await updateEach(db, 'entries', [{ filter: { _id: 1 }, update: { $set: { a: undefined } } }], SESSION);
    expect(sent).toMatchObject([{ options: { ignoreUndefined } }, { options: { ignoreUndefined } }]);
  });
});

describe('documents updated in a transaction', () => {
  it('answers how many were found, which may be fewer', async () => {
    const { db } = sending({ reply: { n: 1 } });
    const updates = [1, 2].map((_id) => ({ filter: { _id }, update: { $set: { a: 1 } } }));
    expect(await updateEach(db, 'entries', updates, SESSION)).toBe(1);
  });
});

describe('documents replaced in a transaction', () => {
  const named = (count: number) => Array.from({ length: count }, (_, n) => ({ _id: `d${n}`, x: n }));
  const replace = ({ db, collection }: ReturnType<typeof sending>, list: { _id: string }[]) =>
    replaceAll(db, collection as unknown as mongo.Collection<{ _id: string }>, list, SESSION);

  it('are each named by their id, few as a command', async () => {
    const to = sending();
    await replace(to, named(2));
    const updates = named(2).map((u) => ({ q: { _id: u._id }, u }));
    expect(to.sent).toMatchObject([
      { way: 'command', body: { update: 'entries', updates }, options: { session: SESSION } },
    ]);
  });

  it('many go as a bulk write', async () => {
    const to = sending();
    await replace(to, named(65));
    expect(to.sent).toMatchObject([{ way: 'bulk', options: { session: SESSION, ordered: false } }]);
  });

  it.each([2, 65])('fail where one of %i is not there', async (count) => {
    const to = sending({ reply: { n: count - 1, matchedCount: count - 1 } });
    await expect(replace(to, named(count))).rejects.toThrow(`has ${count - 1} of ${count} documents to replace`);
  });
});
