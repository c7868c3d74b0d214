import type { ParcelStep, ParcelWanted } from '@shelfline/contracts/parcel';

/**
 * ASKED = a label is to be had; LABELLED; FAILED = nobody tries any more by himself; CANCELLING = what was asked is being
 * undone; CANCELLED; ENDED = delivered, or back at its sender.
 */
export type ParcelState = 'ASKED' | 'LABELLED' | 'FAILED' | 'CANCELLING' | 'CANCELLED' | 'ENDED';

export type Packed = Pick<ParcelWanted, 'store' | 'method' | 'destination' | 'lines'>;

/** One task's parcel, as its courier knows it: by the task's id. */
export interface Parcel extends Packed {
  readonly parcelId: string;
  readonly orderId: string;
  /** That sold the order; absent of parcels of before it was told. */
  readonly channel?: string;
  readonly courier: string;
  readonly state: ParcelState;
  /** In vain, since somebody last gave it a new chance. */
  readonly attempts: number;
  /** When its courier is asked, again or for the first time; absent where nothing is to be asked. */
  readonly dueAtMs?: number;
  readonly tracking?: string;
  readonly reason?: string;
  readonly steps: readonly { readonly step: ParcelStep; readonly atMs: number; readonly reason?: string }[];
  /** Its customer is taken out of it: what its courier says in its own words is not kept any more. */
  readonly isErased?: true;
  readonly changedAtMs: number;
  readonly version: number;
}

/** With the next two minutes apart each; then a person looks at it. */
export const MOST_ATTEMPTS = 8;
/** A courier that scans a parcel for ever must not make it, and its order, too large to be written; its end is always heard. */
export const MOST_STEPS = 100;
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 120_000;
export const delayMs = (attempts: number): number =>
  Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, attempts - 1));
