import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import mongoose, { type Connection } from 'mongoose';
import { Registry } from 'prom-client';
import { acceptLoss } from './accept-loss.js';
import {
  findDeadLetter,
  listDeadLetters,
  REPLAYED_HEADER,
  refuseUnknownDatabase,
  replayDeadLetter,
} from './dead-letters.js';
import { DataLossError } from './errors.js';
import type { KafkaPort } from './kafka-port.js';
import { connectKafka } from './kafkajs-port.js';
import { silentLog } from './log.js';
import { databaseOf } from './mongo-partition-store.js';
import { createStreamMetrics } from './stream-metrics.js';
import { StreamRunner } from './stream-runner.js';
import { ADDITIONS, type Addition, createCountingStream, TOTALS } from './testing/counting-stream.js';
import { until } from './testing/until.js';
import { ensureTopics } from './topics-setup.js';

describe('what an operator does', () => {
  const prefix = `op-${randomUUID().slice(0, 8)}.`;
  const topicName = `${prefix}${ADDITIONS.name}`;
  let kafka: KafkaPort;
  let connection: Connection;
  let counts: ReadonlyMap<string, number>;
  let taught = false;

  beforeAll(async () => {
    kafka = await connectKafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'op' });
    connection = await mongoose
      .createConnection(process.env['MONGODB_URI']!, { dbName: `it_${prefix.replace(/\W/g, '')}` })
      .asPromise();
    counts = await ensureTopics(kafka, [ADDITIONS, TOTALS, TOPICS.deadLetters], {
      prefix,
      partitions: 1,
      replication: 1,
    });
  });
  afterAll(async () => {
    await connection.dropDatabase();
    await connection.close();
    await kafka.close();
  });

  const start = async () => {
    const { stream, decide, totals } = await createCountingStream(connection, 1, `${prefix}group`);
    const fatal: Error[] = [];
    const runner = new StreamRunner({
      // Until it is taught, the reader knows no units of 13.
      stream: {
        ...stream,
        parse: (record) => {
          const parsed = stream.parse(record);
          if (!taught && parsed.kind === 'message' && parsed.message.units === 13)
            return { kind: 'invalid', reason: 'unlucky', detail: '13 units' };
          return parsed;
        },
      },
      decide,
      kafka,
      prefix,
      partitions: counts,
      source: 'test',
      log: silentLog,
      metrics: createStreamMetrics(new Registry()),
      sessionTimeoutMs: 6000,
      onFatal: (error) => fatal.push(error),
    });
    await runner.start();
    return { runner, fatal, totalOf: async (key: string) => (await totals.findOne({ _id: key }))?.total ?? 0 };
  };
  const put = (addition: Addition, headers: Record<string, string> = {}) =>
    kafka.send(topicName, 0, [{ key: addition.key, value: JSON.stringify(addition), headers }]);

  it('lists, shows and replays a dead letter once; what is still bad becomes another', async () => {
    const { runner, totalOf } = await start();
    await put({ id: 'x', key: 'k', units: 13 }, { traceparent: '00-1-2-3' });
    await put({ id: 'y', key: 'k', units: 1 });
    const list = () => listDeadLetters(connection, { stream: ADDITIONS.name, reason: 'unlucky' }, { limit: 10 });
    await until(async () => (await list()).length === 1, 'the dead letter');
    const [letter] = await list();
    const id = letter!._id;
    expect(JSON.parse((await findDeadLetter(connection, id))!.value!.toString())).toMatchObject({ id: 'x', units: 13 });

    const replay = () => replayDeadLetter(connection, kafka, id, { prefix, now: new Date() });
    const both = await Promise.all([replay(), replay()]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['already', 'replayed']);
    expect(await replay()).toMatchObject({ kind: 'already' });
    await until(async () => (await list()).length === 2, 'it is still bad');
    const second = (await list()).find((each) => each._id !== id)!;
    expect(second.headers).toMatchObject({ traceparent: '00-1-2-3', [REPLAYED_HEADER]: id });

    taught = true;
    await replayDeadLetter(connection, kafka, second._id, { prefix, now: new Date() });
    await until(async () => (await totalOf('k')) === 14, 'it is applied');
    expect(await listDeadLetters(connection, { open: true }, { limit: 10 })).toEqual([]);
    expect(await replayDeadLetter(connection, kafka, 'nonesuch', { prefix, now: new Date() })).toEqual({
      kind: 'unknown',
    });
    await runner.stop();
  });

  it('is told of a database that is not there, for it would read as one without dead letters', async () => {
    await expect(refuseUnknownDatabase(connection)).resolves.toBeUndefined();
    const misspelt = connection.useDb(`${connection.name}_x`);
    await expect(refuseUnknownDatabase(misspelt)).rejects.toThrow(/^There is no database it_op\w+_x on this server/);
  });

  it('accepts a loss only where there is one, writes it down, and versions go on growing', async () => {
    const options = {
      connection,
      kafka,
      stream: ADDITIONS.name,
      topicName,
      operator: 'Li Wei',
      reason: 'disk of the only broker',
      now: new Date(),
    };
    expect(await acceptLoss(options)).toEqual([]);
    const checkpoints = databaseOf(connection).collection<{ _id: string }>('checkpoints');
    const versionBefore = (await databaseOf(connection).collection('totals').findOne({}))!['version'] as number;
    // As if the topic had been made anew: the checkpoint is far beyond its end.
    await checkpoints.updateOne({ _id: `${ADDITIONS.name}/0` }, { $set: { next: 1_000_000, published: 1_000_000 } });
    const stopped = await start();
    await until(() => stopped.fatal.length > 0, 'the stream stops');
    expect(stopped.fatal[0]).toBeInstanceOf(DataLossError);
    await stopped.runner.stop();

    const [audit] = await acceptLoss(options);
    expect(audit).toMatchObject({ loss: { kind: 'replaced', appliedTo: 1_000_000 }, after: { generation: 2 } });
    expect(await databaseOf(connection).collection('accepted_losses').findOne({})).toMatchObject({
      operator: 'Li Wei',
      reason: 'disk of the only broker',
    });
    const again = await start();
    await put({ id: 'z', key: 'k', units: 1 });
    await until(async () => (await again.totalOf('k')) === 15, 'the stream goes on, old records known as repeats');
    const { version } = (await databaseOf(connection).collection('totals').findOne({}))! as unknown as Record<
      string,
      number
    >;
    expect(version).toBeGreaterThan(versionBefore);
    expect(version).toBeGreaterThan(2 * 2 ** 40);
    expect(again.fatal).toEqual([]);
    await again.runner.stop();
  });
});
