import type { OnProgress } from './progress.js';

/** Where a server keeps its things, and who hears about it. */
export interface ServerPlace {
  purpose: string;
  dataFolder: string;
  runningFolder: string;
  onProgress: OnProgress;
  signal?: AbortSignal;
}

interface KafkaBroker {
  readonly id: number;
  readonly address: string;
  /** Absent while the broker is stopped, and when it is not a process of ours. */
  readonly pid: number | undefined;
}

export interface KafkaServers {
  addresses: string[];
  brokers: KafkaBroker[];
  /** SIGTERM unless told otherwise; resolves when the broker is gone. */
  stopBroker(id: number, signal?: NodeJS.Signals): Promise<void>;
  /** Starts a stopped broker on its data and old port; resolves when it has joined again. */
  startBroker(id: number): Promise<void>;
  /** Stops all of it for good. */
  close(): Promise<void>;
}

export interface MongodbServer {
  uri: string;
  /** Absent while the server is stopped, and when it is not a process of ours. */
  readonly pid: number | undefined;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the stopped server on its data and old port. */
  start(): Promise<void>;
  /** Stops it for good. */
  close(): Promise<void>;
}
