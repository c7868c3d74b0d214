import { type ClientSession, mongo } from 'mongoose';

/**
 * Up to so many documents a plain command costs less of both sides than the driver's bulk write, which hands more of
 * them over in a form that the server reads faster.
 */
const FEW = 64;
/** Of all together; a command has 16 MB at the most, and the bulk write divides what is more. */
const FEW_BYTES = 64 * 1024;

interface Reply {
  readonly n: number;
  readonly writeErrors?: readonly { readonly code: number; readonly errmsg: string }[];
}

/** A refused write within a transaction spoils it. */
function accepted(reply: mongo.Document): Reply {
  const { n, writeErrors } = reply as unknown as Reply;
  const first = writeErrors?.[0];
  if (first) throw new mongo.MongoServerError({ message: first.errmsg, code: first.code, writeErrors });
  return { n };
}

/** Sizing all of what is plainly much would cost more than it saves. */
function isMuch(documents: readonly mongo.Document[], ignoreUndefined: boolean | undefined): boolean {
  if (documents.length > FEW) return true;
  let bytes = 0;
  for (const document of documents) {
    bytes += mongo.BSON.calculateObjectSize(document, { ignoreUndefined });
    if (bytes > FEW_BYTES) return true;
  }
  return false;
}

/** Inserts all, in order, within the session's transaction; throws when the server says that it took fewer. */
export async function insertAll<D extends mongo.Document>(
  db: mongo.Db,
  collection: mongo.Collection<D>,
  documents: readonly D[],
  session: ClientSession,
): Promise<void> {
  if (documents.length === 0) return;
  // A plain command inherits nothing of its collection.
  const { ignoreUndefined } = collection.bsonOptions;
  const inserted = isMuch(documents, ignoreUndefined)
    ? (await collection.insertMany(documents as mongo.OptionalUnlessRequiredId<D>[], { session, ordered: true }))
        .insertedCount
    : accepted(
        await db.command({ insert: collection.collectionName, documents, ordered: true }, { session, ignoreUndefined }),
      ).n;
  if (inserted !== documents.length)
    throw new Error(`${collection.collectionName} took ${inserted} of ${documents.length} documents without an error`);
}

/** Answers how many documents the filters found. */
export async function updateEach(
  db: mongo.Db,
  collection: string,
  updates: readonly { readonly filter: mongo.Document; readonly update: mongo.Document }[],
  session: ClientSession,
): Promise<number> {
  const statements = updates.map(({ filter, update }) => ({ q: filter, u: update }));
  const { ignoreUndefined } = db.bsonOptions;
  return accepted(
    await db.command({ update: collection, updates: statements, ordered: true }, { session, ignoreUndefined }),
  ).n;
}

/** Replaces each by its `_id`; throws when one is not there. */
export async function replaceAll<D extends mongo.Document>(
  db: mongo.Db,
  collection: mongo.Collection<D>,
  documents: readonly (D & { readonly _id: string })[],
  session: ClientSession,
): Promise<void> {
  if (documents.length === 0) return;
  const { ignoreUndefined } = collection.bsonOptions;
  const pairs = documents.map((document) => ({ filter: { _id: document._id }, replacement: document }));
  const replaced = isMuch(documents, ignoreUndefined)
    ? (
        await collection.bulkWrite(
          pairs.map((replaceOne) => ({ replaceOne })) as unknown as mongo.AnyBulkWriteOperation<D>[],
          { session, ordered: false },
        )
      ).matchedCount
    : await updateEach(
        db,
        collection.collectionName,
        pairs.map(({ filter, replacement }) => ({ filter, update: replacement })),
        session,
      );
  if (replaced !== documents.length)
    throw new Error(`${collection.collectionName} has ${replaced} of ${documents.length} documents to replace`);
}
