import type { Connection } from 'mongoose';
import { databaseOf } from '../mongo-partition-store.js';
import { TransactionWrites } from '../transaction-writes.js';

/** Writes what a repository adds to a transaction, in one of its own. */
export async function written(connection: Connection, add: (transaction: TransactionWrites) => void): Promise<void> {
  await connection.transaction((session) => {
    const transaction = new TransactionWrites();
    add(transaction);
    return transaction.run(databaseOf(connection), session, false);
  });
}
