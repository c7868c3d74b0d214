import type { Clock } from '@shelfline/streaming/clock';
import type { DeltaSender } from './delta-sender.js';
import { acceptDeltas } from './domain/accept-deltas.js';
import { type Rejection, rejection } from './domain/delta-rejection.js';
import type { UnreadField } from './domain/unread-fields.js';

export interface DeltasAnswer {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
  /** Absent where every field is read. */
  readonly unreadFields?: readonly UnreadField[];
}

const UNAVAILABLE =
  'Kafka did not confirm it in time. It may or may not have been written: send it again with the same id, it is ' +
  'counted once';

/** A list of facts: what is answered as accepted is with all in-sync replicas; each other item has its reason. */
export class DeltaIntake {
  constructor(
    private readonly sender: Pick<DeltaSender, 'send'>,
    private readonly clock: Clock,
  ) {}

  async take(items: readonly unknown[]): Promise<DeltasAnswer> {
    const { accepted, rejected, unreadFields } = acceptDeltas(items, this.clock.now());
    const failed = await this.sender.send(accepted);
    const unavailable = [...failed].map((index) =>
      rejection(index, items[index], { type: 'unavailable', detail: UNAVAILABLE }),
    );
    return {
      accepted: accepted.length - failed.size,
      rejected: [...rejected, ...unavailable].sort((a, b) => a.index - b.index),
      ...(unreadFields.length > 0 ? { unreadFields } : {}),
    };
  }
}
