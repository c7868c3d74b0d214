import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { rawBatches } from './raw-batches.js';

const { BSON } = mongoose.mongo;
const DOCUMENTS = 25;

describe('batches as the server sends them', () => {
  let connection: Connection;
  const commands: string[] = [];
  const batches = (batchSize: number, filter = {}) =>
    rawBatches(connection.db as unknown as mongo.Db, { collection: 'things', filter, batchSize });
  const idsIn = (batch: Uint8Array) => Object.values(BSON.deserialize(batch)).map(({ _id }) => _id as number);

  beforeAll(async () => {
    const dbName = `it_batches_${randomUUID().slice(0, 8)}`;
    connection = await mongoose
      .createConnection(process.env['MONGODB_URI']!, { dbName, monitorCommands: true })
      .asPromise();
    connection.getClient().on('commandStarted', ({ commandName }) => void commands.push(commandName));
    const things = Array.from({ length: DOCUMENTS }, (_, i) => ({ _id: i, even: i % 2 === 0 }));
    await connection.collection('things').insertMany(things as never);
  });
  beforeEach(() => void (commands.length = 0));
  afterAll(async () => {
    await connection?.dropDatabase();
    await connection?.close();
  });

  it('hold everything once, in arrays of the size that was asked for', async () => {
    const found: number[][] = [];
    for await (const batch of batches(10)) found.push(idsIn(batch));
    expect(found.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(found.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: DOCUMENTS }, (_, i) => i));
    expect(commands).not.toContain('killCursors');
  });

  it('hold what matches, and one is empty where nothing does', async () => {
    for await (const batch of batches(100, { even: true })) expect(idsIn(batch)).toHaveLength(13);
    for await (const batch of batches(100, { even: 'maybe' })) expect(idsIn(batch)).toEqual([]);
  });

  it('leave no cursor behind when whoever reads them goes away', async () => {
    for await (const batch of batches(10)) {
      expect(idsIn(batch)).toHaveLength(10);
      break;
    }
    expect(commands.filter((name) => name !== 'endSessions')).toEqual(['find', 'getMore', 'killCursors']);
  });

  it('tell the error of a query that cannot be', async () => {
    await expect(batches(10, { $nonsense: 1 }).next()).rejects.toThrow('$nonsense');
  });
});
