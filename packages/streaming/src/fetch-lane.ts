import type { FetchAnswer, FetchAsk, FetchedPartition, PartitionName } from './fetch-messages.js';
import { asAsked, FetchSession, isSessionLost } from './fetch-session.js';

/** How long a broker waits where nothing comes. Also the longest that an end of the port must wait for an answer. */
const MOST_WAIT_MS = 500;
/** What comes fast is gathered: an answer for each record of each topic would cost both sides more than its content. */
const PACE_MS = 3;
/** What is wanted while the long request is under way is asked for aside, again and again until that one is back. */
const ASIDE_EVERY_MS = 100;
/** Fetched ahead of a reader that is busy; beyond it the partition waits for him. */
const MOST_AHEAD_RECORDS = 500;
const MOST_AHEAD_BYTES = 2 * 1024 * 1024;

/** A partition as one reader reads it. */
export interface Slot extends PartitionName {
  readonly name: string;
  readonly reader: object;
  readonly maxBytes: number;
  /** Fetched ahead at most one answer, so that a reader who gathers is not woken for each record. */
  readonly isGathered: boolean;
  /** The offset that the reader asks for when he has handled what he has. */
  readerAt: number;
  /** The offset that is fetched next. */
  next: number;
  held: FetchedPartition[];
  heldRecords: number;
  heldBytes: number;
  /** Why it cannot be read; the reader hears it, and begins anew where that helps. */
  failure: Error | undefined;
}

export interface FetchLaneOptions {
  /** Where `isAside` is set, over another connection than the long request. */
  readonly request: (ask: FetchAsk, isAside: boolean) => Promise<FetchAnswer>;
  /** Readers who have something now. */
  readonly onArrived: (readers: ReadonlySet<object>) => void;
  /** The broker cannot be asked; the lane has ended. */
  readonly onFailed: (error: Error) => void;
  /** Of a clock that is never set. */
  readonly nowMs: () => number;
  readonly sleep: (delayMs: number) => Promise<void>;
}

/**
 * One long request after the other for all partitions that its readers want: of a process with fifty readers who mostly
 * wait, one request waits at the broker instead of fifty, and one answer brings what came for several. A reader who is
 * busy is fetched ahead for; one who is too far behind is left out until he has taken what is held.
 */
export class FetchLane {
  /** By `topic/partition`: in one request a partition stands once. */
  readonly slots = new Map<string, Slot>();
  private readonly session = new FetchSession();
  private isPolling = false;
  private isAside = false;
  private ended = false;
  private wake: () => void = () => {};

  constructor(private readonly options: FetchLaneOptions) {
    void this.run();
  }

  /** A slot came, or its reader took what was held, or goes on elsewhere. */
  wanted(): void {
    this.wake();
    if (this.isPolling) void this.lookAside();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  private async run(): Promise<void> {
    const { nowMs, sleep } = this.options;
    try {
      while (!this.ended) {
        const open = [...this.slots.values()].filter(isOpen);
        if (open.length === 0) {
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
          continue;
        }
        const ask = this.session.next(open);
        const startedMs = nowMs();
        this.isPolling = true;
        const answer = await this.options.request({ ...ask, maxWaitMs: MOST_WAIT_MS }, false);
        this.isPolling = false;
        if (this.ended) return;
        if (isSessionLost(answer.errorCode)) this.session.begin();
        else {
          this.session.answered(answer);
          this.accept(answer, (name) => this.session.offsetOf(name));
        }
        const paceMs = Math.min(PACE_MS, PACE_MS - (nowMs() - startedMs));
        if (paceMs > 0) await sleep(paceMs);
      }
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Until the long request is back, which has them from then on. */
  private async lookAside(): Promise<void> {
    if (this.isAside || this.ended) return;
    this.isAside = true;
    try {
      for (let late = this.late(); late.length > 0; late = this.late()) {
        const asked = new Map(late.map(({ name, next }) => [name, next]));
        const partitions = late.map(asAsked);
        const answer = await this.options.request({ ...FetchSession.none, partitions, maxWaitMs: 0 }, true);
        if (this.ended) return;
        if (!this.accept(answer, (name) => asked.get(name))) await this.options.sleep(ASIDE_EVERY_MS);
      }
    } catch (error) {
      this.fail(error as Error);
    } finally {
      this.isAside = false;
    }
  }

  private late(): readonly Slot[] {
    if (!this.isPolling || this.ended) return [];
    return [...this.slots.values()].filter((slot) => isOpen(slot) && this.session.offsetOf(slot.name) !== slot.next);
  }

  /** Answers whether anything came. */
  private accept(answer: FetchAnswer, askedOf: (name: string) => number | undefined): boolean {
    const readers = new Set<object>();
    for (const fetched of answer.partitions) {
      const slot = this.slots.get(nameOf(fetched));
      // Told to go on elsewhere meanwhile, or the other request was faster.
      if (!slot || !isOpen(slot) || slot.next !== askedOf(slot.name)) continue;
      if (fetched.failure) slot.failure = fetched.failure;
      else if (fetched.nextOffset > slot.next) hold(slot, fetched);
      else continue;
      if (slot.held.length > 0 || slot.failure) readers.add(slot.reader);
    }
    if (readers.size > 0) this.options.onArrived(readers);
    return readers.size > 0;
  }

  private fail(error: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.options.onFailed(error);
  }
}

export const nameOf = ({ topic, partition }: PartitionName): string => `${topic}/${partition}`;

const isOpen = ({ failure, heldRecords, heldBytes, isGathered }: Slot): boolean =>
  !failure && heldRecords < (isGathered ? 1 : MOST_AHEAD_RECORDS) && heldBytes < MOST_AHEAD_BYTES;

/** A batch is fetched whole, also from its midst; of what was compacted away nothing is left, yet reading goes on. */
function hold(slot: Slot, fetched: FetchedPartition): void {
  const { messages } = fetched;
  const from = messages.findIndex(({ offset }) => Number(offset) >= slot.next);
  slot.next = fetched.nextOffset;
  if (from < 0) return;
  slot.held.push(from === 0 ? fetched : { ...fetched, messages: messages.slice(from) });
  slot.heldRecords += messages.length - from;
  slot.heldBytes += fetched.bytes;
}
