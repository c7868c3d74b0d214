import type { ReceivedRecord } from './kafka-port.js';
import { RecordOfBatch } from './record-of-batch.js';
import { EncodedRecords, type RecordsToSend, type RecordToSend } from './records-to-send.js';

/** Whatever reads a partition from an offset on until it is told to stop; records come to `EchoTail.fetched`. */
export interface PartitionFetcher {
  fetchFrom(topic: string, partition: number, offset: number): void;
  pause(topic: string, partition: number): void;
}

/** Records of one send of this process, as its broker confirmed them. */
export interface ConfirmedSend {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Append time at the broker; ms UTC. */
  readonly appendedAtMs: number;
  readonly records: RecordsToSend;
}

export interface EchoTailOptions {
  /** The first offset wanted, by `topic/partition`; all of them are named. */
  readonly from: ReadonlyMap<string, number>;
  /** Records of one partition, in order. */
  readonly onRecords: (records: readonly ReceivedRecord[], endOffset: number) => void | Promise<void>;
  readonly onCrash: (error: Error) => void;
  readonly nowMs: () => number;
}

/**
 * Without own sends for so long, others' records are looked for. Longer than the time between sends of a partition with
 * little to do, or each of them would be fetched all the same.
 */
const QUIET_AFTER_MS = 700;
export const LOOK_EVERY_MS = 100;
/** Own records that wait behind others' ones; beyond it they are fetched as well. */
const MOST_WAITING = 50_000;

interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** The first offset that was not handed over. */
  next: number;
  /** The first offset that was not fetched; own records beyond it came from memory. */
  fetchedTo: number;
  /** Where the last confirmed own send ends: the next one stands there or later. */
  ownEnd: number;
  isFetching: boolean;
  ownAtMs: number;
  /** Own sends beyond `next`: what stands before them is being fetched. */
  waiting: ConfirmedSend[];
  waitingRecords: number;
  handedOver: Promise<void>;
}

/** A record that this process sent: what a broker would give back. */
class OwnRecord implements ReceivedRecord {
  constructor(
    private readonly send: ConfirmedSend,
    private readonly index: number,
    private readonly sent: RecordToSend,
  ) {}
  get topic(): string {
    return this.send.topic;
  }
  get partition(): number {
    return this.send.partition;
  }
  get offset(): number {
    return this.send.offset + this.index;
  }
  get timestampMs(): number {
    return this.send.appendedAtMs;
  }
  get key(): string {
    return this.sent.key;
  }
  get value(): Buffer | null {
    const { value } = this.sent;
    return typeof value === 'string' ? Buffer.from(value) : value;
  }
  get headers(): Readonly<Record<string, string>> {
    return { ...this.sent.headers, ...this.sent.sharedHeaders };
  }
  header(name: string): string | undefined {
    return this.sent.sharedHeaders?.[name] ?? this.sent.headers?.[name];
  }
}

/**
 * A tail that does not read back what this process wrote itself. A confirmed send says at which offset it stands: where
 * that is the next one, nobody else wrote in between, and the records are handed over from memory; where it is not, what
 * lies between is fetched first. A partition without own sends is fetched as by any reader. So every record comes once
 * and in order, and the owner of a partition, who reads its own output almost alone, spares broker and itself the trip.
 */
export class EchoTail {
  private readonly partitions = new Map<string, PartitionState>();
  private failed = false;

  constructor(
    private readonly options: EchoTailOptions,
    private readonly fetcher: PartitionFetcher,
  ) {
    for (const [name, next] of options.from) {
      const at = name.lastIndexOf('/');
      this.partitions.set(name, {
        topic: name.slice(0, at),
        partition: Number(name.slice(at + 1)),
        next,
        fetchedTo: next,
        ownEnd: 0,
        isFetching: false,
        ownAtMs: Number.NEGATIVE_INFINITY,
        waiting: [],
        waitingRecords: 0,
        handedOver: Promise.resolve(),
      });
    }
    this.lookForOthers();
  }

  /** To be called every `LOOK_EVERY_MS`. */
  lookForOthers(): void {
    for (const state of this.partitions.values()) if (this.isQuiet(state)) this.fetch(state);
  }

  /** A send of this process to one of the topics was confirmed. */
  confirmed(send: ConfirmedSend): void {
    const state = this.partitions.get(`${send.topic}/${send.partition}`);
    if (!state || this.failed) return;
    if (send.offset < state.ownEnd) return this.failCut(state, send.offset, state.ownEnd);
    state.ownEnd = endOf(send);
    state.ownAtMs = this.options.nowMs();
    if (endOf(send) <= state.next) return;
    if (state.waitingRecords < MOST_WAITING) {
      state.waiting.push(send);
      state.waitingRecords += send.records.length;
    } else this.fetch(state);
    this.handOverOwn(state);
  }

  /** What the fetcher read; resolves when it was handed over. */
  fetched(
    topic: string,
    partition: number,
    records: readonly ReceivedRecord[],
    endOffset: number,
  ): Promise<void> | undefined {
    const state = this.partitions.get(`${topic}/${partition}`);
    if (!state || this.failed || !state.isFetching) return undefined;
    // Not compared with `next`: a new leader may know less than all in-sync replicas have confirmed, for a moment.
    if (endOffset < state.fetchedTo) {
      this.failCut(state, endOffset, state.fetchedTo);
      return undefined;
    }
    state.fetchedTo = Math.max(state.fetchedTo, (records.at(-1)?.offset ?? -1) + 1);
    const wanted = records.filter(({ offset }) => offset >= state.next);
    const last = wanted.at(-1);
    if (last) {
      state.next = last.offset + 1;
      this.handOver(state, wanted, endOffset);
    }
    this.handOverOwn(state);
    return state.handedOver;
  }

  private handOverOwn(state: PartitionState): void {
    for (let first = state.waiting[0]; first && first.offset <= state.next; first = state.waiting[0]) {
      state.waiting.shift();
      state.waitingRecords -= first.records.length;
      const from = state.next - first.offset;
      if (from >= first.records.length) continue;
      state.next = endOf(first);
      this.handOver(state, ownRecords(first, from), state.next);
    }
    if (state.waiting.length > 0) this.fetch(state);
    else if (state.isFetching && !this.isQuiet(state)) {
      state.isFetching = false;
      this.fetcher.pause(state.topic, state.partition);
    }
  }

  private handOver(state: PartitionState, records: readonly ReceivedRecord[], endOffset: number): void {
    state.handedOver = state.handedOver
      .then(() => (this.failed ? undefined : this.options.onRecords(records, endOffset)))
      .catch((error: Error) => this.fail(error));
  }

  private fetch(state: PartitionState): void {
    if (state.isFetching) return;
    state.isFetching = true;
    this.fetcher.fetchFrom(state.topic, state.partition, state.next);
  }

  private isQuiet({ ownAtMs }: PartitionState): boolean {
    return this.options.nowMs() - ownAtMs >= QUIET_AFTER_MS;
  }

  private failCut({ topic, partition }: PartitionState, end: number, known: number): void {
    const name = `${topic}/${partition}`;
    this.fail(new Error(`${name} ends at ${end}, though ${known} records were there: it was made anew or cut`));
  }

  private fail(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    this.options.onCrash(error);
  }
}

const endOf = ({ offset, records }: ConfirmedSend): number => offset + records.length;

function ownRecords(send: ConfirmedSend, from: number): readonly ReceivedRecord[] {
  const { topic, partition, offset, appendedAtMs, records } = send;
  if (!(records instanceof EncodedRecords))
    return records.slice(from).map((sent, i) => new OwnRecord(send, from + i, sent));
  return records
    .decoded()
    .slice(from)
    .map((record, i) => new RecordOfBatch(topic, partition, offset + from + i, appendedAtMs, record));
}
