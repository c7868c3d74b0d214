import { describe, expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { KafkajsPartitionFetcher } from './kafkajs-partition-fetcher.js';
import { KafkajsSharedFetches } from './kafkajs-shared-fetches.js';
import { silentLog } from './log.js';
import { until } from './testing/until.js';

type Listener = (event: { payload: object }) => void;

/** kafkajs's consumer as far as the fetcher uses it: what it was told, and throwing while it is ending. */
class FakeConsumer {
  readonly events = { GROUP_JOIN: 'join', CRASH: 'crash' };
  readonly told: string[] = [];
  isEnding = false;
  private readonly listeners = new Map<string, Listener[]>();
  on(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }
  emit(event: string, payload: object): void {
    for (const listener of this.listeners.get(event) ?? []) listener({ payload });
  }
  connect = () => Promise.resolve();
  subscribe = () => Promise.resolve();
  disconnect = () => Promise.resolve();
  run = () => {
    this.emit('join', { memberAssignment: { t: [0, 1] } });
    return Promise.resolve();
  };
  private tell(what: string): void {
    if (this.isEnding) throw new Error('Consumer group was not initialized, consumer#run must be called first');
    this.told.push(what);
  }
  seek = ({ partition, offset }: { partition: number; offset: string }) => this.tell(`seek ${partition} ${offset}`);
  resume = ([{ partitions }]: [{ partitions: number[] }]) => this.tell(`resume ${partitions.join()}`);
  pause = ([{ partitions }]: [{ partitions: number[] }]) => this.tell(`pause ${partitions.join()}`);
}

function start() {
  const consumers: FakeConsumer[] = [];
  const crashes: Error[] = [];
  const kafka = {
    consumer: () => {
      const consumer = new FakeConsumer();
      consumers.push(consumer);
      return consumer;
    },
  };
  const fetcher = new KafkajsPartitionFetcher({
    kafka: kafka as unknown as Kafka,
    fetches: new KafkajsSharedFetches(kafka as unknown as Kafka, silentLog),
    groupPrefix: 'test',
    topics: ['t'],
    gatherMs: 100,
    onFetched: () => undefined,
    onCrash: (error) => crashes.push(error),
    log: silentLog,
  });
  return { consumers, crashes, fetcher };
}

describe('KafkajsPartitionFetcher', () => {
  it('pauses what nobody asked for, and begins where it is told', async () => {
    const { consumers, fetcher } = start();
    fetcher.fetchFrom('t', 1, 7);
    await fetcher.start();
    expect(consumers[0]!.told).toEqual(['pause 0', 'seek 1 7', 'resume 1']);
    fetcher.pause('t', 1);
    fetcher.fetchFrom('t', 0, 3);
    expect(consumers[0]!.told.slice(3)).toEqual(['pause 1', 'seek 0 3', 'resume 0']);
    await fetcher.stop();
  });

  it('an-ending-consumer-threw: what it is told meanwhile, the next consumer is told when it joins', async () => {
    const { consumers, crashes, fetcher } = start();
    await fetcher.start();
    consumers[0]!.isEnding = true;
    fetcher.fetchFrom('t', 0, 5);
    fetcher.pause('t', 1);
    consumers[0]!.emit('crash', { error: Object.assign(new Error('the coordinator died'), { code: 'ECONNRESET' }) });
    await until(() => consumers.length === 2 && consumers[1]!.told.length > 0, 'a new consumer joined');
    expect(consumers[1]!.told).toEqual(['seek 0 5', 'resume 0', 'pause 1']);
    expect(crashes).toEqual([]);
    await fetcher.stop();
  });
});
