import type { Connection, mongo } from 'mongoose';
import { OperatorError } from './errors.js';
import type { KafkaPort } from './kafka-port.js';
import { DURABLE } from './mongo-commit-lanes.js';
import { type DeadLetterDocument, toDeadLetter } from './mongo-documents.js';
import { databaseOf } from './mongo-partition-store.js';
import type { DeadLetter } from './stream.js';

/** On a record that was sent again: the dead letter's id. Its reader treats it as any other record. */
export const REPLAYED_HEADER = 'sl-replayed-from';
/** A replay that never came to its end (the process was killed) may be taken up again after this long. */
const REPLAY_LEASE_MS = 60_000;

export interface DeadLetterFilter {
  readonly stream?: string;
  readonly reason?: string;
  /** Only those never sent again. */
  readonly open?: boolean;
}
export interface StoredDeadLetter extends DeadLetter {
  readonly stream: string;
  readonly replayedAt?: Date;
}
export type ReplayResult =
  | { readonly kind: 'replayed'; readonly offset: number }
  /** Sent before, or being sent by somebody else just now. */
  | { readonly kind: 'already'; readonly since: Date }
  | { readonly kind: 'unknown' };

const collectionOf = (connection: Connection): mongo.Collection<DeadLetterDocument> =>
  databaseOf(connection).collection<DeadLetterDocument>('dead_letters');

const toStored = (document: DeadLetterDocument): StoredDeadLetter => ({
  ...toDeadLetter(document),
  stream: document.stream,
  ...(document.replayedAt ? { replayedAt: document.replayedAt } : {}),
});

/** MongoDB answers for a database that is not there as for an empty one, and a misspelt name would read as good news. */
export async function refuseUnknownDatabase(connection: Connection): Promise<void> {
  const [any] = await databaseOf(connection).listCollections({}, { nameOnly: true }).toArray();
  if (any) return;
  throw new OperatorError(
    `There is no database ${connection.name} on this server. --database is MONGODB_DATABASE of the service; see that ` +
      'MONGODB_URI is its server.',
  );
}

/** A page in the order of ids; `after` is the last id of the page before. */
export async function listDeadLetters(
  connection: Connection,
  { stream, reason, open }: DeadLetterFilter,
  { limit, after }: { limit: number; after?: string },
): Promise<StoredDeadLetter[]> {
  const found = await collectionOf(connection)
    .find({
      ...(stream === undefined ? {} : { stream }),
      ...(reason === undefined ? {} : { reason }),
      ...(open ? { replayedAt: { $exists: false } } : {}),
      ...(after === undefined ? {} : { _id: { $gt: after } }),
    })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  return found.map(toStored);
}

export async function findDeadLetter(connection: Connection, id: string): Promise<StoredDeadLetter | undefined> {
  const found = await collectionOf(connection).findOne({ _id: id });
  return found ? toStored(found) : undefined;
}

/**
 * Sends the original key, value and headers to the original topic and partition once more, and marks the letter, so
 * that it is sent once. Killed in between, it may be sent a second time a minute later: the ledger knows a record by
 * its id and content, so that is a repeat, not a second effect. A record that is still bad becomes a new dead letter.
 */
export async function replayDeadLetter(
  connection: Connection,
  kafka: KafkaPort,
  id: string,
  { prefix, now }: { prefix: string; now: Date },
): Promise<ReplayResult> {
  const letters = collectionOf(connection);
  const leaseEnds = new Date(now.getTime() - REPLAY_LEASE_MS);
  const taken = await letters.findOneAndUpdate(
    {
      _id: id,
      replayedAt: { $exists: false },
      $or: [{ replayingSince: { $exists: false } }, { replayingSince: { $lt: leaseEnds } }],
    },
    { $set: { replayingSince: now } },
    { returnDocument: 'after', writeConcern: DURABLE },
  );
  if (!taken) {
    const found = await letters.findOne({ _id: id });
    return found ? { kind: 'already', since: found.replayedAt ?? found.replayingSince ?? now } : { kind: 'unknown' };
  }
  const { topic, partition, key, value, headers } = toDeadLetter(taken);
  try {
    const offset = await kafka.send(`${prefix}${topic}`, partition, [
      { key: key ?? '', value, headers: { ...headers, [REPLAYED_HEADER]: id } },
    ]);
    await letters.updateOne(
      { _id: id },
      { $set: { replayedAt: now, replayedTo: offset }, $unset: { replayingSince: '' } },
      { writeConcern: DURABLE },
    );
    return { kind: 'replayed', offset };
  } catch (error) {
    await letters.updateOne(
      { _id: id, replayingSince: now },
      { $unset: { replayingSince: '' } },
      { writeConcern: DURABLE },
    );
    throw error;
  }
}
