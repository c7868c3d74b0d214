import type { mongo } from 'mongoose';
import { isNamed } from './effects-line.js';
import { afterName, bytesOf } from './raw-movements.js';

const ARRAY = 0x04;
const INT64 = 0x12;

export interface BatchesAsked {
  readonly collection: string;
  readonly filter: mongo.Document;
  readonly batchSize: number;
}

/**
 * What is found, in batches: each the BSON array that the server sent. The driver's cursors make an object of every
 * document before they give its bytes away, which costs more than adding it up; commands give replies as they are.
 * While a batch is being read, the server makes the next one.
 */
export async function* rawBatches(
  db: mongo.Db,
  { collection, filter, batchSize }: BatchesAsked,
): AsyncGenerator<Uint8Array> {
  // A cursor belongs to the session that opened it.
  const session = db.client.startSession();
  const ask = (command: mongo.Document): Promise<Uint8Array> =>
    db.command(command, { raw: true, session }).then(({ cursor }) => cursor as Uint8Array);
  let asked = ask({ find: collection, filter, batchSize });
  let open: bigint | undefined;
  try {
    while (open !== 0n) {
      const { id, batch } = replyIn(await asked);
      open = id;
      if (id !== 0n) {
        asked = ask({ getMore: id, collection, batchSize });
        // Whoever goes away in between does not wait for it.
        asked.catch(() => {});
      }
      yield batch;
    }
  } finally {
    if (open !== 0n && open !== undefined) {
      await asked.catch(() => {});
      await db.command({ killCursors: collection, cursors: [open] }, { session }).catch(() => {});
    }
    await session.endSession();
  }
}

/** Of `{ firstBatch or nextBatch, id, ns }`. */
function replyIn(cursor: Uint8Array): { id: bigint; batch: Uint8Array } {
  // The driver's own buffer is larger than what it holds of it.
  const bytes = Buffer.from(cursor.buffer, cursor.byteOffset, cursor.byteLength);
  let id: bigint | undefined;
  let batch: Uint8Array | undefined;
  for (let at = 4; bytes[at] !== 0; ) {
    const type = bytes[at]!;
    const valueAt = afterName(bytes, at + 1);
    const end = valueAt + bytesOf(bytes, type, valueAt);
    if (type === INT64 && isNamed(bytes, at + 1, valueAt - 1, 'id')) id = bytes.readBigInt64LE(valueAt);
    else if (type === ARRAY) batch = bytes.subarray(valueAt, end);
    at = end;
  }
  if (id === undefined || batch === undefined)
    throw new Error('the server answered a find without a batch or a cursor');
  return { id, batch };
}
