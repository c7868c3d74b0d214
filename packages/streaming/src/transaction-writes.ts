import { type ClientSession, mongo } from 'mongoose';
import { PassingError } from './errors.js';

/**
 * Up to so many documents a plain command costs less of both sides than the driver's bulk write, which hands more of
 * them over in a form that the server reads faster.
 */
const FEW = 64;
/** Of all together; a command has 16 MB at the most, and the bulk write divides what is more. */
const FEW_BYTES = 64 * 1024;
/** One command for all costs the server more for each document: up to so many it is less than the trips it spares. */
const FEW_JOINTLY = 16;
const WRITE_CONFLICT = 112;
/** CommandNotFound, CommandNotSupported, an unknown field: so a server says what it does not take. */
const NOT_TAKEN = new Set<unknown>([59, 115, 40415]);

export interface Update {
  readonly filter: mongo.Document;
  readonly update: mongo.Document;
}
type Step = { readonly collection: string } & (
  | { readonly kind: 'insert'; readonly documents: readonly mongo.Document[] }
  /** `isUpsert`: what is not there is made; else each must be there. */
  | { readonly kind: 'update'; readonly updates: readonly Update[]; readonly isUpsert: boolean }
);

/** Of the documents that a transaction was to change, some are not as they were expected. */
export class MissingDocumentError extends Error {
  override readonly name = 'MissingDocumentError';
  constructor(
    readonly collection: string,
    found: number,
    wanted: number,
  ) {
    super(`${collection} has ${found} of ${wanted} documents to change`);
  }
}

/**
 * MongoDB 8 refuses `bulkWrite` while its feature compatibility version is 7.0, as it is during an upgrade, and a former
 * version may become the primary. Nothing was written: the same goes again as plain commands.
 */
export class JointWritesRefusedError extends PassingError {
  override readonly name = 'JointWritesRefusedError';
}

/**
 * What one transaction writes, gathered first: where it is little, all of it goes to the server as one command, since a
 * trip there and back costs more than a few documents. In the order in which it was named; a refused write spoils the
 * transaction.
 */
export class TransactionWrites {
  private readonly steps: Step[] = [];
  private readonly last: ((session: ClientSession) => Promise<unknown>)[] = [];

  insert<D extends mongo.Document>(collection: mongo.Collection<D>, documents: readonly D[]): void {
    if (documents.length > 0) this.steps.push({ kind: 'insert', collection: collection.collectionName, documents });
  }

  /** Each filter must find its document. */
  update<D extends mongo.Document>(collection: mongo.Collection<D>, updates: readonly Update[]): void {
    if (updates.length > 0)
      this.steps.push({ kind: 'update', collection: collection.collectionName, updates, isUpsert: false });
  }

  /** Whole documents, each in place of the one with its `_id`, which must be there. */
  replace<D extends mongo.Document>(
    collection: mongo.Collection<D>,
    documents: readonly (D & { readonly _id: string })[],
  ): void {
    this.update(collection, documents.map(byId));
  }

  /** Whole documents; what is not there is made. */
  put<D extends mongo.Document>(
    collection: mongo.Collection<D>,
    documents: readonly (D & { readonly _id: string })[],
    filterOf: (document: D & { readonly _id: string }) => mongo.Document = ({ _id }) => ({ _id }),
  ): void {
    const updates = documents.map((update) => ({ filter: filterOf(update), update }));
    if (updates.length > 0)
      this.steps.push({ kind: 'update', collection: collection.collectionName, updates, isUpsert: true });
  }

  /** For what is no write of a document that is known: within the same transaction, after all of them. */
  afterwards(work: (session: ClientSession) => Promise<unknown>): void {
    this.last.push(work);
  }

  /** `isJoint`: the server takes writes to several collections in one command (MongoDB 8). */
  async run(db: mongo.Db, session: ClientSession, isJoint: boolean): Promise<void> {
    if (isJoint && this.steps.length > 1 && isLittle(this.steps, db, FEW_JOINTLY))
      await writeJointly(db, this.steps, session);
    else for (const step of this.steps) await writeStep(db, step, session);
    for (const work of this.last) await work(session);
  }
}

const byId = <D extends { readonly _id: string }>(update: D): Update => ({ filter: { _id: update._id }, update });
const sizeOf = (step: Step): number => (step.kind === 'insert' ? step.documents.length : step.updates.length);
const documentsOf = (step: Step): readonly mongo.Document[] =>
  step.kind === 'insert' ? step.documents : step.updates.map(({ update }) => update);

/** Sizing all of what is plainly much would cost more than it saves. */
function isLittle(steps: readonly Step[], { bsonOptions: { ignoreUndefined } }: mongo.Db, most = FEW): boolean {
  if (steps.reduce((sum, step) => sum + sizeOf(step), 0) > most) return false;
  let bytes = 0;
  for (const step of steps)
    for (const document of documentsOf(step)) {
      bytes += mongo.BSON.calculateObjectSize(document, { ignoreUndefined });
      if (bytes > FEW_BYTES) return false;
    }
  return true;
}

/** A plain command inherits nothing of its database. */
const optionsOf = ({ bsonOptions: { ignoreUndefined } }: mongo.Db, session: ClientSession) => ({
  session,
  ignoreUndefined,
});

interface JointReply {
  readonly cursor: { readonly firstBatch: readonly OperationReply[] };
}
interface OperationReply {
  readonly ok: number;
  readonly n?: number;
  readonly code?: number;
  readonly errmsg?: string;
}

/**
 * The command `bulkWrite` of MongoDB 8. An operation that is refused is told as its own answer, after those of the ones
 * before it.
 */
async function writeJointly(db: mongo.Db, steps: readonly Step[], session: ClientSession): Promise<void> {
  // The server wants every collection named once.
  const collections = [...new Set(steps.map(({ collection }) => collection))];
  const nsInfo = collections.map((collection) => ({ ns: `${db.databaseName}.${collection}` }));
  const ops = steps.flatMap((step) => operationsOf(step, collections.indexOf(step.collection)));
  const command = { bulkWrite: 1, ops, nsInfo, ordered: true };
  const reply = await db
    .admin()
    .command(command, optionsOf(db, session))
    .then(
      (told) => told as unknown as JointReply,
      (error: Error & { readonly code?: unknown }) => {
        const { code, message } = error;
        throw NOT_TAKEN.has(code) ? new JointWritesRefusedError(message, { cause: error }) : error;
      },
    );
  let at = 0;
  for (const step of steps) {
    const told = reply.cursor.firstBatch.slice(at, at + sizeOf(step));
    at += sizeOf(step);
    checkStep(step, told);
  }
}

const operationsOf = (step: Step, collection: number): mongo.Document[] =>
  step.kind === 'insert'
    ? step.documents.map((document) => ({ insert: collection, document }))
    : step.updates.map(({ filter, update: updateMods }) => ({
        update: collection,
        filter,
        updateMods,
        multi: false,
        ...(step.isUpsert ? { upsert: true } : {}),
      }));

function checkStep(step: Step, told: readonly OperationReply[]): void {
  const refused = told.find(({ ok }) => ok !== 1);
  const done = told.reduce((sum, { ok, n = 0 }) => sum + (ok === 1 ? n : 0), 0);
  const isShort = refused ? done < told.indexOf(refused) : done < sizeOf(step);
  // What was not found before the refused one says more: who is fenced finds his entries there already.
  if (isShort && step.kind === 'update' && !step.isUpsert) throw missing(step, done);
  if (refused) throw refusedWrite(refused);
  if (isShort && step.kind === 'insert') throw tookFewer(step, done);
}

const missing = (step: Step, found: number): Error => new MissingDocumentError(step.collection, found, sizeOf(step));
const tookFewer = (step: Step, taken: number): Error =>
  new Error(`${step.collection} took ${taken} of ${sizeOf(step)} documents without an error`);

/** One that two transactions wanted to change at once is begun again, as the server says where it aborts by itself. */
function refusedWrite({ code, errmsg }: OperationReply): Error {
  const labels = code === WRITE_CONFLICT ? { errorLabels: ['TransientTransactionError'] } : {};
  return new mongo.MongoServerError({ message: errmsg ?? 'a write was refused', code, ...labels });
}

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

async function writeStep(db: mongo.Db, step: Step, session: ClientSession): Promise<void> {
  const written = isLittle([step], db) ? await writeFew(db, step, session) : await writeMany(db, step, session);
  if (written === sizeOf(step)) return;
  throw step.kind === 'insert' ? tookFewer(step, written) : missing(step, written);
}

async function writeFew(db: mongo.Db, step: Step, session: ClientSession): Promise<number> {
  const { collection } = step;
  const command =
    step.kind === 'insert'
      ? { insert: collection, documents: step.documents, ordered: true }
      : {
          update: collection,
          updates: step.updates.map(({ filter, update }) => ({
            q: filter,
            u: update,
            ...(step.isUpsert ? { upsert: true } : {}),
          })),
          ordered: true,
        };
  return accepted(await db.command(command, optionsOf(db, session))).n;
}

async function writeMany(db: mongo.Db, step: Step, session: ClientSession): Promise<number> {
  const collection = db.collection(step.collection);
  if (step.kind === 'insert')
    return (await collection.insertMany(step.documents as never[], { session, ordered: true })).insertedCount;
  const { matchedCount, upsertedCount } = await collection.bulkWrite(
    step.updates.map(({ filter, update }) => writeOf(filter, update, step.isUpsert)) as never,
    { session, ordered: false },
  );
  return matchedCount + upsertedCount;
}

const isReplacement = (update: mongo.Document): boolean => !Object.keys(update)[0]?.startsWith('$');
const writeOf = (filter: mongo.Document, update: mongo.Document, upsert: boolean): object =>
  isReplacement(update)
    ? { replaceOne: { filter, replacement: update, upsert } }
    : { updateOne: { filter, update, upsert } };
