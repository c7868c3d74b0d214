import type { LotEffect, Named } from './lot-model.ts';

/** A record of a topic that a stream reads, as it stood on its topic. */
export interface Appended {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly isTick: boolean;
  readonly text: string;
}

export interface Entry {
  readonly _id: string;
  readonly partition: number;
  readonly offset: number;
  readonly outcome: string;
  readonly sku: string;
  readonly type: string;
  readonly reservationId?: string;
  readonly effects: readonly Effect[];
  readonly answer?: {
    readonly result: string;
    readonly reason?: string;
    readonly allocations: readonly { readonly location: string; readonly quantity: number }[];
    readonly awaited?: readonly { readonly location: string; readonly quantity: number }[];
  };
  readonly shortfalls?: readonly Shortfall[];
}
export interface Shortfall {
  readonly location: string;
  readonly shortUnits: number;
  readonly of?: string;
  readonly endangered: readonly { readonly reservationId: string }[];
}
export interface Effect extends Partial<Buckets> {
  readonly location: string;
  readonly promisedIncoming?: number;
  readonly lots?: readonly LotEffect[];
}
export interface Buckets {
  onHand: number;
  reserved: number;
  damaged: number;
  qualityControl: number;
  incoming: number;
}
export interface Message extends Named {
  readonly type: string;
  readonly quantity: number;
  readonly bucket?: string;
  readonly location: string;
  readonly toLocation: string;
  readonly occurredAt: string;
  readonly expiresAt: string;
  readonly lasting?: boolean;
  readonly against?: string;
  readonly reference?: string;
  readonly expectedAt?: string;
  /** Of an expectation: so many are expected no more. */
  readonly withdrawn?: boolean;
  /** What comes is reserved in the same step. */
  readonly heldFor?: {
    readonly reservationId: string;
    readonly quantity: number;
    readonly mode: string;
    readonly expiresAt: string;
  };
  readonly locations?: readonly string[];
  readonly mode: string;
  readonly reservationId: string;
  readonly fromLocation: string;
  readonly lots?: readonly { readonly lot: string; readonly quantity: number }[];
}
