import { probeKafka, probeMongodb } from './probe.js';
import { LocalStackError } from './problem.js';
import type { KafkaServers, MongodbServer, ServerPlace } from './servers.js';
import { untilReady } from './until-ready.js';

const ANSWER_LIMIT_MS = 15_000;
const POLL_MS = 500;

/** Kafka brokers that somebody else runs: checked, used, never stopped. */
export async function environmentKafka(addresses: string[], place: ServerPlace): Promise<KafkaServers> {
  await answer(() => probeKafka(addresses.slice(0, 1), 1), 'KAFKA_BROKERS', place.signal);
  const refuse = () => Promise.reject(notOurs('KAFKA_BROKERS'));
  return {
    addresses,
    brokers: addresses.map((address, index) => ({ id: index + 1, address, pid: undefined })),
    stopBroker: refuse,
    startBroker: refuse,
    close: () => Promise.resolve(),
  };
}

/** A MongoDB that somebody else runs: checked, used, never stopped. */
export async function environmentMongodb(uri: string, place: ServerPlace): Promise<MongodbServer> {
  await answer(() => probeMongodb(uri), 'MONGODB_URI', place.signal);
  const refuse = () => Promise.reject(notOurs('MONGODB_URI'));
  return { uri, pid: undefined, stop: refuse, start: refuse, close: () => Promise.resolve() };
}

async function answer(probe: () => Promise<void>, variable: string, signal?: AbortSignal): Promise<void> {
  try {
    await untilReady(probe, { limitMs: ANSWER_LIMIT_MS, pauseMs: POLL_MS, signal });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new LocalStackError(
      `The server that ${variable} names does not answer (${cause instanceof Error ? cause.message : String(cause)}).`,
      `Start it or correct the address; or unset ${variable}, and one is started here.`,
      { cause },
    );
  }
}

const notOurs = (variable: string) =>
  new LocalStackError(
    `The servers that ${variable} names were not started here, so they are not stopped or started here.`,
    `Unset ${variable} to get servers that may be stopped.`,
  );
