import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { type Image, packImages } from './image.js';
import { IMAGES_COLLECTION, type ImagesDocument } from './mongo-documents.js';
import { databaseOf } from './mongo-partition-store.js';
import { UnflushedReader } from './unflushed-reader.js';

const STREAM = 'inventory.deltas';
const image = (key: string, version: number): Image => ({ group: 'tea', key, version, state: { units: version } });

describe('what is committed and not in its collection yet, as another process reads it', () => {
  let connection: Connection;
  const copies = () => databaseOf(connection).collection<ImagesDocument>(IMAGES_COLLECTION);
  const commit = (partition: number, end: number, images: readonly Image[], stream = STREAM) =>
    copies().insertMany(
      packImages(`${stream}/${partition}/1/${end}`, images).map(({ id, json }) => ({
        _id: id,
        stream,
        partition,
        images: json,
      })),
    );

  beforeAll(async () => {
    connection = await mongoose
      .createConnection(process.env['MONGODB_URI']!, { dbName: `unflushed-${randomUUID().slice(0, 8)}` })
      .asPromise();
  });
  afterAll(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  it('is the newest of each document, of this stream alone', async () => {
    const reader = new UnflushedReader(connection, STREAM);
    await commit(0, 2, [image('tea@dc', 2), image('tea@shop', 1)]);
    await commit(0, 1, [image('tea@dc', 1)]);
    await commit(0, 9, [image('tea@dc', 9)], 'inventory.deltas-of-somebody-else');
    const snapshot = await reader.current();
    expect(snapshot.find('tea@dc')?.version).toBe(2);
    expect([...snapshot.inGroup('tea')].map(({ key }) => key).sort()).toEqual(['tea@dc', 'tea@shop']);
    expect([...snapshot.all()]).toHaveLength(2);
  });

  it('has every commit before the question', async () => {
    const reader = new UnflushedReader(connection, STREAM);
    await reader.current();
    for (let version = 10; version < 30; version++) {
      const [earlier] = [reader.current(), await commit(1, version, [image('tea@shop-b', version)])];
      expect((await reader.current()).find('tea@shop-b')?.version).toBe(version);
      await earlier;
    }
  });

  it('a-snapshot-was-emptied-under-its-reader: it keeps what it had when the copies are forgotten', async () => {
    const reader = new UnflushedReader(connection, STREAM);
    const snapshot = await reader.current();
    const before = [...snapshot.all()].length;
    await copies().deleteMany({ stream: STREAM });
    const later = await reader.current();
    expect([...later.all()]).toEqual([]);
    expect(before).toBeGreaterThan(0);
    expect([...snapshot.all()]).toHaveLength(before);
    expect(snapshot.find('tea@dc')?.version).toBe(2);
  });
});
