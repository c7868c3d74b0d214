import type { Connection } from 'mongoose';
import { OperatorError } from './errors.js';
import type { KafkaPort, PartitionOffsets } from './kafka-port.js';
import type { CheckpointDocument } from './mongo-documents.js';
import { databaseOf } from './mongo-partition-store.js';

export type Loss =
  /** Records [from, to) are gone and were never applied; what follows goes on as before. */
  | { readonly kind: 'gone'; readonly from: number; readonly to: number }
  /** The log is another one: it is read from its beginning, with a new generation of versions. */
  | { readonly kind: 'replaced'; readonly appliedTo: number; readonly from: number };

export interface LossAudit {
  readonly stream: string;
  readonly partition: number;
  readonly loss: Loss;
  readonly operator: string;
  readonly reason: string;
  readonly at: Date;
  readonly before: { readonly next: number; readonly generation: number };
  readonly after: { readonly next: number; readonly generation: number };
}

/** What a claim would refuse to go on from; undefined when there is nothing to accept. */
export function findLoss(
  { next, newestMs = -1 }: Pick<CheckpointDocument, 'next' | 'newestMs'>,
  { earliest, end }: PartitionOffsets,
  /** First offset appended after the newest applied record. */
  firstNewer: number,
): Loss | undefined {
  if (next < 0) return undefined;
  if (next > end || (newestMs >= 0 && firstNewer < next && firstNewer < end))
    return { kind: 'replaced', appliedTo: next, from: earliest };
  if (earliest > next) return { kind: 'gone', from: next, to: earliest };
  return undefined;
}

/** What the operator's decision makes of the checkpoint. */
export function acceptedCheckpoint(
  { published }: Pick<CheckpointDocument, 'published'>,
  loss: Loss,
  generation: number,
): { readonly next: number; readonly published: number; readonly generation: number; readonly newestMs?: number } {
  // What was committed before it and perhaps not published yet is not lost: the next owner publishes it.
  if (loss.kind === 'gone') return { next: loss.to, published, generation };
  // Outputs of the old log were published or are lost with it; nothing is left to compare times with.
  return { next: loss.from, published: loss.from, generation: generation + 1, newestMs: -1 };
}

export interface AcceptOptions {
  readonly connection: Connection;
  readonly kafka: KafkaPort;
  /** The stream's name in `checkpoints`. */
  readonly stream: string;
  /** With the deployment's prefix. */
  readonly topicName: string;
  readonly operator: string;
  readonly reason: string;
  readonly now: Date;
}

/**
 * Moves the checkpoints of the partitions that have lost records, and writes an audit document for each in the same
 * transaction. A raised epoch fences whoever still runs. Where the log is another one the generation is raised:
 * versions are generation × 2^40 + offset, so they still grow. Answers an empty list when nothing is lost.
 */
export async function acceptLoss(options: AcceptOptions): Promise<readonly LossAudit[]> {
  const { connection, kafka, stream, topicName } = options;
  const db = databaseOf(connection);
  const checkpoints = db.collection<CheckpointDocument>('checkpoints');
  const recorded = await db.collection<{ _id: string; generation: number }>('streams').findOne({ _id: stream });
  if (!recorded) throw new OperatorError(`This database knows no stream ${stream}: is --database the right one?`);
  const accepted: LossAudit[] = [];
  for (const bounds of await kafka.offsets(topicName)) {
    const checkpoint = await checkpoints.findOne({ _id: `${stream}/${bounds.partition}` });
    if (!checkpoint) continue;
    const { newestMs = -1 } = checkpoint;
    const newer = newestMs < 0 ? [] : await kafka.offsetsAfter(topicName, newestMs);
    const loss = findLoss(
      checkpoint,
      bounds,
      newer.find((o) => o.partition === bounds.partition)?.offset ?? bounds.end,
    );
    if (!loss) continue;
    const audit = auditOf(options, checkpoint, loss, bounds.partition, checkpoint.generation ?? recorded.generation);
    await store(connection, checkpoint, audit);
    accepted.push(audit);
  }
  return accepted;
}

function auditOf(
  { stream, operator, reason, now }: AcceptOptions,
  checkpoint: CheckpointDocument,
  loss: Loss,
  partition: number,
  generation: number,
): LossAudit {
  const after = acceptedCheckpoint(checkpoint, loss, generation);
  return {
    stream,
    partition,
    loss,
    operator,
    reason,
    at: now,
    before: { next: checkpoint.next, generation },
    after: { next: after.next, generation: after.generation },
  };
}

async function store(connection: Connection, checkpoint: CheckpointDocument, audit: LossAudit): Promise<void> {
  const db = databaseOf(connection);
  const after = acceptedCheckpoint(checkpoint, audit.loss, audit.before.generation);
  const session = await connection.startSession();
  try {
    await session.withTransaction(
      async () => {
        const moved = await db.collection<CheckpointDocument>('checkpoints').updateOne(
          { _id: checkpoint._id, epoch: checkpoint.epoch, next: checkpoint.next },
          {
            $inc: { epoch: 1 },
            // Of this log what the last commits noted holds on: nothing was committed in what is skipped.
            $set: { ...after, ...(audit.loss.kind === 'gone' ? {} : { unpublished: '[]' }) },
          },
          { session },
        );
        if (moved.matchedCount !== 1)
          throw new OperatorError(
            `${checkpoint._id} is being worked on just now: stop the service first, then try again`,
          );
        await db.collection('accepted_losses').insertOne({ ...audit }, { session });
      },
      { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } },
    );
  } finally {
    await session.endSession();
  }
}
