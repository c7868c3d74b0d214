import type { EscalationRule } from './escalation-rule.js';

/** How long stores and customers may take, and how a customer shows that a parcel is his. */
export interface StoreTerms {
  /** Of a task that waits to be collected; each round has another. The domain knows no key and no chance. */
  readonly handoverCode: (taskId: string, round: number) => string;
  /** Reminders before a place loses a task, and when it loses one that it accepted. */
  readonly escalation?: EscalationRule;
  /** A courier's label is asked for once a parcel is packed. */
  readonly asksCourier?: boolean;
  readonly pickupRemindAfterMs: number;
  /** Not collected after this it goes back to stock. */
  readonly pickupKeepMs: number;
}
