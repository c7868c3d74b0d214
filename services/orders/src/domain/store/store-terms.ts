/** How long stores and customers may take, and how a customer shows that a parcel is his. */
export interface StoreTerms {
  /** Of a task that waits to be collected; each round has another. The domain knows no key and no chance. */
  readonly handoverCode: (taskId: string, round: number) => string;
  readonly pickupRemindAfterMs: number;
  /** Not collected after this it goes back to stock. */
  readonly pickupKeepMs: number;
}
