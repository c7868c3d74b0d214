import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import type { SimulatedKafka, SimulatedKafkaPort } from '@shelfline/streaming/testing/simulated-kafka';
import type { CommitFaults, ImageFaults } from '@shelfline/streaming/testing/simulated-store';
import type { SeededRandom } from '../seeded-random.ts';
import type { Machine } from './machine.ts';
import { networkError, remote, type ServerHealth } from './remote.ts';
import type { Strike, Struck } from './strikes.ts';

export interface Surroundings {
  readonly machine: Machine;
  readonly random: SeededRandom;
  readonly port: SimulatedKafkaPort;
  readonly databaseHealth: ServerHealth;
  readonly brokerHealth: ServerHealth;
  readonly trace: (what: string) => void;
  readonly struck: Struck;
  readonly onFatal: (error: Error) => void;
}

const WAITS_AT_AN_IMAGE = 0.3;

/** A process that runs; what it began when it stops is ended in order. */
export interface RunningProcess {
  readonly machine: Machine;
  readonly port: SimulatedKafkaPort;
  stop(): Promise<void>;
}

/** A connection whose sends take time, may fail, and may be done without the sender hearing of it. */
export function connectTo(
  kafka: SimulatedKafka,
  {
    machine,
    random,
    brokerHealth,
    trace,
    struck,
  }: Pick<Surroundings, 'machine' | 'random' | 'brokerHealth' | 'trace' | 'struck'>,
  /** What a reader waits for besides. */
  waits?: () => Promise<void>,
): SimulatedKafkaPort {
  const unconfirmed = (): Error => new Error('Kafka did not confirm records, says the simulator');
  const port = kafka.connect(
    {
      beforeAppend: async () => {
        await machine.step();
        await machine.travel(brokerHealth.slowness);
        if (brokerHealth.slowness > 1) struck('broker is slow');
        if (!random.chance(brokerHealth.failing)) return;
        struck('broker does not do it');
        throw unconfirmed();
      },
      afterAppend: async (topic, partition, records) => {
        const what = records.map(({ key, value }) => `${key}=${value === null ? '' : value.toString()}`).join();
        trace(`${machine.name} sends ${topic}/${partition} ${what}`);
        await machine.travel(brokerHealth.slowness);
        await machine.step();
        if (!random.chance(brokerHealth.losingAnswers)) return;
        struck('broker loses its answer');
        throw unconfirmed();
      },
    },
    waits ? () => machine.turn().then(waits) : () => machine.turn(),
  );
  const asked = remote<Pick<KafkaPort, 'offsets' | 'offsetsAfter'>>(port, {
    machine,
    random,
    server: 'broker',
    health: brokerHealth,
    trace,
    struck,
  });
  return new Proxy(port, {
    get: (_, name) => {
      const from = name === 'offsets' || name === 'offsetsAfter' ? asked : port;
      const member = Reflect.get(from, name) as unknown;
      return typeof member === 'function' ? (member as (...args: unknown[]) => unknown).bind(from) : member;
    },
  });
}

/** Far away, many documents are read or removed in no order, one after the other, and perhaps not all of them. */
export function imageFaults({
  machine,
  random,
  databaseHealth: health,
  struck,
}: Pick<Surroundings, 'machine' | 'random' | 'databaseHealth' | 'struck'>): ImageFaults {
  const wait = async () => {
    if (random.chance(WAITS_AT_AN_IMAGE)) await machine.travel(health.slowness);
  };
  return {
    order: (images) => {
      const rest = [...images];
      return images.map(() => rest.splice(Math.floor(random.next() * rest.length), 1)[0]!);
    },
    beforeRead: wait,
    beforeForget: async () => {
      if (!random.chance(health.tearing)) return wait();
      struck('forgetting breaks off');
      throw networkError();
    },
  };
}

const tooLargeError = (): Error =>
  Object.assign(new Error('too large for the cache, by the simulator'), {
    name: 'MongoServerError',
    code: 257,
    codeName: 'TransactionTooLargeForCache',
  });

/** A server whose cache is crowded refuses what holds many things; one of them always fits. */
export function refusesWhatIsTooLarge(
  {
    machine,
    random,
    databaseHealth: health,
    struck,
  }: Pick<Surroundings, 'machine' | 'random' | 'databaseHealth' | 'struck'>,
  kind: Strike,
): (things: number) => Promise<void> {
  return async (things) => {
    if (things < 2 || health.cramping === 0 || !random.chance(health.cramping)) return;
    struck(kind);
    await machine.turn();
    throw tooLargeError();
  };
}

export function commitFaults(surroundings: Surroundings): CommitFaults {
  const refuses = refusesWhatIsTooLarge(surroundings, 'transaction is too large');
  return { beforeApply: (_, records) => refuses(records) };
}
