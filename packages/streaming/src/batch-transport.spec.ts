import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import { BatchTransport } from './batch-transport.js';
import { systemClock } from './clock.js';
import { HandlesBatch } from './handles-batch.js';
import { silentLog } from './log.js';
import type { Batch, Decision } from './stream.js';
import { createStreamMetrics } from './stream-metrics.js';
import {
  ADDITIONS,
  type Addition,
  countingStream,
  TOTALS,
  type Total,
  type Totals,
} from './testing/counting-stream.js';
import { SimulatedKafka } from './testing/simulated-kafka.js';
import { SimulatedDatabase } from './testing/simulated-store.js';
import { until } from './testing/until.js';

const totals = new Map<string, Total>();
const database = new SimulatedDatabase<Totals>((writes) => {
  for (const [key, total] of writes) totals.set(key, total);
});
const { stream, decide } = countingStream({
  store: database.connect(),
  findTotals: async (keys) =>
    new Map(keys.flatMap((key) => (totals.has(key) ? [[key, totals.get(key)!] as const] : []))),
  groupId: 'group',
});
let failures: Error[] = [];

@Controller()
class AdditionsHandler {
  @HandlesBatch(ADDITIONS)
  async handle(batch: Batch<Addition>): Promise<Decision<Totals>> {
    const failure = batch.items.some(({ kind }) => kind === 'message') ? failures.pop() : undefined;
    if (failure) throw failure;
    return decide(batch);
  }
}
@Module({ controllers: [AdditionsHandler] })
class CountingModule {}

describe('BatchTransport', () => {
  let app: INestMicroservice | undefined;
  afterEach(() => app?.close());

  const start = async () => {
    const cluster = new SimulatedKafka(systemClock);
    const fatal: Error[] = [];
    const strategy = new BatchTransport({
      kafka: cluster.connect(),
      streams: [stream],
      outputs: [TOTALS],
      prefix: '',
      partitions: 1,
      replication: 1,
      source: 'test',
      metrics: createStreamMetrics(new Registry()),
      log: silentLog,
      sessionTimeoutMs: 6000,
      onFatal: (error) => fatal.push(error),
    });
    app = await NestFactory.createMicroservice(CountingModule, { strategy, logger: false });
    await app.listen();
    const add = (addition: Addition) =>
      cluster
        .logsOf(ADDITIONS.name)[0]!
        .append([{ key: addition.key, value: JSON.stringify(addition) }], systemClock.now());
    return { strategy, fatal, add };
  };

  it('hands batches to the controller, begins them again after what passes, and ends for what does not', async () => {
    failures = [Object.assign(new Error('the database is away'), { name: 'MongoNetworkError' })];
    const { strategy, fatal, add } = await start();
    add({ id: 'a', key: 'k', units: 3 });
    await until(() => totals.get('k')?.total === 3, 'applied in spite of a passing failure');
    await until(() => strategy.state().ready, 'ready');
    expect(fatal).toEqual([]);

    const defect = new Error('a defect');
    failures = [defect];
    add({ id: 'b', key: 'k', units: 4 });
    await until(() => fatal.length > 0, 'the process is told to end');
    // Nest would have made "Internal server error" of both.
    expect(fatal).toEqual([defect]);
    expect(totals.get('k')!.total).toBe(3);
    expect(strategy.state().ready).toBe(false);
  });
});
