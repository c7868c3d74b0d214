import type { Clock } from '../clock.js';
import type {
  GroupConsumer,
  GroupConsumerOptions,
  KafkaPort,
  PartitionOffsets,
  ReceivedRecord,
  TailOptions,
  TailReader,
  TopicToEnsure,
} from '../kafka-port.js';
import { PartitionQueue } from '../partition-queue.js';
import { type RecordsToSend, type RecordToSend, recordsIn } from '../records-to-send.js';
import { SimulatedGroup, SimulatedMember } from './simulated-group.js';
import { SimulatedLog } from './simulated-log.js';

/** What may go wrong with a send; each may wait (a held reply), or reject (a lost one). */
export interface SendFaults {
  beforeAppend?: (topic: string, partition: number, records: readonly RecordToSend[]) => Promise<void> | void;
  afterAppend?: (topic: string, partition: number, records: readonly RecordToSend[]) => Promise<void> | void;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A cluster in memory: logs with offsets and append times, groups with rebalances, replies held or lost on demand. */
export class SimulatedKafka {
  private readonly topics = new Map<string, SimulatedLog[]>();
  private readonly groups = new Map<string, { group: SimulatedGroup; committed: Map<number, number> }>();

  constructor(readonly clock: Clock) {}

  /** `turn`: what passes between two steps of the process behind this connection; the simulator gives it time. */
  connect(faults: SendFaults = {}, turn: () => Promise<void> = nextTurn): SimulatedKafkaPort {
    return new SimulatedKafkaPort(this, faults, turn);
  }

  createTopic(name: string, partitions: number): void {
    if (this.topics.has(name)) return;
    this.topics.set(
      name,
      Array.from({ length: partitions }, (_, partition) => new SimulatedLog(name, partition)),
    );
  }

  logsOf(topic: string): readonly SimulatedLog[] {
    const logs = this.topics.get(topic);
    if (!logs) throw new Error(`no topic ${topic}`);
    return logs;
  }

  read(topic: string, partition: number): readonly ReceivedRecord[] {
    return this.logsOf(topic)[partition]!.read(0, Number.POSITIVE_INFINITY);
  }

  groupOf(groupId: string, topic: string): { group: SimulatedGroup; committed: Map<number, number> } {
    let found = this.groups.get(groupId);
    if (!found)
      this.groups.set(groupId, (found = { group: new SimulatedGroup(this.logsOf(topic)), committed: new Map() }));
    return found;
  }
}

/** One process's connection. */
export class SimulatedKafkaPort implements KafkaPort {
  private readonly queues = new Map<string, PartitionQueue>();
  readonly members: SimulatedMember[] = [];
  private closed = false;

  constructor(
    private readonly cluster: SimulatedKafka,
    readonly faults: SendFaults,
    private readonly turn: () => Promise<void>,
  ) {}

  send(topic: string, partition: number, records: RecordsToSend): Promise<number> {
    if (records.length === 0) return Promise.reject(new Error('send: no records'));
    const name = `${topic}/${partition}`;
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new PartitionQueue({
        name,
        request: (chunk) => this.request(topic, partition, recordsIn(chunk)),
        maxWaitMs: 30_000,
        nowMs: () => this.cluster.clock.now(),
      });
      this.queues.set(name, queue);
    }
    return queue.push(records);
  }

  private async request(topic: string, partition: number, records: readonly RecordToSend[]): Promise<number> {
    if (this.closed) throw new Error(`Kafka did not confirm ${records.length} records: the connection is closed`);
    await this.faults.beforeAppend?.(topic, partition, records);
    const base = this.cluster.logsOf(topic)[partition]!.append(records, this.cluster.clock.now());
    await this.faults.afterAppend?.(topic, partition, records);
    return base;
  }

  ensureTopics(topics: readonly TopicToEnsure[]): Promise<ReadonlyMap<string, number>> {
    for (const { name, partitions } of topics) this.cluster.createTopic(name, partitions);
    return Promise.resolve(new Map(topics.map(({ name }) => [name, this.cluster.logsOf(name).length])));
  }

  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    return this.cluster.logsOf(topic).map(({ earliest, end }, partition) => ({ partition, earliest, end }));
  }

  async offsetsAfter(topic: string, timestampMs: number): Promise<readonly { partition: number; offset: number }[]> {
    return this.cluster.logsOf(topic).map((log, partition) => ({ partition, offset: log.offsetAfter(timestampMs) }));
  }

  clusterId(): Promise<string> {
    return Promise.resolve('simulated');
  }

  async consume(options: GroupConsumerOptions): Promise<GroupConsumer> {
    const { group, committed } = this.cluster.groupOf(options.groupId, options.topic);
    const member = new SimulatedMember(group, options, committed, this.turn);
    this.members.push(member);
    group.join(member);
    return member;
  }

  async tail({ topics, from, onRecords, onCrash }: TailOptions): Promise<TailReader> {
    const stops: (() => void)[] = [];
    for (const topic of topics)
      for (const log of this.cluster.logsOf(topic)) {
        let next = from === 'latest' ? log.end : log.earliest;
        let reading = false;
        let stopped = false;
        const read = async () => {
          if (reading) return;
          reading = true;
          while (!stopped && next < log.end) {
            await this.turn();
            const records = log.read(next, 500);
            if (stopped || records.length === 0) break;
            next = records.at(-1)!.offset + 1;
            try {
              await onRecords(records, log.end);
            } catch (error) {
              stopped = true;
              onCrash(error as Error);
            }
          }
          reading = false;
        };
        const off = log.onAppend(() => void read());
        stops.push(() => {
          stopped = true;
          off();
        });
        void read();
      }
    return {
      stop: () => {
        for (const stop of stops) stop();
        return Promise.resolve();
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** SIGKILL of the process behind this connection. */
  kill(): void {
    this.closed = true;
    for (const member of this.members) member.kill();
  }
}
