import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { ImportsRepository } from './imports.repository.js';
import { describeImportsRepository } from './testing/imports-repository.contract.js';

let connection: Connection;
let repository: ImportsRepository;
beforeAll(async () => {
  const dbName = `it_imports_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
  repository = new ImportsRepository(connection);
  await repository.prepare();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

describeImportsRepository('in MongoDB', async () => {
  await connection.collection('imports').deleteMany({});
  return repository;
});
