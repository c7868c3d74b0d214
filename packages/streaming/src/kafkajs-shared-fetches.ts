import type { Kafka } from 'kafkajs';
import { BrokerFetches, type Reading, type TakenPartition } from './broker-fetches.js';
import { systemClock } from './clock.js';
import type { FetchAnswer, FetchAsk } from './fetch-messages.js';
import { fetchRequestOf, type KafkajsProtocolRequest } from './kafkajs-fetch-protocol.js';
import type { Log } from './log.js';

interface KafkajsConnection {
  send(request: KafkajsProtocolRequest): Promise<FetchAnswer>;
}
interface KafkajsBroker {
  disconnect(): Promise<void>;
  readonly connectionPool: { getConnection(index: number): Promise<KafkajsConnection> };
}
interface KafkajsCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findBroker(of: { nodeId: string }): Promise<KafkajsBroker>;
}

const EXPIRE_EVERY_MS = 250;
const nowMs = (): number => performance.now();
/** Of a broker's two connections in kafkajs: the one for everything, and the one that may wait. */
const ASIDE = 0;
const WAITING = 1;

/** A cluster of kafkajs by itself: brokers and their connections, as its own consumers have them. */
function clusterOf(kafka: Kafka): KafkajsCluster {
  const create = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (!create) throw new Error('kafkajs has no way to make a cluster; its version is pinned for this');
  const make = (kafka as unknown as Record<symbol, (options: object) => KafkajsCluster>)[create]!;
  return make({ metadataMaxAge: 300_000, allowAutoTopicCreation: false });
}

/** One process reads each broker through a request or two, however many consumers it has. */
export class KafkajsSharedFetches {
  private readonly brokers = new Map<string, BrokerFetches>();
  /** A lane's requests wait for each other at the broker, so each lane has connections of its own. */
  private readonly clusters = new Map<number, Promise<KafkajsCluster>>();
  private expiring: NodeJS.Timeout | undefined;
  private closed = false;
  /** Calls of those who still ask after the end. */
  private readonly resting = new Set<{ readonly reader: object; readonly end: () => void }>();
  /** A consumer that is stopped asks once more at times, also a broker that he never asked before. */
  private readonly left = new WeakSet<object>();

  constructor(
    private readonly kafka: Kafka,
    private readonly log: Log,
  ) {}

  /** `nodeId` is the broker that leads what is wanted. Rejects as a fetch of kafkajs does. */
  next(reader: object, nodeId: string, reading: Reading): Promise<readonly TakenPartition[]> {
    if (this.left.has(reader)) return Promise.resolve([]);
    if (this.closed) return this.rest(reader, reading);
    this.expiring ??= setInterval(() => this.expire(), EXPIRE_EVERY_MS).unref();
    let broker = this.brokers.get(nodeId);
    if (!broker) this.brokers.set(nodeId, (broker = this.brokerOf(nodeId)));
    return broker.next(reader, reading);
  }

  wake(reader: object): void {
    for (const broker of this.brokers.values()) broker.wake(reader);
  }

  leave(reader: object): void {
    this.left.add(reader);
    for (const broker of this.brokers.values()) broker.leave(reader);
    for (const { reader: who, end } of this.resting) if (who === reader) end();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.expiring);
    for (const broker of this.brokers.values()) broker.end();
    this.brokers.clear();
    await Promise.all([...this.clusters.values()].map((cluster) => disconnect(cluster)));
  }

  /** The end was asked for: to a reader that was not stopped before, it is as if nothing came. */
  private rest(reader: object, { waitMs }: Reading): Promise<readonly TakenPartition[]> {
    return new Promise((resolve) => {
      const call = {
        reader,
        end: () => {
          clearTimeout(timer);
          this.resting.delete(call);
          resolve([]);
        },
      };
      const timer = setTimeout(call.end, waitMs).unref();
      this.resting.add(call);
    });
  }

  private expire(): void {
    for (const broker of this.brokers.values()) broker.expire(nowMs());
  }

  private brokerOf(nodeId: string): BrokerFetches {
    const broker: BrokerFetches = new BrokerFetches({
      request: (lane, ask, isAside) => this.request(nodeId, lane, ask, isAside),
      onFailed: (error) => {
        this.log.debug({ broker: nodeId, reason: error.message }, 'cannot fetch from a broker; its readers look anew');
        if (this.brokers.get(nodeId) === broker) this.brokers.delete(nodeId);
      },
      nowMs,
      sleep: (delayMs) => systemClock.sleep(delayMs),
      later: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    });
    return broker;
  }

  private async request(nodeId: string, lane: number, ask: FetchAsk, isAside: boolean): Promise<FetchAnswer> {
    const cluster = await this.clusterOf(lane, ask);
    // Ended while it was being connected: what is asked over it now would connect it again, for ever.
    if (this.closed) throw new Error('the connection to Kafka was closed');
    const broker = await cluster.findBroker({ nodeId });
    try {
      const connection = await broker.connectionPool.getConnection(isAside ? ASIDE : WAITING);
      return await connection.send(fetchRequestOf(ask));
    } catch (error) {
      // As kafkajs does: both connections are made anew.
      if ((error as Error).name === 'KafkaJSConnectionClosedError') await broker.disconnect();
      throw error;
    }
  }

  private clusterOf(lane: number, ask: FetchAsk): Promise<KafkajsCluster> {
    let cluster = this.clusters.get(lane);
    if (cluster) return cluster;
    cluster = this.connect(ask).catch((error: Error) => {
      this.clusters.delete(lane);
      throw error;
    });
    this.clusters.set(lane, cluster);
    return cluster;
  }

  /**
   * It needs to know where brokers are, no more: without the name of a topic it would ask for all there are, and one of
   * them that has no leader just now, be it somebody else's, would be taken for a failure.
   */
  private async connect({ partitions }: FetchAsk): Promise<KafkajsCluster> {
    const cluster = clusterOf(this.kafka);
    try {
      await cluster.connect();
      await cluster.addMultipleTargetTopics([partitions[0]!.topic]);
      return cluster;
    } catch (error) {
      // The next request makes another one.
      await cluster.disconnect();
      throw error;
    }
  }
}

async function disconnect(cluster: Promise<KafkajsCluster>): Promise<void> {
  // One that could not be reached has nothing to end.
  const connected = await cluster.catch(() => undefined);
  await connected?.disconnect();
}
