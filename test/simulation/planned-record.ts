/** What is sent to a topic, and when; as data, so that a failing history can be made smaller. */
export interface PlannedRecord {
  readonly atMs: number;
  /** `inventory.deltas` unless told. */
  readonly topic?: 'catalog.changes';
  readonly key: string;
  readonly value: string;
  /** Sent to the next partition instead of its own. */
  readonly misplaced: boolean;
  /** Whatever its key. */
  readonly partition?: number;
}
