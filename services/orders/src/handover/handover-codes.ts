import { createHmac, randomBytes } from 'node:crypto';
import type { Connection, mongo } from 'mongoose';

const KEY_BYTES = 32;
const DIGITS = 6;

interface KeyDocument {
  readonly _id: string;
  readonly key: string;
}

/**
 * The key all codes are derived from: made once, by whichever instance comes first, and the same for all of them and
 * after every restart. With it in the database there is nothing to configure, and nothing to lose but with the orders.
 */
export async function loadHandoverKey(connection: Connection): Promise<string> {
  const keys = connection.collection<KeyDocument>('order_keys') as unknown as mongo.Collection<KeyDocument>;
  const made = randomBytes(KEY_BYTES).toString('base64');
  const options = { upsert: true, writeConcern: { w: 'majority' as const } };
  await keys
    .updateOne({ _id: 'handover' }, { $setOnInsert: { key: made } }, options)
    .catch((error: mongo.MongoError) => {
      // Two instances that both find none: one of them inserts, the other has only to read.
      if (error.code !== DUPLICATE_KEY) throw error;
    });
  const kept = await keys.findOne({ _id: 'handover' }, { readConcern: { level: 'majority' } });
  if (!kept) throw new Error('the key of handover codes was not kept by the database');
  return kept.key;
}
const DUPLICATE_KEY = 11_000;

/** Six digits, which a customer can say at the counter. Without the key nobody can work them out. */
export function handoverCodes(key: string): (taskId: string, round: number) => string {
  const secret = Buffer.from(key, 'base64');
  return (taskId, round) => {
    const digest = createHmac('sha256', secret).update(`handover/${taskId}/${round}`).digest();
    return String(digest.readUInt32BE(0) % 10 ** DIGITS).padStart(DIGITS, '0');
  };
}
