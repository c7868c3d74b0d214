import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { written } from '@shelfline/streaming/testing/written';
import mongoose, { type Connection } from 'mongoose';
import { FeedsRepository } from './feeds.repository.js';
import { describeFeedsRepository } from './testing/feeds-repository.contract.js';

let connection: Connection;
beforeAll(async () => {
  const dbName = `it_feeds_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeFeedsRepository('in MongoDB', async () => {
  connection.deleteModel(/^Feed$/);
  const repository = new FeedsRepository(connection);
  await repository.prepare();
  await connection.collection('feeds').deleteMany({});
  return {
    repository,
    write: (writes) => written(connection, (transaction) => repository.write(writes, transaction)),
  };
});
