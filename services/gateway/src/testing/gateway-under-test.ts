import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availabilityKey } from '@shelfline/contracts/identifiers';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { issueDevToken, type TokenClaims, writeDevKeyFiles } from '@shelfline/service-kit/auth';
import { bootstrap, type RunningService } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { RecordToSend } from '@shelfline/streaming/records-to-send';
import { topicName } from '@shelfline/streaming/topics-setup';
import type { JWK } from 'jose';
import { readConfig } from '../config.js';
import { gatewayParts } from '../gateway.module.js';
import { OrdersByHand } from './orders-by-hand.js';

const PARTITIONS = 3;
const WEB = { channel: 'web', region: 'all' };

/** A gateway of its own over real Kafka; limits are so low that a test reaches them. */
export class GatewayUnderTest {
  private constructor(
    private readonly kafka: KafkaPort,
    private readonly service: RunningService,
    private readonly prefix: string,
    private readonly key: JWK,
    /** The service of orders, played by hand. */
    readonly orders: OrdersByHand,
  ) {}

  /** Inventory and connect answer at `upstreamUrl`; nothing listens where the catalog should be. */
  static async start(name: string, upstreamUrl = 'http://127.0.0.1:1'): Promise<GatewayUnderTest> {
    const brokers = process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092';
    const prefix = `gateway-${name}-${process.pid}-${Date.now()}.`;
    const kafka = await connectKafka({ brokers: brokers.split(','), clientId: `gateway-${name}` });
    const files = await writeDevKeyFiles(mkdtempSync(join(tmpdir(), `gateway-${name}-`)));
    const config = readConfig({
      KAFKA_BROKERS: brokers,
      TOPIC_PREFIX: prefix,
      TOPIC_PARTITIONS: String(PARTITIONS),
      AUTH_JWKS_FILE: files.publicKeys,
      AUTH_DEV_KEY_FILE: files.privateKey,
      SHELFLINE_MODE: 'development',
      LOG_LEVEL: 'error',
      PORT: '0',
      INVENTORY_URL: upstreamUrl,
      CONNECT_URL: upstreamUrl,
      ORDERS_URL: upstreamUrl,
      CATALOG_URL: 'http://127.0.0.1:1',
      PUSH_TICK_MS: '5',
      EVICT_AFTER_MS: '300',
      EVICT_AT_BYTES: '4000000',
      LAG_WAIT_MS: '300',
      MESSAGES_PER_SECOND: '5',
      MESSAGE_BURST: '10',
      MAX_SCREENS_PER_STORE: '2',
      TASK_REDELIVER_AFTER_MS: '100',
      TASK_ANSWER_WITHIN_MS: '500',
    });
    const service = await bootstrap({
      name: 'gateway',
      description: 'test',
      config,
      handleSignals: false,
      build: async (kit) =>
        gatewayParts(
          kit,
          await connectKafka({ brokers: config.KAFKA_BROKERS, clientId: `gateway-${name}-own`, log: kit.log }),
        ),
    });
    const key = JSON.parse(readFileSync(files.privateKey, 'utf8')) as JWK;
    return new GatewayUnderTest(kafka, service, prefix, key, await OrdersByHand.start(kafka, prefix, PARTITIONS));
  }

  get address(): string {
    return this.service.address;
  }

  token(claims: Partial<TokenClaims> = {}, { ttlSeconds = 60, issuer = 'shelfline-dev' } = {}): Promise<string> {
    return issueDevToken(
      this.key,
      { sub: 'test', role: 'storefront', ...claims },
      { issuer, audience: 'shelfline', ttlSeconds },
    );
  }

  /** States of these SKUs with so many pieces each, whose version ends with that number. */
  async put(skus: readonly string[], offset: number, place = WEB): Promise<void> {
    const byPartition = new Map<number, RecordToSend[]>();
    for (const sku of skus) {
      const value = {
        sku,
        ...place,
        available: offset,
        status: 'in_stock',
        version: versionOf(1, offset),
        asOf: new Date().toISOString(),
        producedAtMs: Date.now(),
      };
      const record = { key: availabilityKey(sku, place.channel, place.region), value: JSON.stringify(value) };
      const partition = partitionFor(sku, PARTITIONS);
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), record]);
    }
    const topic = topicName(TOPICS.availability, this.prefix);
    await Promise.all([...byPartition].map(([partition, records]) => this.kafka.send(topic, partition, records)));
  }

  call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.address + path, init);
  }

  async stop(): Promise<void> {
    await this.orders.stop();
    await this.service.lifecycle.stop();
    await this.kafka.close();
  }
}
