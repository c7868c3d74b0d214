import { describe, expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';
import { silentLog } from './log.js';
import { until } from './testing/until.js';

const READING = { wanted: [{ topic: 't', partition: 0, offset: 0, maxBytes: 1000 }], waitMs: 20, gatherMs: 0 };

/** kafkajs as far as one cluster is made of it: connected when it is told, its one broker answers nothing. */
function cluster() {
  const asked: string[] = [];
  let connect = () => {};
  const connected = new Promise<void>((resolve) => {
    connect = resolve;
  });
  const made = {
    connect: () => {
      asked.push('connect');
      return connected;
    },
    addMultipleTargetTopics: () => Promise.resolve(),
    disconnect: () => {
      asked.push('disconnect');
      return Promise.resolve();
    },
    findBroker: () => {
      asked.push('findBroker');
      return Promise.resolve({ connectionPool: { getConnection: () => new Promise(() => {}) } });
    },
  };
  const kafka = { [Symbol('private:Kafka:createCluster')]: () => made };
  return { asked, connect, fetches: new KafkajsSharedFetches(kafka as unknown as Kafka, silentLog) };
}

describe('the end of the shared reader', () => {
  it('was told to a consumer that was not stopped yet as a failure, of which its process ended', async () => {
    const { connect, fetches } = cluster();
    const [reader, other] = [{}, {}];
    const waiting = fetches.next(reader, '1', READING);
    connect();
    await fetches.close();
    expect(await waiting).toEqual([]);
    const asked = [fetches.next(reader, '1', READING), fetches.next(reader, '2', READING)];
    expect(await Promise.all(asked)).toEqual([[], []]);
    const left = fetches.next(other, '1', { ...READING, waitMs: 60_000 });
    fetches.leave(other);
    expect(await left).toEqual([]);
    expect(await fetches.next(other, '1', { ...READING, waitMs: 60_000 })).toEqual([]);
  });
  it('while it was being connected left a connection open', async () => {
    const { asked, connect, fetches } = cluster();
    void fetches.next({}, '1', READING);
    await until(() => asked.includes('connect'), 'the first connection is being made');
    const closing = fetches.close();
    connect();
    await closing;
    await new Promise(setImmediate);
    expect(asked).toEqual(['connect', 'disconnect']);
  });
});
