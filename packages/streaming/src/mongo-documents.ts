import type { mongo } from 'mongoose';
import type { CommitTime, DeadLetter } from './stream.js';

export interface CheckpointDocument {
  _id: string;
  epoch: number;
  next: number;
  published: number;
  newestMs?: number;
  /** Absent = the stream's. */
  generation?: number;
  /** Sessions of the owner's transactions: whoever claims next ends what they left open. */
  ownerSessions?: mongo.Binary[];
  /**
   * JSON of `Noted[]`: which documents hold entries that may be unpublished. An index over all entries would cost every
   * insert for what only a new owner asks.
   */
  unpublished?: string;
  /** As the version before noted it: of the last commit, the ids of its entries, each a document, and its `next`. */
  lastEntries?: string;
  lastEntriesNext?: number;
  updatedAt?: Date;
}
/** `next` of a commit, the ids of the documents that hold its entries, and its `newestMs`; a former version noted none. */
export type Noted = readonly [next: number, documentIds: readonly string[], newestMs?: number];

/** Both versions' notes: either may have made the last commit, and what the other left standing is published by then. */
export function notedIn(
  checkpoint: Pick<CheckpointDocument, 'published' | 'unpublished' | 'lastEntries' | 'lastEntriesNext'>,
): readonly Noted[] {
  const { published, unpublished, lastEntries, lastEntriesNext } = checkpoint;
  const noted = unpublished === undefined ? [] : (JSON.parse(unpublished) as Noted[]);
  if (lastEntries !== undefined && lastEntriesNext !== undefined && noted.every(([end]) => end !== lastEntriesNext))
    noted.push([lastEntriesNext, JSON.parse(lastEntries) as string[]]);
  return noted.filter(([end]) => end > published);
}

export const timesOf = (noted: readonly Noted[]): CommitTime[] =>
  noted.flatMap(([next, , newestMs]) => (newestMs === undefined ? [] : [{ next, newestMs }]));

/** States that are committed and not in their own collections yet; of all streams of a service. */
export const IMAGES_COLLECTION = 'unflushed_images';
export interface ImagesDocument {
  _id: string;
  stream: string;
  partition: number;
  /** See `StoredImages`. */
  images: string;
}
export interface StreamDocument {
  _id: string;
  partitions: number;
  generation: number;
}
export interface DeadLetterDocument extends Omit<DeadLetter, 'value' | 'recordedAtMs' | 'headers'> {
  stream: string;
  value: mongo.Binary | Buffer | null;
  headers: [string, string][];
  recordedAt: Date;
  /** Somebody is sending it again. */
  replayingSince?: Date;
  replayedAt?: Date;
  replayedTo?: number;
}

export function toDeadLetter(document: DeadLetterDocument): DeadLetter {
  const { _id, topic, partition, offset, key, value, headers, reason, detail, recordedAt } = document;
  const bytes = value === null ? null : Buffer.isBuffer(value) ? value : Buffer.from(value.value());
  return {
    _id,
    topic,
    partition,
    offset,
    key,
    value: bytes,
    headers: Object.fromEntries(headers),
    reason,
    detail,
    recordedAtMs: recordedAt.getTime(),
  };
}
