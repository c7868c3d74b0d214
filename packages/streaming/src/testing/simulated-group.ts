import { MembershipLostError } from '../errors.js';
import type { BatchVerdict, GroupConsumer, GroupConsumerOptions } from '../kafka-port.js';
import type { SimulatedLog } from './simulated-log.js';

const MAX_BATCH = 500;

/** A consumer group: who is a member, and who holds which partition. */
export class SimulatedGroup {
  readonly members: SimulatedMember[] = [];

  constructor(readonly logs: readonly SimulatedLog[]) {}

  join(member: SimulatedMember): void {
    this.members.push(member);
    this.rebalance();
  }

  leave(member: SimulatedMember): void {
    const index = this.members.indexOf(member);
    if (index < 0) return;
    this.members.splice(index, 1);
    this.rebalance();
  }

  /** The coordinator gives a member up without its knowledge: it was frozen, or cut off. */
  expel(member: SimulatedMember): void {
    this.leave(member);
  }

  private rebalance(): void {
    const count = this.members.length;
    const shares = this.members.map((_, m) =>
      this.logs.flatMap((__, partition) => (partition % count === m ? [partition] : [])),
    );
    // Whoever loses a partition hears of it no later than whoever gets it, as in a real group.
    this.members.forEach((member, m) => member.revoke(shares[m]!));
    this.members.forEach((member, m) => member.assign(shares[m]!));
  }
}

/** One reader of a group. An expelled one goes on believing until its next heartbeat, and then joins again. */
export class SimulatedMember implements GroupConsumer {
  private held = new Set<number>();
  private readonly positions = new Map<number, number>();
  private readonly reading = new Map<number, Promise<void>>();
  private readonly paused = new Set<number>();
  private readonly unsubscribe: (() => void)[] = [];
  private stopping = false;
  private frozen = false;

  constructor(
    private readonly group: SimulatedGroup,
    private readonly options: GroupConsumerOptions,
    private readonly committed: Map<number, number>,
    private readonly turn: () => Promise<void>,
  ) {
    this.unsubscribe = group.logs.map((log, partition) => log.onAppend(() => this.read(partition)));
  }

  isMember(): boolean {
    return this.group.members.includes(this);
  }

  revoke(partitions: readonly number[]): void {
    this.held = new Set(partitions.filter((partition) => this.held.has(partition)));
  }

  assign(partitions: readonly number[]): void {
    for (const partition of partitions)
      if (!this.held.has(partition)) this.positions.set(partition, this.committed.get(partition) ?? 0);
    this.held = new Set(partitions);
    this.options.onAssigned(partitions);
    for (const partition of partitions) this.read(partition);
  }

  pause(partition: number): void {
    this.paused.add(partition);
  }
  resume(partition: number): void {
    this.paused.delete(partition);
    this.read(partition);
  }

  /** SIGSTOP and SIGCONT: nothing is read meanwhile. What runs within a batch is held by the faults of the ports. */
  freeze(): void {
    this.frozen = true;
  }
  thaw(): void {
    this.frozen = false;
    for (const partition of this.held) this.read(partition);
  }

  /** SIGKILL: no goodbye, the coordinator finds out by itself. */
  kill(): void {
    this.stopping = true;
    for (const off of this.unsubscribe) off();
    this.group.expel(this);
    this.held = new Set();
  }

  /** The coordinator gives it up; it finds out with its next heartbeat. */
  forgotten(): void {
    this.group.expel(this);
    // Who holds nothing handles no batch, and beats all the same.
    if (this.held.size === 0) void this.turn().then(() => this.stopping || this.isMember() || this.group.join(this));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const off of this.unsubscribe) off();
    await Promise.all(this.reading.values());
    this.group.leave(this);
  }

  private read(partition: number): void {
    if (this.reading.has(partition)) return;
    const done = this.readOn(partition).finally(() => this.reading.delete(partition));
    this.reading.set(partition, done);
  }

  private async readOn(partition: number): Promise<void> {
    const log = this.group.logs[partition]!;
    for (;;) {
      // What was appended in this turn comes in one batch.
      await this.turn();
      if (this.stopping || this.frozen || this.paused.has(partition) || !this.held.has(partition)) return;
      const position = this.positions.get(partition)!;
      const records = log.read(position, MAX_BATCH);
      if (records.length === 0) return;
      let lost: Error | undefined;
      const verdict = await this.options
        .onBatch({
          topic: this.options.topic,
          partition,
          records,
          endOffset: log.end,
          heartbeat: () => {
            if (this.isMember()) return Promise.resolve();
            lost = new MembershipLostError(new Error('UNKNOWN_MEMBER_ID'));
            return Promise.reject(lost);
          },
          isCurrent: () => !lost && !this.stopping && this.held.has(partition),
        })
        .catch((error: Error): BatchVerdict | undefined => {
          if (!lost) {
            this.stopping = true;
            this.options.onCrash(error);
          }
          return undefined;
        });
      if (lost && !this.stopping) {
        // The batch of another partition may have found out first: a member joins once.
        if (this.isMember()) continue;
        this.held = new Set();
        this.group.join(this);
        return;
      }
      if (!verdict) return;
      this.positions.set(partition, 'seekTo' in verdict ? verdict.seekTo : records.at(-1)!.offset + 1);
      if ('commitTo' in verdict && this.isMember()) this.committed.set(partition, verdict.commitTo);
    }
  }
}
