/** Another instance raised the partition's epoch: this one's view is stale. */
export class FencedError extends Error {
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly epoch: number,
  ) {
    super(`${topic}/${partition}: epoch ${epoch} is no longer the owner's`);
  }
}

/** Records are missing that were never applied: the stream stops, since going on would step over them. */
export class DataLossError extends Error {
  constructor(detail: string) {
    super(
      `${detail}. Nothing is skipped by itself. Restore the records, or accept the loss on purpose with ` +
        '"node packages/streaming/dist/accept-loss.js" (it is written to the audit log).',
    );
  }
}

const PASSING_NAMES = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'PoolClearedError',
]);
/** NotWritablePrimary, PrimarySteppedDown, ShutdownInProgress, InterruptedAtShutdown, …: server codes of retryable errors. */
const PASSING_CODES = new Set([
  6, 7, 89, 91, 112, 134, 189, 202, 251, 262, 9001, 10107, 11600, 11602, 13435, 13436, 24,
]);

/**
 * A failure that time mends: the batch is begun again. Everything else is a defect or a decision for people, and
 * stops the process.
 */
export function isPassing(error: unknown): boolean {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  if (typeof name === 'string' && (PASSING_NAMES.has(name) || name.startsWith('KafkaJS'))) return true;
  if (typeof code === 'number' && PASSING_CODES.has(code)) return true;
  if (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(code)) return true;
  const hasErrorLabel = (error as { hasErrorLabel?: (label: string) => boolean }).hasErrorLabel;
  if (typeof hasErrorLabel === 'function')
    for (const label of ['TransientTransactionError', 'UnknownTransactionCommitResult', 'RetryableWriteError'])
      if (hasErrorLabel.call(error, label)) return true;
  return typeof message === 'string' && message.startsWith('Kafka did not confirm');
}
