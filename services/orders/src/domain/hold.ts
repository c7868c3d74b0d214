/**
 * Of units of a line at one place: asked of the ledger, promised by it, given back, refused by it, or gone out of the
 * house. `asked` and `held` are what the line counts on; the others are history.
 */
export type HoldState = 'asked' | 'held' | 'released' | 'refused' | 'fulfilled';

export interface Hold {
  readonly reservationId: string;
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  /** In order of preference; the ledger takes the first that has it all. */
  readonly locations: readonly string[];
  /** Where it is held; known once the ledger has answered. */
  readonly location?: string;
  readonly state: HoldState;
  readonly expiresAtMs: number;
  readonly askedAtMs: number;
  /** How often it was asked; absent = once. */
  readonly asks?: number;
  /** Number of the task it belongs to. */
  readonly task?: number;
  /** Number of the transfer that brings it to where it is collected, and that has it to give back. */
  readonly transfer?: number;
}
