import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { mongo } from 'mongoose';
import { type LocalStack, startLocalStack } from './local-stack.js';
import { findStartTime } from './process-identity.js';
import type { StackProgress } from './progress.js';

const TOPIC = 'local-stack.trial';

describe('a native stack', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'local-stack-'));
  const events: StackProgress[] = [];
  let stack: LocalStack;

  beforeAll(async () => {
    const { KAFKA_BROKERS: _k, MONGODB_URI: _m, ...env } = process.env;
    stack = await startLocalStack({
      purpose: 'local-stack-spec',
      dataFolder,
      env: { ...env, SHELFLINE_SERVERS: 'native' },
      onProgress: (event) => events.push(event),
    });
  });
  afterAll(async () => {
    await stack?.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  const kafka = () => new Kafka({ brokers: stack.kafkaBrokers, logLevel: logLevel.NOTHING });

  async function firstRecord(): Promise<string | undefined> {
    const consumer = kafka().consumer({ groupId: `spec-${Date.now()}` });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    try {
      return await new Promise((resolve, reject) => {
        const eachMessage = async ({ message }: { message: { value: Buffer | null } }) =>
          resolve(message.value?.toString());
        consumer.run({ eachMessage }).catch(reject);
      });
    } finally {
      await consumer.disconnect();
    }
  }

  it('says what it used and that both are ready', () => {
    expect(stack.kind).toEqual({ kafka: 'native', mongodb: 'native' });
    expect(events.flatMap((event) => (event.kind === 'ready' ? event.server : [])).sort()).toEqual([
      'kafka',
      'mongodb',
    ]);
  });

  it('keeps a record and a document over the SIGKILL of both servers', async () => {
    const admin = kafka().admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
    const producer = kafka().producer();
    await producer.connect();
    await producer.send({ topic: TOPIC, acks: -1, messages: [{ value: 'three bottles' }] });
    await producer.disconnect();
    await withDatabase(async (database) => void (await database.collection('trial').insertOne({ bottles: 3 })));

    await Promise.all([stack.kafka.stopBroker(1, 'SIGKILL'), stack.mongodb.stop('SIGKILL')]);
    expect([stack.kafka.brokers[0]?.pid, stack.mongodb.pid]).toEqual([undefined, undefined]);
    await Promise.all([stack.kafka.startBroker(1), stack.mongodb.start()]);

    expect(await firstRecord()).toBe('three bottles');
    await withDatabase(async (database) => {
      expect(await database.collection('trial').findOne({})).toMatchObject({ bottles: 3 });
    });
    expect(events.filter((event) => event.kind === 'exited')).toEqual([]);
  });

  async function withDatabase(work: (database: mongo.Db) => Promise<void>): Promise<void> {
    const client = await new mongo.MongoClient(stack.mongodbUri).connect();
    try {
      await work(client.db('local_stack_spec'));
    } finally {
      await client.close();
    }
  }

  it('refuses a second start on the same data', async () => {
    const env = { ...process.env, KAFKA_BROKERS: '', MONGODB_URI: '', SHELFLINE_SERVERS: 'native' };
    await expect(startLocalStack({ purpose: 'local-stack-spec', dataFolder, env })).rejects.toThrow(/already running/);
  });

  it('leaves no process and no data when it is stopped', async () => {
    const pids = [stack.kafka.brokers[0]?.pid, stack.mongodb.pid];
    expect(pids).toEqual([expect.any(Number), expect.any(Number)]);
    await stack.stop();
    expect(pids.map((pid) => findStartTime(pid as number))).toEqual([undefined, undefined]);
    expect(
      readdirSync(dataFolder)
        .filter((name) => !name.endsWith('.log'))
        .sort(),
    ).toEqual(['secantus.toml']);
  });
});
