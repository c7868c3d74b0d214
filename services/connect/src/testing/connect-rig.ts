import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import { issueDevToken, writeDevKeyFiles } from '@shelfline/service-kit/auth';
import type { Role } from '@shelfline/service-kit/auth-decorators';
import { loadConfig } from '@shelfline/service-kit/config';
import { bootstrap, type RunningService } from '@shelfline/service-kit/http';
import type { KafkaPort, ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import mongoose from 'mongoose';
import { ConnectConfig } from '../config.js';
import { buildConnect, LONGEST_UPLOAD_MS } from '../connect.module.js';
import { MAX_BODY_BYTES } from '../deltas.controller.js';

/** Awaits a condition; fails loudly rather than hang. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Environment, token and topics of a connect service on the real servers, under names of its own. */
export class ConnectRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'connect-'));
  readonly prefix = `it-${randomUUID().slice(0, 8)}.`;
  readonly database = `it_connect_${randomUUID().slice(0, 8)}`;
  kafka!: KafkaPort;
  private keyFile = '';
  private jwksFile = '';

  async prepare(): Promise<void> {
    const files = await writeDevKeyFiles(join(this.folder, 'keys'));
    this.keyFile = files.privateKey;
    this.jwksFile = files.publicKeys;
    this.kafka = await connectKafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'connect-it' });
  }

  environment(extra: Record<string, string> = {}): Record<string, string> {
    return {
      PORT: '0',
      KAFKA_BROKERS: process.env['KAFKA_BROKERS']!,
      MONGODB_URI: process.env['MONGODB_URI']!,
      MONGODB_DATABASE: this.database,
      TOPIC_PREFIX: this.prefix,
      TOPIC_PARTITIONS: '3',
      AUTH_JWKS_FILE: this.jwksFile,
      IMPORT_FOLDER: join(this.folder, 'imports'),
      LOG_LEVEL: 'error',
      ...extra,
    };
  }

  start(extra: Record<string, string> = {}): Promise<RunningService> {
    return bootstrap({
      name: 'connect',
      description: 'test',
      config: loadConfig(ConnectConfig, this.environment(extra)),
      bodyLimitBytes: MAX_BODY_BYTES,
      requestTimeoutMs: LONGEST_UPLOAD_MS,
      build: buildConnect,
      handleSignals: false,
    });
  }

  token(role: Role, ttlSeconds = 600): Promise<string> {
    const key = JSON.parse(readFileSync(this.keyFile, 'utf8'));
    return issueDevToken(key, { sub: 'test', role }, { issuer: 'shelfline-dev', audience: 'shelfline', ttlSeconds });
  }

  /** Every record of a topic up to its present end. */
  async readTopic(topic: TopicDefinition = TOPICS.deltas): Promise<ReceivedRecord[]> {
    const name = `${this.prefix}${topic.name}`;
    const wanted = (await this.kafka.offsets(name)).reduce((sum, { earliest, end }) => sum + end - earliest, 0);
    const records: ReceivedRecord[] = [];
    const tail = await this.kafka.tail({
      topics: [name],
      from: 'earliest',
      onRecords: (some) => void records.push(...some),
      onCrash: (error) => {
        throw error;
      },
    });
    await until(() => records.length >= wanted, `${wanted} records of ${name} read, so far ${records.length}`);
    await tail.stop();
    return records;
  }

  async end(): Promise<void> {
    await this.kafka.close();
    const connection = await mongoose
      .createConnection(process.env['MONGODB_URI']!, { dbName: this.database })
      .asPromise();
    await connection.dropDatabase();
    await connection.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
