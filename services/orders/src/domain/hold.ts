import type { Ahead } from './presale/backorder-events.js';

/**
 * Of units of a line at one place: asked of the ledger, promised by it against a delivery, or of what is there, given back,
 * refused by it, or gone out of the house. `asked`, `awaited` and `held` are what the line counts on; the others are history.
 */
export type HoldState = 'asked' | 'awaited' | 'held' | 'released' | 'refused' | 'fulfilled';

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
  /** Of units that are not there yet. */
  readonly ahead?: Ahead;
  /** When they are expected to leave; absent where nobody has told. */
  readonly expectedAtMs?: number;
  /** Of the notice that told so last; absent = the answer did. */
  readonly datedVersion?: number;
  /** Number of the task it belongs to. */
  readonly task?: number;
  /** Number of the transfer that brings it to where it is collected, and that has it to give back. */
  readonly transfer?: number;
  /** Asked of what stands elsewhere, to take the place of the awaited reservation of that name. */
  readonly insteadOf?: string;
}

export const isStanding = ({ state }: Hold): boolean => state !== 'released' && state !== 'refused';
/** Until the ledger has granted it the line counts on what it is to replace. */
export const isTry = ({ state, insteadOf }: Hold): boolean => state === 'asked' && insteadOf !== undefined;
export const isCounted = (hold: Hold): boolean => isStanding(hold) && !isTry(hold);
/** The ledger has it, or may have it, and it has not gone out: it can be given back. */
export const isOpen = ({ state }: Hold): boolean => state === 'asked' || state === 'awaited' || state === 'held';
export const isPromised = ({ state }: Hold): boolean => state === 'held' || state === 'fulfilled';
/** A question that the ledger has not answered yet. */
export const isQuestion = ({ state }: Hold): boolean => state === 'asked';
/** Of these, what nothing stands behind unless it is granted. */
export const isAsked = (hold: Hold): boolean => isQuestion(hold) && !isTry(hold);

export const unitsOf = (of: readonly { readonly quantity: number }[]): number =>
  of.reduce((sum, { quantity }) => sum + quantity, 0);
