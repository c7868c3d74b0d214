import type { Reference } from './reference.js';

/** What a decision about a fact knows beside the fact and its SKU. */
export interface FactContext {
  /** Of a fact, when it occurred; of a command, when it was recorded. */
  readonly occurredAtMs: number;
  /**
   * Sum of on-hand changes of facts that occurred after the instant and are in the ledger already, of the lot where one
   * is named; for counts.
   */
  readonly onHandChangedAfter: (location: string, instantMs: number, lot?: string) => number;
  readonly reference: Pick<Reference, 'findLocation'>;
}
