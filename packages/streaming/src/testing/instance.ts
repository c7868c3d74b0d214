import { Registry } from 'prom-client';
import type { Clock } from '../clock.js';
import { silentLog } from '../log.js';
import type { Batch, Decision, StreamDefinition } from '../stream.js';
import { createStreamMetrics } from '../stream-metrics.js';
import { StreamRunner } from '../stream-runner.js';
import { ADDITIONS, type Addition, countingStream, TOTALS, type Total, type Totals } from './counting-stream.js';
import { type SendFaults, SimulatedKafka } from './simulated-kafka.js';
import { type CommitFaults, SimulatedDatabase } from './simulated-store.js';

export const SESSION_TIMEOUT_MS = 6000;

type Decide = (batch: Batch<Addition>) => Promise<Decision<Totals>>;

/** Kafka, a database, and the processes that use them, all in memory and under one clock. */
export function createWorld(clock: Clock, partitions: number) {
  const kafka = new SimulatedKafka(clock);
  for (const topic of [ADDITIONS.name, TOTALS.name, 'dead-letters']) kafka.createTopic(topic, partitions);
  const totals = new Map<string, Total>();
  const database = new SimulatedDatabase<Totals>((writes) => {
    for (const [key, total] of writes) totals.set(key, total);
  });
  const counts = new Map([ADDITIONS.name, TOTALS.name, 'dead-letters'].map((name) => [name, partitions]));

  /** A process of the service: its own connections with their own faults, its own memory. */
  const startInstance = async (
    overrides: Partial<StreamDefinition<Addition, Totals>> = {},
    through: (decide: Decide) => Decide = (decide) => decide,
  ) => {
    const sends: SendFaults = {};
    const commits: CommitFaults = {};
    const port = kafka.connect(sends);
    const { stream, decide } = countingStream({
      store: database.connect(commits),
      findTotals: async (keys) =>
        new Map(keys.flatMap((key) => (totals.has(key) ? [[key, totals.get(key)!] as const] : []))),
      groupId: 'group',
    });
    const registry = new Registry();
    const fatal: Error[] = [];
    const runner = new StreamRunner({
      stream: { ...stream, ...overrides },
      decide: through(decide),
      kafka: port,
      prefix: '',
      partitions: counts,
      source: 'test',
      clock,
      log: silentLog,
      metrics: createStreamMetrics(registry),
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      onFatal: (error) => fatal.push(error),
    });
    await runner.start();
    const member = port.members[0]!;
    const counted = async (name: string): Promise<number> => {
      const { values } = await registry.getSingleMetric(`shelfline_stream_${name}_total`)!.get();
      return values.reduce((sum, { value }) => sum + value, 0);
    };
    return { runner, port, member, sends, commits, fatal, counted };
  };

  return { kafka, database, totals, startInstance };
}
export type World = ReturnType<typeof createWorld>;
export type Instance = Awaited<ReturnType<World['startInstance']>>;
