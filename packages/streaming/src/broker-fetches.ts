import { FetchLane, nameOf, type Slot } from './fetch-lane.js';
import type { FetchAnswer, FetchAsk, FetchedOffset, FetchedPartition, PartitionName } from './fetch-messages.js';

export interface WantedPartition extends PartitionName {
  readonly offset: number;
  readonly maxBytes: number;
}

/** Everything held of one partition, from the offset that was asked for on. */
export interface TakenPartition extends PartitionName {
  readonly fetchedOffset: number;
  readonly highWatermark: string;
  readonly messages: readonly FetchedOffset[];
  readonly abortedTransactions: FetchedPartition['abortedTransactions'];
}

export interface Reading {
  readonly wanted: readonly WantedPartition[];
  /** Nothing came for so long: answered with nothing. */
  readonly waitMs: number;
  /** What comes is held back for so long, so that it comes in one piece. */
  readonly gatherMs: number;
}

export interface BrokerFetchesOptions {
  readonly request: (lane: number, ask: FetchAsk, isAside: boolean) => Promise<FetchAnswer>;
  /** Nothing can be read here any more; each reader has heard of it. */
  readonly onFailed: (error: Error) => void;
  /** Of a clock that is never set: time that is set back would hold up everybody for as long. */
  readonly nowMs: () => number;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** Calls back after a while unless cancelled. */
  readonly later: (delayMs: number, run: () => void) => () => void;
}

interface Waiter {
  readonly untilMs: number;
  readonly gatherMs: number;
  readonly resolve: (taken: readonly TakenPartition[]) => void;
  readonly reject: (error: Error) => void;
  cancel?: () => void;
}

/** All that the readers of one process fetch from one broker. */
export class BrokerFetches {
  /** A partition that two readers want stands in two lanes, as each goes on at his own pace. */
  private readonly lanes: FetchLane[] = [];
  private readonly slotsOf = new Map<object, Map<string, { readonly slot: Slot; readonly lane: FetchLane }>>();
  private readonly waiters = new Map<object, Waiter>();
  private failed: Error | undefined;

  constructor(private readonly options: BrokerFetchesOptions) {}

  /** What has come for the reader, or comes within his time; one call of a reader at a time, and none once he has left. */
  next(reader: object, { wanted, waitMs, gatherMs }: Reading): Promise<readonly TakenPartition[]> {
    if (this.failed) return Promise.reject(this.failed);
    this.place(reader, wanted, gatherMs > 0);
    return new Promise((resolve, reject) => {
      this.waiters.set(reader, { untilMs: this.options.nowMs() + waitMs, gatherMs, resolve, reject });
      if (this.hasSomething(reader)) this.arrived(reader);
    });
  }

  /** The reader looks again what he wants: he is answered at once, if with nothing. */
  wake(reader: object): void {
    this.settle(reader, (waiter) => waiter.resolve([]));
  }

  /** The reader reads no more, and is never seen again. */
  leave(reader: object): void {
    for (const { slot, lane } of this.slotsOf.get(reader)?.values() ?? []) lane.slots.delete(slot.name);
    this.slotsOf.delete(reader);
    this.wake(reader);
  }

  /** To be called now and then: answers whoever has waited for long enough. One timer for all is cheaper than theirs. */
  expire(nowMs: number): void {
    for (const [reader, { untilMs }] of this.waiters) if (untilMs <= nowMs) this.wake(reader);
  }

  end(): void {
    for (const lane of this.lanes) lane.end();
    for (const reader of this.waiters.keys()) this.wake(reader);
  }

  private place(reader: object, wanted: readonly WantedPartition[], isGathered: boolean): void {
    let slots = this.slotsOf.get(reader);
    if (!slots) this.slotsOf.set(reader, (slots = new Map()));
    const names = new Set(wanted.map(nameOf));
    for (const [name, { lane }] of slots)
      if (!names.has(name)) {
        slots.delete(name);
        lane.slots.delete(name);
      }
    const moved = new Set<FetchLane>();
    for (const { topic, partition, offset, maxBytes } of wanted) {
      const name = nameOf({ topic, partition });
      const placed = slots.get(name);
      if (placed?.slot.readerAt === offset && placed.slot.maxBytes === maxBytes) continue;
      const lane = placed?.lane ?? this.laneWithout(name);
      const slot = newSlot({ topic, partition, name, reader, maxBytes, isGathered }, offset);
      lane.slots.set(name, slot);
      slots.set(name, { slot, lane });
      moved.add(lane);
    }
    for (const lane of moved) lane.wanted();
  }

  private laneWithout(name: string): FetchLane {
    const free = this.lanes.find(({ slots }) => !slots.has(name));
    if (free) return free;
    const { nowMs, sleep, request } = this.options;
    const index = this.lanes.length;
    const lane = new FetchLane({
      nowMs,
      sleep,
      request: (ask, isAside) => request(index, ask, isAside),
      onArrived: (readers) => {
        for (const reader of readers) this.arrived(reader);
      },
      onFailed: (error) => this.fail(error),
    });
    this.lanes.push(lane);
    return lane;
  }

  private hasSomething(reader: object): boolean {
    for (const { slot } of this.slotsOf.get(reader)?.values() ?? [])
      if (slot.held.length > 0 || slot.failure) return true;
    return false;
  }

  private arrived(reader: object): void {
    const waiter = this.waiters.get(reader);
    if (!waiter || waiter.cancel) return;
    if (waiter.gatherMs > 0) waiter.cancel = this.options.later(waiter.gatherMs, () => this.give(reader));
    else this.give(reader);
  }

  private give(reader: object): void {
    this.settle(reader, (waiter) => {
      try {
        waiter.resolve(this.take(reader));
      } catch (error) {
        waiter.reject(error as Error);
      }
    });
  }

  /** What is held of others stays for the next call where one partition cannot be read. */
  private take(reader: object): readonly TakenPartition[] {
    const slots = this.slotsOf.get(reader) ?? new Map<string, { readonly slot: Slot; readonly lane: FetchLane }>();
    for (const [name, { slot, lane }] of slots) {
      if (!slot.failure) continue;
      slots.delete(name);
      lane.slots.delete(name);
      throw slot.failure;
    }
    const holding = [...slots.values()].filter(({ slot }) => slot.held.length > 0);
    const taken = holding.map(({ slot }) => takeFrom(slot));
    // What was left out since much was held is fetched on while the reader is busy with it.
    for (const lane of new Set(holding.map(({ lane }) => lane))) lane.wanted();
    return taken;
  }

  private settle(reader: object, how: (waiter: Waiter) => void): void {
    const waiter = this.waiters.get(reader);
    if (!waiter) return;
    this.waiters.delete(reader);
    waiter.cancel?.();
    how(waiter);
  }

  private fail(error: Error): void {
    if (this.failed) return;
    this.failed = error;
    for (const lane of this.lanes) lane.end();
    for (const reader of this.waiters.keys()) this.settle(reader, ({ reject }) => reject(error));
    this.options.onFailed(error);
  }
}

type SlotOf = Pick<Slot, 'topic' | 'partition' | 'name' | 'reader' | 'maxBytes' | 'isGathered'>;
const newSlot = (of: SlotOf, offset: number): Slot => ({
  ...of,
  readerAt: offset,
  next: offset,
  held: [],
  heldRecords: 0,
  heldBytes: 0,
  failure: undefined,
});

function takeFrom(slot: Slot): TakenPartition {
  const { topic, partition, held, readerAt } = slot;
  const messages = held.length === 1 ? held[0]!.messages : held.flatMap((one) => one.messages);
  slot.held = [];
  slot.heldRecords = 0;
  slot.heldBytes = 0;
  slot.readerAt = Number(messages.at(-1)!.offset) + 1;
  return {
    topic,
    partition,
    messages,
    fetchedOffset: readerAt,
    highWatermark: held.at(-1)!.highWatermark,
    abortedTransactions: held.flatMap(({ abortedTransactions }) => abortedTransactions),
  };
}
