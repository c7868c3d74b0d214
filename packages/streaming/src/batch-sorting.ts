import { headerOf, type ReceivedRecord } from './kafka-port.js';
import { partitionFor } from './partitioner.js';
import type { Batch, DeadLetter, Delivered, LedgerEntry, Parsed } from './stream.js';

export const TICK_TYPE = 'shelfline.tick';
export const isTick = (record: ReceivedRecord): boolean => headerOf(record, 'ce_type') === TICK_TYPE;

/** A record that stands in another partition than it should: stored and sent to where it belongs. */
export interface ForwardEntry extends LedgerEntry {
  readonly outcome: 'forwarded';
  /** Of the forwarded record: the value that decides its partition, so that it needs no second forwarding. */
  readonly key: string;
  readonly value: string | null;
  readonly headers: [string, string][];
}
export const isForward = (entry: LedgerEntry): entry is ForwardEntry => entry.outcome === 'forwarded';

/** A message that came again and whose answer is sent again: noted, so that a new owner sends what a crash kept back. */
export interface RepeatEntry extends LedgerEntry {
  readonly outcome: 'repeated';
  /** The entry that holds the answer. */
  readonly of: string;
}
export const isRepeat = (entry: LedgerEntry): entry is RepeatEntry => entry.outcome === 'repeated';
export interface Repeat {
  readonly entry: LedgerEntry;
  readonly note: RepeatEntry;
}

export interface SortedBatch<M> {
  readonly items: Batch<M>['items'];
  readonly deadLetters: readonly DeadLetter[];
  readonly forwards: readonly ForwardEntry[];
  /** Messages already in the ledger with the same content, or answered as if they were. */
  readonly repeats: readonly Repeat[];
  /** Repeats within the batch itself. */
  readonly repeatedInBatch: number;
}

/** Where a record stood. A topic made anew counts its offsets from 0 again, so its generation is part of the name. */
const positionOf = (topic: string, { partition, offset }: ReceivedRecord, generation: number): string =>
  `${topic}${generation > 1 ? `@${generation}` : ''}/${partition}/${offset}`;

export const deadLetterOf = (
  topic: string,
  record: ReceivedRecord,
  reason: string,
  detail: string,
  generation = 1,
): DeadLetter => ({
  _id: positionOf(topic, record, generation),
  topic,
  partition: record.partition,
  offset: record.offset,
  key: record.key,
  value: record.value,
  headers: record.headers,
  reason,
  detail,
  recordedAtMs: record.timestampMs,
});

const forwardOf = (topic: string, record: ReceivedRecord, key: string, generation: number): ForwardEntry => ({
  // Sources hold no control characters, so no message can have this id.
  _id: `\u0001forward/${positionOf(topic, record, generation)}`,
  contentHash: '',
  partition: record.partition,
  offset: record.offset,
  outcome: 'forwarded',
  key,
  value: record.value === null ? null : record.value.toString('base64'),
  headers: Object.entries(record.headers),
});

const noteOfRepeat = (
  topic: string,
  record: ReceivedRecord,
  { _id }: LedgerEntry,
  generation: number,
): RepeatEntry => ({
  _id: `\u0001repeat/${positionOf(topic, record, generation)}`,
  contentHash: '',
  partition: record.partition,
  offset: record.offset,
  outcome: 'repeated',
  of: _id,
});

export type ParsedRecord<M> = { readonly record: ReceivedRecord; readonly parsed: Parsed<M> };

class DeliveredMessage<M> implements Delivered<M> {
  readonly kind = 'message';
  readonly id: string;
  readonly message: M;
  constructor(
    readonly record: ReceivedRecord,
    private readonly parsed: { readonly id: string; readonly message: M; readonly contentHash: string },
  ) {
    this.id = parsed.id;
    this.message = parsed.message;
  }
  get contentHash(): string {
    return this.parsed.contentHash;
  }
}

export interface SortOptions<M> {
  readonly topic: string;
  readonly partitions: number;
  readonly generation: number;
  /** See `StreamDefinition`. */
  readonly answersConflict?: ((message: M) => boolean) | undefined;
}

/**
 * Sets aside what the handler need not see: unreadable records, repeats, conflicts (the same id with other content)
 * and records that stand in the wrong partition. `known` holds the ledger's entries of ids met before.
 */
export function sortBatch<M>(
  { topic, partitions, generation, answersConflict = () => false }: SortOptions<M>,
  batch: readonly ParsedRecord<M>[],
  known: ReadonlyMap<string, LedgerEntry>,
): SortedBatch<M> {
  const items: Batch<M>['items'][number][] = [];
  const deadLetters: DeadLetter[] = [];
  const forwards: ForwardEntry[] = [];
  const repeats: Repeat[] = [];
  /** Hashes are asked for only where ids meet. */
  const inBatch = new Map<string, { readonly contentHash: string }>();
  const placeOf = cached((by: string) => partitionFor(by, partitions));
  let repeatedInBatch = 0;
  const conflict = (record: ReceivedRecord, id: string) => {
    const detail = `another message with id ${id} and other content came before`;
    deadLetters.push({ ...deadLetterOf(topic, record, 'conflict', detail, generation), messageId: id });
  };
  for (const { record, parsed } of batch) {
    if (parsed.kind === 'tick') {
      items.push({ kind: 'tick', record });
      continue;
    }
    if (parsed.kind === 'invalid') {
      deadLetters.push(deadLetterOf(topic, record, parsed.reason, parsed.detail, generation));
      continue;
    }
    const { id } = parsed;
    const decidedBy = parsed.anyPartition ? null : (parsed.partitionBy ?? record.key);
    if (decidedBy !== null && placeOf(decidedBy) !== record.partition) {
      forwards.push(forwardOf(topic, record, decidedBy, generation));
      continue;
    }
    const stored = known.get(id);
    const earlier = inBatch.get(id);
    if (stored) {
      if (stored.contentHash === parsed.contentHash || answersConflict(parsed.message))
        repeats.push({ entry: stored, note: noteOfRepeat(topic, record, stored, generation) });
      else conflict(record, id);
    } else if (earlier !== undefined) {
      if (earlier.contentHash === parsed.contentHash || answersConflict(parsed.message)) repeatedInBatch++;
      else conflict(record, id);
    } else {
      inBatch.set(id, parsed);
      items.push(new DeliveredMessage(record, parsed));
    }
  }
  return { items, deadLetters, forwards, repeats, repeatedInBatch };
}

/** A batch has many records of few keys. */
export function cached<T>(answer: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = answer(key)));
    return found;
  };
}

export const idsOf = <M>(parsed: readonly ParsedRecord<M>[]): string[] =>
  parsed.flatMap(({ parsed: p }) => (p.kind === 'message' ? [p.id] : []));
