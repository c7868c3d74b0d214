import type { Connection, mongo } from 'mongoose';

/** From the primary, whatever the connection's address says of reading: a transaction is refused anything else. */
export const SNAPSHOT = { readConcern: { level: 'snapshot' }, readPreference: 'primary' } as const;

/**
 * Does the work in a snapshot transaction with a session of its own, once: whoever can repeat it decides whether to. The
 * batches' own transactions are in mongo-commit-lanes.ts.
 */
export async function inTransaction<T>(
  connection: Connection,
  options: Omit<mongo.TransactionOptions, 'readConcern' | 'readPreference'>,
  work: (session: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  const session = connection.getClient().startSession() as unknown as mongo.ClientSession;
  try {
    return await inTransactionOf(session, options, work);
  } finally {
    await session.endSession();
  }
}

/** The same with a session that lasts: of a process that is killed meanwhile, others can end what it left open. */
export async function inTransactionOf<T>(
  session: mongo.ClientSession,
  options: Omit<mongo.TransactionOptions, 'readConcern' | 'readPreference'>,
  work: (session: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  try {
    session.startTransaction({ ...options, ...SNAPSHOT });
    const result = await work(session);
    await session.commitTransaction();
    return result;
  } finally {
    if (session.inTransaction()) await session.abortTransaction().catch(() => {});
  }
}
