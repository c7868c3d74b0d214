/** Asked against a delivery; so many days from when it comes in until it leaves. */
export interface Ahead {
  readonly handlingDays: number;
}

/** What happens to units of a line that are promised against a delivery. */
export type BackorderEvent =
  /** The ledger promised them; `expectedAtMs`: when they are expected to leave, where anybody has told. */
  | {
      readonly type: 'hold_backordered';
      readonly reservationId: string;
      readonly location: string;
      readonly expectedAtMs?: number;
    }
  /** They came in, and are held like any others from now on. */
  | { readonly type: 'backorder_arrived'; readonly reservationId: string; readonly location: string }
  /** They do not come: the ledger has taken the promise back. */
  | { readonly type: 'backorder_fell_short'; readonly reservationId: string; readonly location: string };
