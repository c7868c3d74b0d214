import { availabilityKey } from '@shelfline/contracts/identifiers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { RecordToSend } from '@shelfline/streaming/records-to-send';
import { topicName } from '@shelfline/streaming/topics-setup';
import { type BareKind, viewOf } from './messages.ts';
import { BareServer, GatewayProcess, type ServerUnderTest } from './processes.ts';

export const PARTITIONS = 12;
/** Above what any generation of real data would begin with. */
const FIRST_VERSION = 2 ** 40;

export interface Contestant {
  readonly name: string;
  readonly server: ServerUnderTest;
  readonly protocol: 'socket.io' | 'ws';
  readonly token: string;
  /** One change of each of these SKUs. */
  readonly change: (skus: readonly string[]) => unknown;
}

/** SKUs by the partition their changes come from. */
export const byPartition = (skus: readonly string[]): string[][] =>
  Array.from({ length: PARTITIONS }, (_, i) => skus.filter((sku) => partitionFor(sku, PARTITIONS) === i));

export async function withBare<T>(kind: BareKind, use: (contestant: Contestant) => Promise<T>): Promise<T> {
  const server = await BareServer.start(kind);
  try {
    return await use({
      name: `bare ${kind}`,
      server,
      protocol: kind === 'ws' ? 'ws' : 'socket.io',
      token: 'none',
      change: (skus) => server.change(skus),
    });
  } finally {
    await server.stop();
  }
}

let gateways = 0;

/** The gateway is told by Kafka, as it is by the ledger. */
export async function withGateway<T>(
  { kafka, brokers, tickMs }: { kafka: KafkaPort; brokers: string; tickMs: number },
  use: (contestant: Contestant) => Promise<T>,
): Promise<T> {
  const prefix = `bench-push-${process.pid}-${gateways++}-${Date.now()}.`;
  const topic = topicName(TOPICS.availability, prefix);
  const server = await GatewayProcess.start({ brokers, prefix, tickMs });
  let version = FIRST_VERSION;
  const change = async (skus: readonly string[]): Promise<void> => {
    version++;
    const nowMs = Date.now();
    const records = new Map<number, RecordToSend[]>();
    for (const sku of skus) {
      const partition = partitionFor(sku, PARTITIONS);
      const value = JSON.stringify({
        ...viewOf(sku, version, nowMs),
        channel: 'web',
        region: 'all',
        producedAtMs: nowMs,
      });
      const record = { key: availabilityKey(sku, 'web', 'all'), value };
      const group = records.get(partition);
      if (group) group.push(record);
      else records.set(partition, [record]);
    }
    await Promise.all([...records].map(([partition, group]) => kafka.send(topic, partition, group)));
  };
  try {
    return await use({ name: 'Shelfline', server, protocol: 'socket.io', token: server.token, change });
  } finally {
    await server.stop();
  }
}
