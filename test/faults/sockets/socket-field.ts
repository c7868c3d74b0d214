import { readFile } from 'node:fs/promises';
import { TOPICS } from '@shelfline/contracts/topics';
import { skuNames } from '../../bench/push/messages.ts';
import { until } from '../awaiting.ts';
import { type FaultRig, PARTITIONS } from '../fault-rig.ts';
import { RunRecord } from '../run-record.ts';
import type { ServiceProcess } from '../service-process.ts';
import { LastAvailability } from './last-availability.ts';
import type { LoaderReport, ShownStock } from './loader-messages.ts';
import { RestDecoy } from './rest-decoy.ts';
import { SocketFleet } from './socket-fleet.ts';
import { isExact, percentile, type SocketVerdict } from './socket-verdict.ts';
import { StockChanges } from './stock-changes.ts';

export const SKU_COUNT = 200;
const SKUS_PER_SOCKET = 5;
const CHANGES_PER_SECOND = 100;
const CONVERGED_WITHIN_MS = 60_000;

export interface SocketRunOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly sockets: number;
  readonly signal: AbortSignal;
}

export interface SocketScenario {
  readonly name: string;
  readonly what: string;
  /** Of the sockets, this share is a fleet of its own, the second. */
  readonly secondShare: number;
  /** Watched by the second fleet on top of what all watch. */
  readonly alsoWatched: readonly string[];
  readonly backWithinMs: number;
  readonly gatewayEnv: Readonly<Record<string, string>>;
  run(field: SocketField): Promise<void>;
}

/** A gateway, sockets that watch what changes, and nothing else. */
export class SocketField {
  readonly rig: FaultRig;
  readonly gateway: ServiceProcess;
  readonly changes: StockChanges;
  readonly fleets: readonly SocketFleet[];
  readonly decoy: RestDecoy;
  readonly signal: AbortSignal;
  readonly record = new RunRecord();
  private readonly deadlineMs: number;

  private constructor(
    parts: Pick<SocketField, 'rig' | 'gateway' | 'changes' | 'fleets' | 'decoy'>,
    options: SocketRunOptions,
  ) {
    this.rig = parts.rig;
    this.gateway = parts.gateway;
    this.changes = parts.changes;
    this.fleets = parts.fleets;
    this.decoy = parts.decoy;
    this.signal = options.signal;
    this.deadlineMs = Date.now() + options.minutes * 60_000;
  }

  /** Resolves when every socket has its snapshot and changes are under way. */
  static async start(rig: FaultRig, scenario: SocketScenario, options: SocketRunOptions): Promise<SocketField> {
    const { signal } = options;
    const decoy = await RestDecoy.start();
    const fleets: SocketFleet[] = [];
    rig.afterwards(async () => {
      for (const fleet of fleets) await fleet.stop();
      decoy.stop();
    });
    const skus = skuNames(SKU_COUNT);
    const topic = rig.topic(TOPICS.availability);
    const shared = { kafka: rig.kafka, topic, partitions: PARTITIONS, changesPerSecond: CHANGES_PER_SECOND, signal };
    const changes = new StockChanges({ ...shared, skus });
    await changes.change([...skus, ...scenario.alsoWatched]);
    const { address } = decoy;
    const gateway = await rig.startGateway({
      // As it is started everywhere: see services/gateway/README.md.
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --max-semi-space-size=4`,
      CATALOG_URL: address,
      INVENTORY_URL: address,
      CONNECT_URL: address,
      ...scenario.gatewayEnv,
    });
    const second = Math.round(options.sockets * scenario.secondShare);
    const order = {
      port: Number(new URL(gateway.address).port),
      token: rig.token,
      skus,
      skusPerSocket: SKUS_PER_SOCKET,
    };
    const sizes = [options.sockets - second, second];
    for (const [i, sockets] of sizes.entries())
      fleets.push(
        await SocketFleet.start({
          ...order,
          seed: options.seed + i,
          first: i * sizes[0]!,
          sockets,
          backWithinMs: scenario.backWithinMs,
          alsoWatched: i === 1 ? scenario.alsoWatched : [],
        }),
      );
    for (const fleet of fleets) await until(() => fleet.areAllSubscribed(), 'every socket subscribed', signal);
    changes.start();
    return new SocketField({ rig, gateway, changes, fleets, decoy }, options);
  }

  isOver(): boolean {
    this.changes.check();
    return Date.now() >= this.deadlineMs;
  }

  reports(type: 'report' | 'measure' = 'report'): Promise<LoaderReport[]> {
    return Promise.all(this.fleets.map((fleet) => fleet.tell({ type })));
  }

  /** Of the gateway, asked of the system where it tells: reading metrics of thousands of sockets would delay updates. */
  async residentBytes(): Promise<number> {
    if (process.platform !== 'linux') return this.gateway.metric('process_resident_memory_bytes');
    const status = await readFile(`/proc/${this.gateway.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** Changes stand still, and what every socket shows is compared with the topic, read anew; resolves when all agree. */
  async converge(): Promise<SocketVerdict> {
    await this.changes.pause();
    const newest = await this.readTopic();
    let verdict = await this.compare(newest);
    const agree = async () => {
      verdict = await this.compare(newest);
      return isExact(verdict);
    };
    await until(agree, 'every socket exact', this.signal, CONVERGED_WITHIN_MS).catch(() =>
      this.signal.throwIfAborted(),
    );
    return verdict;
  }

  private async compare(newest: ReadonlyMap<string, ShownStock>): Promise<SocketVerdict> {
    const order = { type: 'compare', newest: [...newest] } as const;
    const found = await Promise.all(this.fleets.map((fleet) => fleet.tell(order)));
    return {
      lost: found.flatMap(({ lost }) => lost),
      doubled: found.flatMap(({ doubled }) => doubled),
      wrong: found.flatMap(({ wrong }) => wrong),
    };
  }

  private async readTopic(): Promise<ReadonlyMap<string, ShownStock>> {
    const { rig, signal } = this;
    const topic = rig.topic(TOPICS.availability);
    const reader = new LastAvailability();
    await reader.start(rig.kafka, topic);
    try {
      const ends = await rig.kafka.offsets(topic);
      await until(() => reader.hasReached(ends), 'the availability topic read to its end', signal);
      return reader.bySku;
    } finally {
      await reader.stop();
    }
  }
}

/** Of the updates that several windows saw. */
export function delayPercentile(reports: readonly LoaderReport[], share: number): number {
  const delays = new Map<number, number>();
  for (const report of reports)
    for (const [ms, updates] of report.delays) delays.set(ms, (delays.get(ms) ?? 0) + updates);
  return percentile(delays, share);
}
