import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import { issueDevToken, writeDevKeyFiles } from '@shelfline/service-kit/auth';
import type { Role } from '@shelfline/service-kit/auth-decorators';
import { loadConfig } from '@shelfline/service-kit/config';
import { bootstrap, type RunningService } from '@shelfline/service-kit/http';
import type { KafkaPort, ReceivedRecord, TailReader } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import mongoose, { type Connection } from 'mongoose';
import { InventoryConfig } from '../config.js';
import { buildInventory } from '../inventory.parts.js';
import { entriesIn, type MovementPack } from '../movement-packs.js';
import { isStockEntry, type StockEntry } from '../stock-entry.js';

const PARTITIONS = 3;

/** Awaits a condition; fails loudly rather than hang. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 50_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** An inventory service on the real servers, under names of its own, and everything it publishes. */
export class InventoryRig {
  readonly prefix = `inv-${randomUUID().slice(0, 8)}.`;
  readonly database = `it_inventory_${randomUUID().slice(0, 8)}`;
  readonly published: ReceivedRecord[] = [];
  kafka!: KafkaPort;
  connection!: Connection;
  service!: RunningService;
  private readonly folder = mkdtempSync(join(tmpdir(), 'inventory-'));
  private keys!: { privateKey: string; publicKeys: string };
  private tail: TailReader | undefined;
  private crash: Error | undefined;

  async open(): Promise<void> {
    this.keys = await writeDevKeyFiles(this.folder);
    this.kafka = await connectKafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'inventory-it' });
    this.connection = await mongoose
      .createConnection(process.env['MONGODB_URI']!, { dbName: this.database })
      .asPromise();
    this.service = await this.start();
    this.tail = await this.kafka.tail({
      topics: [TOPICS.levels, TOPICS.availability, TOPICS.movements, TOPICS.outcomes, TOPICS.risks].map((t) =>
        this.topic(t),
      ),
      from: 'earliest',
      onRecords: (records) => void this.published.push(...records),
      onCrash: (error) => {
        this.crash = error;
      },
    });
  }

  /** Every entry that is a movement. */
  async movements(): Promise<StockEntry[]> {
    const packs = await this.connection.collection<MovementPack>('movements').find({}).toArray();
    return packs.flatMap((pack) => entriesIn(pack as unknown as MovementPack)).filter(isStockEntry);
  }

  async start(extra: Record<string, string> = {}): Promise<RunningService> {
    const started = await bootstrap({
      name: 'inventory',
      description: 'test',
      handleSignals: false,
      config: loadConfig(InventoryConfig, {
        KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
        MONGODB_URI: process.env['MONGODB_URI'],
        MONGODB_DATABASE: this.database,
        TOPIC_PREFIX: this.prefix,
        TOPIC_PARTITIONS: String(PARTITIONS),
        GROUP_SESSION_TIMEOUT_MS: '6000',
        TICK_EVERY_MS: '250',
        PORT: '0',
        FEED_QUIET_AFTER_MS: '2000',
        SEQUENCE_GAP_AFTER_MS: '1000',
        AUTH_JWKS_FILE: this.keys.publicKeys,
        LOG_LEVEL: 'error',
        ...extra,
      }),
      build: buildInventory,
    });
    await until(async () => (await fetch(`${started.address}/health/ready`)).ok, 'the service is ready');
    return started;
  }

  async close(): Promise<void> {
    await this.service?.lifecycle.stop();
    await this.tail?.stop();
    await this.kafka?.close();
    await this.connection?.dropDatabase();
    await this.connection?.close();
    rmSync(this.folder, { recursive: true, force: true });
    if (this.crash) throw this.crash;
  }

  topic = (topic: TopicDefinition): string => `${this.prefix}${topic.name}`;

  /** Objects are sent as JSON; partitions are chosen as every producer must. */
  async send(topic: TopicDefinition, records: readonly { key: string; value: object | string | Buffer }[]) {
    const byPartition = new Map<number, { key: string; value: string | Buffer }[]>();
    for (const { key, value } of records) {
      const partition = partitionFor(key, PARTITIONS);
      const text = typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), { key, value: text }]);
    }
    for (const [partition, list] of byPartition) await this.kafka.send(this.topic(topic), partition, list);
  }
  sendDeltas(deltas: readonly { sku: string }[]): Promise<void> {
    return this.send(
      TOPICS.deltas,
      deltas.map((delta) => ({ key: delta.sku, value: delta })),
    );
  }

  /** The last record of each key, as a reader of the compacted topic sees it. */
  shown<V extends object>(topic: TopicDefinition): Map<string, V> {
    const last = new Map<string, V>();
    for (const record of this.published)
      if (record.topic === this.topic(topic)) last.set(record.key!, JSON.parse(record.value!.toString()) as V);
    return last;
  }

  all<V extends object>(topic: TopicDefinition): V[] {
    return this.published
      .filter((record) => record.topic === this.topic(topic))
      .map(({ value }) => JSON.parse(value!.toString()) as V);
  }

  async call(method: string, path: string, body?: object, role: Role = 'ops') {
    const response = await this.request(method, path, body, role);
    return { status: response.status, json: (await response.json()) as Record<string, never> };
  }

  async request(
    method: string,
    path: string,
    body?: object,
    role: Role = 'ops',
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const key = JSON.parse(readFileSync(this.keys.privateKey, 'utf8'));
    const token = await issueDevToken(
      key,
      { sub: 'test', role },
      { issuer: 'shelfline-dev', audience: 'shelfline', ttlSeconds: 600 },
    );
    return fetch(`${this.service.address}/api/inventory/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...headers,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }
}
