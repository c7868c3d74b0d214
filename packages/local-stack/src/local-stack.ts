import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheFolder, makeRoom } from './cache-folder.js';
import { chooseServers, type ServerChoice, type ServerKind } from './choice.js';
import { dockerKafka, dockerMongodb, hasDockerEngine, pullImages, removeVolumes } from './docker-servers.js';
import { environmentKafka, environmentMongodb } from './environment-servers.js';
import type { BrokerDetour } from './kafka-properties.js';
import {
  nativeKafka,
  nativeMongodb,
  prepareNativeKafka,
  prepareNativeMongodb,
  requireNativeTools,
  runningFolder,
} from './native-servers.js';
import { LocalStackError } from './problem.js';
import type { OnProgress, StackServer } from './progress.js';
import { removeLeftovers } from './running-servers.js';
import type { KafkaServers, MongodbServer, ServerPlace } from './servers.js';

export interface LocalStackOptions {
  /** Names what the servers are for, such as `start` or `test`; each purpose has data of its own. */
  purpose: string;
  /** Default: a folder for the purpose in the cache. Only the servers' own files in it are ever removed. */
  dataFolder?: string;
  brokers?: 1 | 3;
  /** Native brokers only: second ways to them, in order. */
  kafkaDetours?: readonly BrokerDetour[];
  /** Default: free ports. */
  kafkaPort?: number;
  mongoPort?: number;
  /** Keep data after `stop` and use what an earlier run kept. Default: begin empty and leave nothing. */
  keepData?: boolean;
  /** Remove kept data before the start. */
  fresh?: boolean;
  onProgress?: OnProgress;
  env?: NodeJS.ProcessEnv;
  /** Aborts a start under way (what has been started is stopped again); has no effect once the stack is up. */
  signal?: AbortSignal;
}

export interface LocalStack {
  kafkaBrokers: string[];
  /** Without a database name: services choose theirs. */
  mongodbUri: string;
  kind: { kafka: ServerKind; mongodb: ServerKind };
  kafka: Omit<KafkaServers, 'addresses' | 'close'>;
  mongodb: Omit<MongodbServer, 'uri' | 'close'>;
  /** Stops what was started here, Kafka and MongoDB at once. May be called again. */
  stop(): Promise<void>;
}

const DATA_BYTES = 500_000_000;
const SERVER_FOLDERS = ['kafka-1', 'kafka-3', 'mongod', 'secantus'];

/** A Kafka and a MongoDB that answer: from the environment, else by Docker, else as native processes. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const env = options.env ?? process.env;
  const choice = await chooseServers(env, hasDockerEngine);
  requireNativeTools(nativeOf(choice), env);
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const place = await takePlace({ ...options, signal }, env, choice);
  const start = async <T extends KafkaServers | MongodbServer>(server: StackServer, starting: () => Promise<T>) => {
    try {
      return await announced(server, choice[server].kind, place, starting);
    } catch (error) {
      failure.abort(error); // the other server is not waited for: it may be minutes from ready
      throw error;
    }
  };
  const started = await Promise.allSettled([
    start('kafka', () => startKafka(choice, options, place, env)),
    start('mongodb', () => startMongodb(choice, options, place, env)),
  ]);
  const [kafka, mongodb] = started;
  if (kafka.status === 'rejected' || mongodb.status === 'rejected') {
    await Promise.all(
      started.map(async (result) => (result.status === 'fulfilled' ? result.value.close() : undefined)),
    );
    throw failure.signal.reason;
  }
  return assemble(kafka.value, mongodb.value, choice, options, place);
}

const nativeOf = ({ kafka, mongodb }: ServerChoice) => ({
  kafka: kafka.kind === 'native',
  mongodb: mongodb.kind === 'native',
});

/** Downloads, builds or pulls what `startLocalStack` would need, and starts nothing for long. */
export async function prepareLocalStack(options: LocalStackOptions): Promise<void> {
  const env = options.env ?? process.env;
  const choice = await chooseServers(env, hasDockerEngine);
  requireNativeTools(nativeOf(choice), env);
  const place = placeOf(options, env);
  await pullImages(choice);
  if (choice.kafka.kind === 'native') await prepareNativeKafka(place, env);
  if (choice.mongodb.kind === 'native') await prepareNativeMongodb(place, env);
}

/** Refuses when somebody else's servers run on the data folder: for callers that are about to empty it themselves. */
export async function refuseIfInUse(options: LocalStackOptions): Promise<void> {
  const place = placeOf(options, options.env ?? process.env);
  await removeLeftovers(place.runningFolder, place.dataFolder, place.onProgress);
}

function placeOf(options: LocalStackOptions, env: NodeJS.ProcessEnv): ServerPlace {
  if (!/^[\w.-]+$/.test(options.purpose)) {
    const allowed = 'Use letters, digits, dots, hyphens and underscores only: it names files.';
    throw new LocalStackError(`The purpose of the local stack is '${options.purpose}'.`, allowed);
  }
  return {
    purpose: options.purpose,
    dataFolder: resolve(options.dataFolder ?? join(cacheFolder(env), 'data', options.purpose)),
    runningFolder: runningFolder(env),
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal,
  };
}

/** Makes sure that nobody else uses the data folder and that it is as empty as asked for. */
async function takePlace(options: LocalStackOptions, env: NodeJS.ProcessEnv, choice: ServerChoice) {
  const place = placeOf(options, env);
  await removeLeftovers(place.runningFolder, place.dataFolder, place.onProgress);
  if (choice.kafka.kind === 'environment' && choice.mongodb.kind === 'environment') return place;
  makeRoom(place.dataFolder, DATA_BYTES, `the data of '${options.purpose}'`);
  if (options.fresh || !options.keepData) await removeData(place, choice);
  mkdirSync(place.dataFolder, { recursive: true });
  return place;
}

async function removeData(place: ServerPlace, choice: ServerChoice): Promise<void> {
  for (const folder of SERVER_FOLDERS) rmSync(join(place.dataFolder, folder), { recursive: true, force: true });
  await removeVolumes(place, choice);
}

function startKafka(choice: ServerChoice, options: LocalStackOptions, place: ServerPlace, env: NodeJS.ProcessEnv) {
  const size = { brokerCount: options.brokers ?? 1, port: options.kafkaPort };
  switch (choice.kafka.kind) {
    case 'environment':
      return environmentKafka(choice.kafka.brokers, place);
    case 'docker':
      return dockerKafka(place, size, options.keepData === true);
    case 'native':
      return nativeKafka(place, env, { ...size, detours: options.kafkaDetours });
  }
}

function startMongodb(choice: ServerChoice, options: LocalStackOptions, place: ServerPlace, env: NodeJS.ProcessEnv) {
  switch (choice.mongodb.kind) {
    case 'environment':
      return environmentMongodb(choice.mongodb.uri, place);
    case 'docker':
      return dockerMongodb(place, options.mongoPort, options.keepData === true);
    case 'native':
      return nativeMongodb(place, env, options.mongoPort);
  }
}

async function announced<T extends KafkaServers | MongodbServer>(
  server: StackServer,
  using: ServerKind,
  { onProgress }: ServerPlace,
  start: () => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  onProgress({ kind: 'starting', server, using });
  const servers = await start();
  const address = 'addresses' in servers ? servers.addresses.join(',') : hostsOf(servers.uri);
  onProgress({ kind: 'ready', server, using, address, elapsedMs: Date.now() - startedAt });
  return servers;
}

/** The hosts of an address that may hold a password. */
const hostsOf = (uri: string) => uri.replace(/^mongodb(\+srv)?:\/\/([^@/]*@)?/, '').replace(/[/?].*$/, '');

function assemble(
  kafka: KafkaServers,
  mongodb: MongodbServer,
  choice: ServerChoice,
  options: LocalStackOptions,
  place: ServerPlace,
): LocalStack {
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await Promise.all([kafka.close(), mongodb.close()]);
    const ours = choice.kafka.kind !== 'environment' || choice.mongodb.kind !== 'environment';
    if (ours && !options.keepData) await removeData(place, choice);
  };
  return {
    kafkaBrokers: kafka.addresses,
    mongodbUri: mongodb.uri,
    kind: { kafka: choice.kafka.kind, mongodb: choice.mongodb.kind },
    kafka,
    mongodb,
    stop: () => (stopping ??= stop()),
  };
}
