import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import { type LocalStack, startLocalStack } from '@shelfline/local-stack/local-stack';
import { writeDevKeyFiles } from '@shelfline/service-kit/auth';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { RecordToSend } from '@shelfline/streaming/records-to-send';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import mongoose, { type Connection } from 'mongoose';
import { locationRecords, productRecords } from '../catalogue-records.ts';

/** Default of TOPIC_PARTITIONS. */
const DEFAULT_PARTITIONS = 12;
const checkout = join(import.meta.dirname, '../..');

export const say = (line: string): void => void process.stderr.write(`${line}\n`);
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 300_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await pause(100);
  }
}

/** Servers, topics and database of one bench, all its own; services run as the processes that are deployed. */
export class Rig {
  readonly prefix = `bench${process.pid}.`;
  readonly folder = mkdtempSync(join(tmpdir(), 'shelfline-bench-'));
  private readonly children = new Set<ChildProcess>();
  private readonly stack: LocalStack;
  readonly kafka: KafkaPort;
  readonly mongo: Connection;
  private readonly keyFiles: { privateKey: string; publicKeys: string };
  readonly partitions: number;

  private constructor(
    stack: LocalStack,
    kafka: KafkaPort,
    mongo: Connection,
    keyFiles: { privateKey: string; publicKeys: string },
    partitions: number,
  ) {
    this.partitions = partitions;
    this.stack = stack;
    this.kafka = kafka;
    this.mongo = mongo;
    this.keyFiles = keyFiles;
  }

  static async start(name: string, partitions = DEFAULT_PARTITIONS): Promise<Rig> {
    const stack = await startLocalStack({ purpose: `bench-${name}` });
    const kafka = await connectKafka({ brokers: stack.kafkaBrokers, clientId: `bench-${name}` });
    const mongo = await mongoose.createConnection(stack.mongodbUri).asPromise();
    const keyFiles = await writeDevKeyFiles(mkdtempSync(join(tmpdir(), 'shelfline-bench-keys-')));
    const rig = new Rig(stack, kafka, mongo, keyFiles, partitions);
    await ensureTopics(kafka, Object.values(TOPICS), { prefix: rig.prefix, partitions, replication: 1 });
    return rig;
  }

  database(service: string): Connection {
    return this.mongo.useDb(`bench_${process.pid}_${service}`, { useCache: true });
  }

  topic(definition: TopicDefinition): string {
    return topicName(definition, this.prefix);
  }

  /** Sends records to the partitions of their `by`, in order; resolves when all are acknowledged. */
  async produce(definition: TopicDefinition, records: readonly (RecordToSend & { by: string })[]): Promise<void> {
    const byPartition = new Map<number, RecordToSend[]>();
    for (const { by, ...record } of records) {
      const partition = partitionFor(by, this.partitions);
      const group = byPartition.get(partition);
      if (group) group.push(record);
      else byPartition.set(partition, [record]);
    }
    await Promise.all(
      [...byPartition].map(([partition, group]) => this.kafka.send(this.topic(definition), partition, group)),
    );
  }

  /** What the catalog would publish, so that SKUs and places are known. */
  async publishCatalogue(skus: readonly string[], locations: readonly string[]): Promise<void> {
    await this.produce(TOPICS.locations, locationRecords(locations));
    await this.produce(TOPICS.products, productRecords(skus));
  }

  async startService(
    name: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ address: string; child: ChildProcess }> {
    const child = spawn(process.execPath, [join(checkout, `services/${name}/dist/main.js`)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        KAFKA_BROKERS: this.stack.kafkaBrokers.join(','),
        MONGODB_URI: this.stack.mongodbUri,
        MONGODB_DATABASE: `bench_${process.pid}_${name}`,
        TOPIC_PREFIX: this.prefix,
        TOPIC_PARTITIONS: String(this.partitions),
        SHELFLINE_MODE: 'development',
        AUTH_JWKS_FILE: this.keyFiles.publicKeys,
        AUTH_DEV_KEY_FILE: this.keyFiles.privateKey,
        PORT: '0',
        ...env,
      },
    });
    this.children.add(child);
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-20_000);
        const found = /"address":"(http[^"]+)"/.exec(said)?.[1];
        if (found) resolve(found);
      });
      child.once('exit', () => reject(new Error(`${name} ended while starting:\n${said.slice(-2000)}`)));
    });
    return { address, child };
  }

  async untilReady(address: string): Promise<void> {
    await until(async () => (await fetch(`${address}/health/ready`)).ok, `${address} ready`, 120_000);
  }

  /** Records on a topic, over all partitions. */
  async count(definition: TopicDefinition): Promise<number> {
    const offsets = await this.kafka.offsets(this.topic(definition));
    return offsets.reduce((sum, { end }) => sum + end, 0);
  }

  async stopService(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async stopServices(): Promise<void> {
    for (const child of this.children) await this.stopService(child);
  }

  async stop(): Promise<void> {
    await this.stopServices();
    await this.mongo.close();
    await this.kafka.close();
    await this.stack.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Prints the result, and writes it where it was asked for. */
export function report(result: object, jsonFile: string | undefined): void {
  const text = `${JSON.stringify(result, undefined, 2)}\n`;
  process.stdout.write(text);
  if (jsonFile !== undefined) writeFileSync(jsonFile, text);
}
