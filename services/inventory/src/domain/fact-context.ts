/** What a decision about a fact knows beside the fact and its SKU. */
export interface FactContext {
  readonly occurredAtMs: number;
  /** Sum of on-hand changes of facts that occurred after the instant and are in the ledger already; for counts. */
  readonly onHandChangedAfter: (location: string, instantMs: number) => number;
}
