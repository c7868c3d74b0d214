export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** What kafkajs knows as a message, as far as reading goes on by it. */
export interface FetchedOffset {
  readonly offset: string;
}

/** One Fetch request (Kafka protocol, version 11) as far as it differs from one to the next. */
export interface FetchAsk {
  /** KIP-227. 0 = a new one; with epoch -1 none at all. */
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly maxWaitMs: number;
  /** In a session: those that are new to it, or go on elsewhere. */
  readonly partitions: readonly (PartitionName & { readonly next: number; readonly maxBytes: number })[];
  readonly forgotten: readonly PartitionName[];
}

export interface FetchedPartition extends PartitionName {
  /** Of this partition alone: the broker cannot serve it, or what it holds cannot be read. */
  readonly failure?: Error | undefined;
  /** Of its records. */
  readonly bytes: number;
  /** As text, like kafkajs. */
  readonly highWatermark: string;
  readonly messages: readonly FetchedOffset[];
  /** Behind the last whole batch; -1 = there was none. */
  readonly nextOffset: number;
  readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[];
}

export interface FetchAnswer {
  readonly errorCode: number;
  readonly sessionId: number;
  readonly partitions: readonly FetchedPartition[];
}
