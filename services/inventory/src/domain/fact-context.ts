/** What a decision about a fact knows beside the fact and its SKU. */
export interface FactContext {
  /** Of a fact, when it occurred; of a command, when it was recorded. */
  readonly occurredAtMs: number;
  /** Sum of on-hand changes of facts that occurred after the instant and are in the ledger already; for counts. */
  readonly onHandChangedAfter: (location: string, instantMs: number) => number;
}
