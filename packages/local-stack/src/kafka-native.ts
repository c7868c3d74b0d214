import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePorts, requireFreePort } from './free-port.js';
import type { KafkaJars } from './kafka-jars.js';
import {
  type BrokerDetour,
  type BrokerPorts,
  brokerProperties,
  HEAP_ARGS,
  LOG4J_PROPERTIES,
} from './kafka-properties.js';
import { probeKafka } from './probe.js';
import { findKnownCause, LocalStackError, lastLines } from './problem.js';
import { runTool } from './run-tool.js';
import { type ServerProcess, startFailure, startServerProcess } from './server-process.js';
import type { KafkaServers, ServerPlace } from './servers.js';
import { untilReady } from './until-ready.js';

const READY_LIMIT_MS = 60_000;
const READY_POLL_MS = 60;
const PORT_RETRIES = 3;

interface NativeKafkaOptions extends ServerPlace {
  jars: KafkaJars;
  /** Extra arguments of the Java machine, such as the class archive. */
  javaArgs?: string[];
  brokerCount: number;
  /** The first broker's port; further brokers and controllers take free ones. */
  port?: number;
  /** Of each broker, in order. */
  detours?: readonly BrokerDetour[];
  stopGraceMs?: number;
}

interface Broker extends BrokerPorts {
  address: string;
  folder: string;
  logFile: string;
  process?: ServerProcess;
}

/** Starts the brokers as processes; with ports of our own choice another program may be faster, so ports are tried anew. */
export async function startNativeKafka(options: NativeKafkaOptions): Promise<KafkaServers> {
  if (options.port !== undefined) await requireFreePort(options.port, 'Kafka');
  for (let tried = 1; ; tried++) {
    const brokers = await placeBrokers(options);
    try {
      await startCluster(brokers, options);
      return servers(brokers, options);
    } catch (error) {
      await Promise.all(brokers.map(async (broker) => broker.process?.stop('SIGKILL')));
      const taken = error instanceof LocalStackError && findKnownCause(error.message) === 'port-taken';
      if (!taken || tried === PORT_RETRIES || options.signal?.aborted) throw error;
    }
  }
}

async function placeBrokers(options: NativeKafkaOptions): Promise<Broker[]> {
  const free = await findFreePorts(options.brokerCount * 2);
  // One folder for each size of cluster: a broker cannot be moved from one set of voters to another.
  const clusterFolder = join(options.dataFolder, `kafka-${options.brokerCount}`);
  return Array.from({ length: options.brokerCount }, (_, index) => {
    const clientPort = (index === 0 ? options.port : undefined) ?? (free[index * 2] as number);
    const id = index + 1;
    return {
      id,
      clientPort,
      controllerPort: free[index * 2 + 1] as number,
      detour: options.detours?.[index],
      address: `127.0.0.1:${clientPort}`,
      folder: join(clusterFolder, `broker-${id}`),
      logFile: join(options.dataFolder, `kafka-broker-${id}.log`),
    };
  });
}

async function startCluster(brokers: Broker[], options: NativeKafkaOptions): Promise<void> {
  const clusterId = findClusterId(brokers) ?? newClusterId();
  // All are waited for even if one fails: none may start after the clean-up of a failed attempt.
  const started = await Promise.allSettled(
    brokers.map(async (broker) => {
      writeSettings(broker, brokers);
      await formatStorage(broker, clusterId, options);
      writeFileSync(broker.logFile, '');
      await startBroker(broker, options);
    }),
  );
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  await untilClusterReady(brokers, brokers.length, options.signal);
}

function writeSettings(broker: Broker, cluster: Broker[]): void {
  const logs = join(broker.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  writeFileSync(join(broker.folder, 'server.properties'), brokerProperties(broker, cluster, logs));
  writeFileSync(join(broker.folder, 'log4j2.properties'), LOG4J_PROPERTIES);
}

const metaFile = (broker: Broker) => join(broker.folder, 'logs', 'meta.properties');

function findClusterId(brokers: Broker[]): string | undefined {
  const formatted = brokers.find((broker) => existsSync(metaFile(broker)));
  return formatted && readFileSync(metaFile(formatted), 'utf8').match(/^cluster\.id=(.+)$/m)?.[1];
}

function newClusterId(): string {
  // 'K' in front: an id that begins with a hyphen would be read as an option
  return `K${randomBytes(16).toString('base64url').slice(1)}`;
}

async function formatStorage(broker: Broker, clusterId: string, options: NativeKafkaOptions): Promise<void> {
  if (existsSync(metaFile(broker))) return;
  const { code, output } = await runTool({
    program: 'java',
    args: [
      ...javaArgs(broker, options),
      '-XX:TieredStopAtLevel=1',
      'kafka.tools.StorageTool',
      'format',
      '-t',
      clusterId,
      '-c',
      join(broker.folder, 'server.properties'),
    ],
    signal: options.signal,
  });
  if (code === 0) return;
  throw new LocalStackError(
    `Kafka could not prepare its data folder ${broker.folder}:\n${lastLines(output, 8)}`,
    'Check that the folder is writable and its disk has room, or begin anew with --fresh.',
  );
}

function javaArgs(broker: Broker, options: NativeKafkaOptions): string[] {
  const log4j = `-Dlog4j2.configurationFile=${join(broker.folder, 'log4j2.properties')}`;
  return [...HEAP_ARGS, ...(options.javaArgs ?? []), log4j, '-cp', options.jars.classpath];
}

async function startBroker(broker: Broker, options: NativeKafkaOptions): Promise<void> {
  const name = `kafka-broker-${broker.id}`;
  const { logFile } = broker;
  broker.process = await startServerProcess({
    name,
    program: 'java',
    args: [...javaArgs(broker, options), 'kafka.Kafka', join(broker.folder, 'server.properties')],
    logFile,
    runningFolder: options.runningFolder,
    purpose: options.purpose,
    dataFolder: options.dataFolder,
    onExit: (code, signal) => options.onProgress({ kind: 'exited', server: 'kafka', name, code, signal, logFile }),
  });
}

async function untilClusterReady(brokers: Broker[], brokerCount: number, signal?: AbortSignal): Promise<void> {
  const whyHopeless = () => {
    const dead = brokers.find((broker) => broker.process?.hasExited());
    return dead && startFailure(`Kafka broker ${dead.id}`, 'ended while starting', dead.logFile);
  };
  const attempt = () =>
    probeKafka(
      brokers.map(({ address }) => address),
      brokerCount,
    );
  try {
    await untilReady(attempt, { limitMs: READY_LIMIT_MS, pauseMs: READY_POLL_MS, signal, whyHopeless });
  } catch (error) {
    if (error instanceof LocalStackError || signal?.aborted) throw error;
    const first = brokers[0] as Broker;
    throw startFailure('Kafka', `was not ready after ${READY_LIMIT_MS / 1000} s`, first.logFile);
  }
}

function servers(brokers: Broker[], options: NativeKafkaOptions): KafkaServers {
  const brokerOf = (id: number): Broker => {
    const broker = brokers.find((candidate) => candidate.id === id);
    if (broker) return broker;
    throw new LocalStackError(`There is no Kafka broker ${id}.`, `There are ${brokers.length}, counted from 1.`);
  };
  const isUp = (broker: Broker) => broker.process !== undefined && !broker.process.hasExited();
  return {
    addresses: brokers.map(({ address }) => address),
    brokers: brokers.map((broker) => ({
      id: broker.id,
      address: broker.address,
      get pid() {
        return isUp(broker) ? broker.process?.pid : undefined;
      },
    })),
    stopBroker: async (id, signal) => brokerOf(id).process?.stop(signal),
    async startBroker(id) {
      const broker = brokerOf(id);
      if (isUp(broker)) return;
      await startBroker(broker, options);
      await untilClusterReady([broker], brokers.filter(isUp).length, options.signal);
    },
    async close() {
      await Promise.all(brokers.map(async (broker) => broker.process?.stop('SIGTERM', options.stopGraceMs)));
    },
  };
}
