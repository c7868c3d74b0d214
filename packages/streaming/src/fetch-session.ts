import type { FetchAnswer, FetchAsk, PartitionName } from './fetch-messages.js';

interface Wanted extends PartitionName {
  readonly name: string;
  readonly next: number;
  readonly maxBytes: number;
}
interface Known extends PartitionName {
  readonly offset: number;
  readonly maxBytes: number;
}

/** Kafka's codes for: not known (any more), another request was awaited, other ids of topics. */
const LOST_CODES = new Set([70, 71, 106]);
export const isSessionLost = (errorCode: number): boolean => LOST_CODES.has(errorCode);

/** As it is now: a request may be encoded later, when the reader has gone on. */
export const asAsked = ({ topic, partition, next, maxBytes }: Omit<Wanted, 'name'>) => ({
  topic,
  partition,
  next,
  maxBytes,
});

/** Kafka begins anew at 1 after it. */
const LAST_EPOCH = 2 ** 31 - 1;

/**
 * An incremental fetch session (KIP-227): the broker remembers which partitions are read and from where, so a request
 * names only what has changed, and an answer only partitions that have something.
 */
export class FetchSession {
  static readonly none = { sessionId: 0, sessionEpoch: -1, forgotten: [] } as const;
  private id = 0;
  private epoch = 0;
  /** What the broker knows of this session once it has the last request. */
  private readonly known = new Map<string, Known>();

  begin(): void {
    this.id = 0;
    this.epoch = 0;
    this.known.clear();
  }

  /** Where the last request reads this partition from. */
  offsetOf(name: string): number | undefined {
    return this.known.get(name)?.offset;
  }

  next(wanted: readonly Wanted[]): Omit<FetchAsk, 'maxWaitMs'> {
    if (this.id === 0) this.known.clear();
    const changed = wanted.filter(({ name, next, maxBytes }) => {
      const known = this.known.get(name);
      return known?.offset !== next || known.maxBytes !== maxBytes;
    });
    const names = new Set(wanted.map(({ name }) => name));
    const forgotten = [...this.known].filter(([name]) => !names.has(name)).map(([, known]) => known);
    for (const { topic, partition } of forgotten) this.known.delete(`${topic}/${partition}`);
    for (const { name, topic, partition, next, maxBytes } of changed)
      this.known.set(name, { topic, partition, offset: next, maxBytes });
    return { sessionId: this.id, sessionEpoch: this.epoch, partitions: changed.map(asAsked), forgotten };
  }

  /** A broker without room for another session answers 0: each request then names everything. */
  answered({ sessionId }: FetchAnswer): void {
    this.id = sessionId;
    this.epoch = sessionId === 0 ? 0 : this.epoch === LAST_EPOCH ? 1 : this.epoch + 1;
  }
}
