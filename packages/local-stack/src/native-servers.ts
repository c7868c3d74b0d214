import { join } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import { prepareClassArchive } from './class-archive.js';
import { kafkaToolChecks, prepareKafkaJars } from './kafka-jars.js';
import { startNativeKafka } from './kafka-native.js';
import type { BrokerDetour } from './kafka-properties.js';
import { type MongodbProgram, startNativeMongodb } from './mongodb-native.js';
import { refuseAll } from './problem.js';
import { findVersion } from './run-tool.js';
import { prepareSecantus, secantusToolChecks } from './secantus-build.js';
import type { KafkaServers, MongodbServer, ServerPlace } from './servers.js';

/** Before either server is prepared: whoever lacks three things is told of all three at once. */
export function requireNativeTools(servers: { kafka: boolean; mongodb: boolean }, env: NodeJS.ProcessEnv): void {
  const cache = cacheFolder(env);
  refuseAll([
    ...(servers.kafka ? kafkaToolChecks(cache) : []),
    ...(servers.mongodb && !findVersion('mongod') ? secantusToolChecks(cache) : []),
  ]);
}

/** Downloads what a native Kafka needs, then starts it. */
export async function nativeKafka(
  place: ServerPlace,
  env: NodeJS.ProcessEnv,
  size: { brokerCount: number; port?: number; detours?: readonly BrokerDetour[] },
): Promise<KafkaServers> {
  return startNativeKafka({ ...place, ...(await prepareNativeKafka(place, env)), ...size });
}

export async function prepareNativeKafka(place: ServerPlace, env: NodeJS.ProcessEnv) {
  const jars = await prepareKafkaJars(cacheFolder(env), place.onProgress, place.signal);
  return { jars, javaArgs: await prepareClassArchive(jars, place) };
}

/** Uses the mongod on PATH, else builds SecantusDB, then starts it. */
export async function nativeMongodb(
  place: ServerPlace,
  env: NodeJS.ProcessEnv,
  port: number | undefined,
): Promise<MongodbServer> {
  return startNativeMongodb({ ...place, program: await prepareNativeMongodb(place, env), port });
}

export async function prepareNativeMongodb(place: ServerPlace, env: NodeJS.ProcessEnv): Promise<MongodbProgram> {
  if (findVersion('mongod')) return { flavour: 'mongod', path: 'mongod' };
  return { flavour: 'secantus', path: await prepareSecantus(cacheFolder(env), place.onProgress, place.signal) };
}

export const runningFolder = (env: NodeJS.ProcessEnv) => join(cacheFolder(env), 'running');
