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
        '"node packages/streaming/dist/accept-loss-cli.js --help" (it writes who did it, and why, to the database).',
    );
  }
}

/** The coordinator no longer counts this consumer as the partition's reader: its work is not current any more. */
export class MembershipLostError extends Error {
  constructor(cause: Error) {
    super(`no longer a member of the group: ${cause.message}`, { cause });
  }
}

/** Time mends it: what was begun is begun again. */
export class PassingError extends Error {}

/** Kafka would refuse the record however often it were sent. */
export class RecordTooLargeError extends Error {
  constructor(topic: string, key: string, bytes: number, limit: number) {
    super(
      `A record for ${topic} with key ${JSON.stringify(key.slice(0, 80))} has ${bytes} bytes; Kafka takes ${limit}. ` +
        'Send it in smaller parts.',
    );
  }
}

const PASSING_NAMES = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoExpiredSessionError',
  'MongooseServerSelectionError',
  'PoolClearedError',
]);
/**
 * HostUnreachable, HostNotFound, LockTimeout, MaxTimeMSExpired, WriteConcernTimeout, NetworkTimeout, ShutdownInProgress,
 * WriteConflict, ReadConcernMajorityNotAvailableYet, PrimarySteppedDown, NetworkInterfaceExceededTimeLimit,
 * NoSuchTransaction, ExceededTimeLimit, TransactionExceededLifetimeLimit, SocketException, NotWritablePrimary,
 * InterruptedAtShutdown, Interrupted (a session killed), InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk,
 * NotPrimaryOrSecondary, OutOfDiskSpace, IngressRequestRateLimitExceeded (MongoDB 8.1 and later, when it has too much
 * to do).
 */
const PASSING_CODES = new Set([
  6, 7, 24, 50, 64, 89, 91, 112, 134, 189, 202, 251, 262, 290, 462, 9001, 10107, 11600, 11601, 11602, 13435, 13436,
  14031,
]);
/** `SystemOverloadedError`: the server refused before it began anything, since it has too much to do. */
const PASSING_LABELS = [
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
  'RetryableWriteError',
  'SystemOverloadedError',
];
/**
 * SecantusDB ended a transaction that was too slow (MongoDB says NoSuchTransaction, 251), or its disk is full (MongoDB
 * says OutOfDiskSpace, 14031), after which its storage engine may need the server to be started again.
 */
const PASSING_AT_SECANTUS = /transaction already closed|ENOSPC|no space left on device|WT_PANIC/i;
const TOO_LARGE_NAMES = new Set(['TransactionTooLarge', 'TransactionTooLargeForCache', 'BSONObjectTooLarge']);
/** The same: an error of one write among several carries no name. */
const TOO_LARGE_CODES = new Set([257, 388, 10334]);

/** The transaction is more than the server takes at once: smaller batches will do. */
export const isTransactionTooLarge = (error: unknown): boolean => {
  const { code, codeName } = error as { code?: unknown; codeName?: unknown };
  return (
    (typeof codeName === 'string' && TOO_LARGE_NAMES.has(codeName)) ||
    (typeof code === 'number' && TOO_LARGE_CODES.has(code))
  );
};

/**
 * A failure that time mends: the batch is begun again. Everything else is a defect or a decision for people, and
 * stops the process.
 */
export function isPassing(error: unknown): boolean {
  const { name, code, message, errorResponse } = error as Partial<
    Record<'name' | 'code' | 'message' | 'errorResponse', unknown>
  >;
  if (isTransactionTooLarge(error)) return false;
  if (error instanceof PassingError) return true;
  // The bulk interface packs failures of the network and of the pool into a class of its own.
  if (name === 'MongoBulkWriteError' && errorResponse instanceof Error) return isPassing(errorResponse);
  if (typeof name === 'string' && (PASSING_NAMES.has(name) || name.startsWith('KafkaJS'))) return true;
  if (typeof code === 'number' && PASSING_CODES.has(code)) return true;
  if (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(code)) return true;
  const hasErrorLabel = (error as { hasErrorLabel?: (label: string) => boolean }).hasErrorLabel;
  if (typeof hasErrorLabel === 'function')
    for (const label of PASSING_LABELS) if (hasErrorLabel.call(error, label)) return true;
  // mongoose holds operations back while it is disconnected, and gives up with an error of its own.
  if (name === 'MongooseError' && typeof message === 'string' && message.includes('buffering timed out')) return true;
  return (
    typeof message === 'string' && (message.startsWith('Kafka did not confirm') || PASSING_AT_SECANTUS.test(message))
  );
}

/** What an operator did wrong or has to know: command lines show it without a stack. */
export class OperatorError extends Error {}

/** A handler wrote a document that exists already: deciding anew would meet it again, for ever. */
export const takenByNobody = (partition: string, detail = 'no detail'): Error =>
  new Error(
    `${partition}: a unique key is taken, but by none of the batch's entries: ${detail}. A handler wrote a document that ` +
      'exists already.',
  );
