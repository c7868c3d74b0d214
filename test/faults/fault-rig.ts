import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import { findFreePorts } from '@shelfline/local-stack/free-port';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '@shelfline/local-stack/local-stack';
import { issueDevToken, writeDevKeyFiles } from '@shelfline/service-kit/auth';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import mongoose, { type Connection } from 'mongoose';
import { locationRecords, productRecords } from '../catalogue-records.ts';
import { until } from './awaiting.ts';
import { LOCATIONS, SKUS } from './made-deltas.ts';
import { PROMISED_SKUS } from './made-promises.ts';
import { ServiceProcess } from './service-process.ts';

export const SESSION_TIMEOUT_MS = 6000;
export const PARTITIONS = 4;
const TOKEN_TTL_S = 24 * 60 * 60;
const ORDER_SERVICES = ['catalog', 'connect', 'inventory', 'orders'] as const;

export interface RigOptions {
  readonly name: string;
  /** Servers of its own although the environment names some: the scenario kills them. */
  readonly ownServers: boolean;
  readonly signal: AbortSignal;
  /** What the catalogue has; what the tills sell unless told otherwise. */
  readonly skus?: readonly string[] | undefined;
  /** The catalog service itself is told of products and places. */
  readonly hasCatalog?: boolean;
  readonly stack?: Partial<LocalStackOptions> | undefined;
}

export interface ServiceChoice {
  readonly inventories?: number;
  /** Without connect and gateway. */
  readonly isLedgerAlone?: boolean;
  readonly inventoryEnv?: Readonly<Record<string, string>>;
  /** What the services are told of Kafka, where it is not the brokers themselves. */
  readonly kafkaBrokers?: readonly string[];
}

/** Three brokers, a database server, topics and the services of one scenario, all its own. */
export class FaultRig {
  readonly stack: LocalStack;
  readonly kafka: KafkaPort;
  readonly folder: string;
  readonly token: string;
  private readonly prefix = `faults-${process.pid}-${Date.now()}.`;
  private readonly databases = `faults_${process.pid}_${Date.now()}`;
  private readonly mongo: Connection;
  private readonly signal: AbortSignal;
  private readonly replication: number;
  readonly services: ServiceProcess[] = [];
  private readonly lastTasks: (() => Promise<void>)[] = [];

  private constructor(
    parts: { stack: LocalStack; kafka: KafkaPort; mongo: Connection; folder: string; token: string },
    { signal }: RigOptions,
  ) {
    this.stack = parts.stack;
    this.kafka = parts.kafka;
    this.mongo = parts.mongo;
    this.folder = parts.folder;
    this.token = parts.token;
    this.signal = signal;
    this.replication = Math.min(3, parts.stack.kafkaBrokers.length);
  }

  static async start(options: RigOptions): Promise<FaultRig> {
    const { KAFKA_BROKERS: _brokers, MONGODB_URI: _uri, ...rest } = process.env;
    const { name, ownServers, signal } = options;
    const env = ownServers ? rest : process.env;
    const stack = await startLocalStack({ purpose: `faults-${name}`, brokers: 3, env, signal, ...options.stack });
    const folder = mkdtempSync(join(tmpdir(), `shelfline-faults-${name}-`));
    try {
      const kafka = await connectKafka({ brokers: stack.kafkaBrokers, clientId: `faults-${name}` });
      const mongo = await mongoose.createConnection(stack.mongodbUri).asPromise();
      await writeDevKeyFiles(join(folder, 'keys'));
      const token = await tokenFor(folder, { sub: 'faults', role: 'ops' });
      const rig = new FaultRig({ stack, kafka, mongo, folder, token }, options);
      await rig.prepareTopics(options.hasCatalog ? undefined : (options.skus ?? [...SKUS, ...PROMISED_SKUS]));
      return rig;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** Does the work on a rig of its own, whose logs are kept, and named, when it fails or its result has not passed. */
  static async within<R extends { readonly logs?: string }>(
    options: RigOptions,
    work: (rig: FaultRig) => Promise<R>,
    hasPassed: (result: R) => boolean,
  ): Promise<R> {
    const { name, signal } = options;
    const rig = await FaultRig.start(options);
    let keepLogs = true;
    try {
      const result = await work(rig);
      keepLogs = !hasPassed(result);
      return keepLogs ? { ...result, logs: rig.folder } : result;
    } catch (error) {
      if (signal.aborted) keepLogs = false;
      else throw new Error(`${name}: ${(error as Error).message} (logs: ${rig.folder})`, { cause: error });
      throw error;
    } finally {
      await rig.stop({ keepLogs });
    }
  }

  topic(definition: TopicDefinition): string {
    return topicName(definition, this.prefix);
  }

  /** The ledger's own, read behind its back. */
  get ledger(): Connection {
    return this.database('inventory');
  }

  database(service: string): Connection {
    return this.mongo.useDb(`${this.databases}_${service}`, { useCache: true });
  }

  storeToken(store: string): Promise<string> {
    return tokenFor(this.folder, { sub: store, role: 'store', store });
  }

  service(name: string): ServiceProcess {
    const found = this.services.find((service) => service.name === name);
    if (found) return found;
    throw new Error(`no service ${name} was started`);
  }

  get inventories(): ServiceProcess[] {
    return this.services.filter(({ name }) => name.startsWith('inventory'));
  }

  /** Inventory, connect and, in front of both, the gateway; resolves when all are ready. */
  async startServices({
    inventories = 1,
    inventoryEnv = {},
    isLedgerAlone,
    kafkaBrokers,
  }: ServiceChoice = {}): Promise<void> {
    const ports = await findFreePorts(inventories + 2);
    const names = Array.from({ length: inventories }, (_, i) =>
      inventories === 1 ? 'inventory' : `inventory-${i + 1}`,
    );
    const [connectPort, gatewayPort, ...inventoryPorts] = ports as [number, number, ...number[]];
    const kafka: Readonly<Record<string, string>> = kafkaBrokers ? { KAFKA_BROKERS: kafkaBrokers.join(',') } : {};
    for (const [i, name] of names.entries())
      this.add('inventory', name, inventoryPorts[i]!, { ...kafka, ...inventoryEnv });
    if (!isLedgerAlone) {
      this.add('connect', 'connect', connectPort, {
        ...kafka,
        IMPORT_FOLDER: join(this.folder, 'imports'),
        IMPORT_LEASE_MS: '3000',
      });
      this.add('gateway', 'gateway', gatewayPort, {
        ...kafka,
        CONNECT_URL: this.service('connect').address,
        INVENTORY_URL: this.service(names[0]!).address,
      });
    }
    await this.startAll();
  }

  /** All that an order goes through, from the catalog to the gateway; resolves when all are ready. */
  async startOrderServices(env: Readonly<Record<string, string>>): Promise<void> {
    const ports = await findFreePorts(ORDER_SERVICES.length + 1);
    const all = { ...env, IMPORT_FOLDER: join(this.folder, 'imports') };
    for (const [i, name] of ORDER_SERVICES.entries()) this.add(name, name, ports[i]!, all);
    const addresses = ORDER_SERVICES.map((name) => [`${name.toUpperCase()}_URL`, this.service(name).address] as const);
    this.add('gateway', 'gateway', ports.at(-1)!, { ...env, ...Object.fromEntries(addresses) });
    await this.startAll();
  }

  /** The gateway alone, with nothing behind it but what `env` names. */
  async startGateway(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const [port] = await findFreePorts(1);
    this.add('gateway', 'gateway', port!, env);
    await this.startAll();
    return this.service('gateway');
  }

  private async startAll(): Promise<void> {
    mkdirSync(join(this.folder, 'logs'), { recursive: true });
    for (const service of this.services) service.start();
    for (const service of this.services)
      await until(
        () => service.isReady(),
        `${service.name} ready (its log: ${this.logFile(service.name)})`,
        this.signal,
      );
  }

  private add(service: string, name: string, port: number, env: Readonly<Record<string, string>>): void {
    this.services.push(
      new ServiceProcess({
        service,
        name,
        address: `http://127.0.0.1:${port}`,
        readyPath: service === 'gateway' ? '/health/ready/own' : '/health/ready',
        logFile: this.logFile(name),
        env: {
          KAFKA_BROKERS: this.stack.kafkaBrokers.join(','),
          MONGODB_URI: this.stack.mongodbUri,
          MONGODB_DATABASE: `${this.databases}_${service}`,
          TOPIC_PREFIX: this.prefix,
          TOPIC_PARTITIONS: String(PARTITIONS),
          TOPIC_REPLICATION: String(this.replication),
          INSTANCE_ID: name,
          SHELFLINE_MODE: 'development',
          AUTH_JWKS_FILE: keyFiles(this.folder).publicKeys,
          LOG_LEVEL: 'warn',
          GROUP_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT_MS),
          TICK_EVERY_MS: '200',
          // Whoever asks of a killed ledger asks again sooner.
          ANSWER_TIMEOUT_MS: '3000',
          AUDIT_EVERY_MS: '0',
          PORT: String(port),
          ...env,
        },
      }),
    );
  }

  private logFile(name: string): string {
    return join(this.folder, 'logs', `${name}.log`);
  }

  private async prepareTopics(skus: readonly string[] | undefined): Promise<void> {
    const { prefix, replication, kafka } = this;
    await ensureTopics(kafka, Object.values(TOPICS), { prefix, partitions: PARTITIONS, replication });
    if (!skus) return;
    const catalogue = [
      [TOPICS.locations, locationRecords(LOCATIONS)],
      [TOPICS.products, productRecords(skus)],
    ] as const;
    for (const [definition, records] of catalogue)
      await Promise.all(
        records.map(({ by, ...record }) => kafka.send(this.topic(definition), partitionFor(by, PARTITIONS), [record])),
      );
  }

  /** What is done once the services have stopped. */
  afterwards(task: () => Promise<void>): void {
    this.lastTasks.push(task);
  }

  /** Ends every process; keeps the logs when somebody will want to read them. */
  async stop({ keepLogs }: { keepLogs: boolean }): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    for (const task of this.lastTasks) await task();
    if (this.stack.kind.mongodb === 'environment')
      for (const service of ORDER_SERVICES) await this.database(service).dropDatabase();
    await this.mongo.close();
    await this.kafka.close();
    await this.stack.stop();
    if (!keepLogs) rmSync(this.folder, { recursive: true, force: true });
  }
}

const keyFiles = (folder: string) => ({
  privateKey: join(folder, 'keys', 'private.jwk'),
  publicKeys: join(folder, 'keys', 'jwks.json'),
});

/** Issued here and not by the gateway, which may be dead when one is needed. */
async function tokenFor(folder: string, claims: Parameters<typeof issueDevToken>[1]): Promise<string> {
  const { privateKey } = keyFiles(folder);
  const key = JSON.parse(readFileSync(privateKey, 'utf8')) as Parameters<typeof issueDevToken>[0];
  return issueDevToken(key, claims, { issuer: 'shelfline-dev', audience: 'shelfline', ttlSeconds: TOKEN_TTL_S });
}
