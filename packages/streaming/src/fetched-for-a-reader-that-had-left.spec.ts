import { expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';
import { silentLog } from './log.js';

it('a reader that had left and asked a broker for the first time was fetched for, and nobody ended it', async () => {
  let clusters = 0;
  const createCluster = () => {
    clusters++;
    return { connect: () => new Promise(() => {}), disconnect: () => Promise.resolve() };
  };
  const kafka = { [Symbol('private:Kafka:createCluster')]: createCluster };
  const fetches = new KafkajsSharedFetches(kafka as unknown as Kafka, silentLog);
  const reader = {};
  fetches.leave(reader);
  const wanted = [{ topic: 't', partition: 0, offset: 0, maxBytes: 1000 }];
  const asked = fetches.next(reader, '1', { wanted, waitMs: 60_000, gatherMs: 0 });
  await new Promise(setImmediate);
  expect(clusters).toBe(0);
  expect(await asked).toEqual([]);
});
