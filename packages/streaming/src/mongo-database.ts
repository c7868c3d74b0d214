import './mongo-connections.js';

import mongoose, { type Connection } from 'mongoose';

export interface DatabaseSettings {
  readonly uri: string;
  readonly database: string;
  /** Seen in the server's own lists of connections. */
  readonly appName: string;
  /**
   * A command that hears nothing for so long fails, and what it was of begins again; the driver tries some of them twice.
   * Without it a server that froze, or a network that went away without a word, holds a partition until TCP gives up: a
   * quarter of an hour. Longer than a transaction may live, so that nothing is given up that could still succeed.
   */
  readonly silentForMs?: number;
}

/** Of a service's configuration, what says which database is its own. */
export interface DatabaseConfig {
  readonly MONGODB_URI: { reveal(): string };
  readonly MONGODB_DATABASE: string;
  readonly INSTANCE_ID: string;
}
export const openDatabaseOf = (config: DatabaseConfig): Promise<Connection> =>
  openDatabase({
    uri: config.MONGODB_URI.reveal(),
    database: config.MONGODB_DATABASE,
    appName: config.INSTANCE_ID,
  });

/** Opens the database of a service. Whoever waits for a server, a batch or a request, is refused after five seconds. */
export const openDatabase = ({ uri, database, appName, silentForMs = 75_000 }: DatabaseSettings): Promise<Connection> =>
  mongoose
    .createConnection(uri, {
      dbName: database,
      appName,
      autoIndex: false,
      autoCreate: false,
      serverSelectionTimeoutMS: 5000,
      socketTimeoutMS: silentForMs,
    })
    .asPromise();
