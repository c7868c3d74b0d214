import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { CATALOG_KINDS } from '@shelfline/contracts/catalog';
import { written } from '@shelfline/streaming/testing/written';
import mongoose, { type Connection } from 'mongoose';
import { CatalogRepository } from './catalog.repository.js';
import { describeCatalogRepository } from './testing/catalog-repository.contract.js';

let connection: Connection;
let repository: CatalogRepository;
beforeAll(async () => {
  const dbName = `it_entries_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
  repository = new CatalogRepository(connection);
  await repository.prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeCatalogRepository('in MongoDB', async () => {
  for (const kind of CATALOG_KINDS) await connection.collection(kind).deleteMany({});
  return {
    repository,
    write: (writes) => written(connection, (transaction) => repository.write(writes, transaction)),
  };
});
