import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import { Metrics } from '@shelfline/service-kit/metrics';
import type { Clock } from '@shelfline/streaming/clock';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { RecordToSend } from '@shelfline/streaming/records-to-send';
import { createConnectMetrics } from './connect-metrics.js';
import { DeltaSender } from './delta-sender.js';
import type { AcceptedItem } from './domain/accept-deltas.js';

const PARTITIONS = 4;
const items: AcceptedItem[] = Array.from({ length: 40 }, (_, index) => ({
  index,
  delta: {
    id: `e${index}`,
    source: 'wms',
    type: 'receipt',
    sku: `s${index}`,
    location: 'dc-1',
    quantity: 1,
    occurredAt: '2026-05-31T00:00:00Z',
  },
}));
const inPartition = (partition: number) =>
  items.filter(({ index }) => partitionFor(`s${index}`, PARTITIONS) === partition).map(({ index }) => index);

/** The time limit passes once every other partition has answered. */
function senderOver(send: (partition: number, records: readonly RecordToSend[]) => Promise<number>) {
  const timers: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: () => new Promise((resolve) => timers.push(resolve)),
  };
  const kafka = {
    send: (_topic: string, partition: number, records: readonly RecordToSend[]) => send(partition, records),
  };
  const sender = new DeltaSender(kafka as unknown as KafkaPort, {
    prefix: '',
    partitions: new Map([[TOPICS.deltas.name, PARTITIONS]]),
    timeoutMs: 10_000,
    clock,
    metrics: createConnectMetrics(new Metrics('connect')),
  });
  return { sender, passTime: () => timers.forEach((resolve) => resolve()) };
}

describe('DeltaSender', () => {
  it('names only the items of a partition that cannot be written', async () => {
    const { sender } = senderOver((partition) =>
      partition === 2 ? Promise.reject(new Error('no leader')) : Promise.resolve(7),
    );
    expect([...(await sender.send(items))].sort((a, b) => a - b)).toEqual(inPartition(2));
  });

  it('waits for a silent partition no longer than the limit, and believes the others', async () => {
    const { sender, passTime } = senderOver((partition) =>
      partition === 1 ? new Promise(() => {}) : Promise.resolve(7),
    );
    const sending = sender.send(items);
    await new Promise((resolve) => setImmediate(resolve));
    passTime();
    expect([...(await sending)].sort((a, b) => a - b)).toEqual(inPartition(1));
  });

  it('calls a heartbeat unavailable unless every partition has it', async () => {
    const beat: AcceptedItem = {
      index: 3,
      delta: { id: 'h', source: 'wms', type: 'heartbeat', occurredAt: '2026-05-31T00:00:00Z' },
    };
    const seen: number[] = [];
    const { sender } = senderOver((partition) => {
      seen.push(partition);
      return partition === 3 ? Promise.reject(new Error('no leader')) : Promise.resolve(1);
    });
    expect([...(await sender.send([beat]))]).toEqual([3]);
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});
