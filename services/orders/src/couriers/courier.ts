import type { ParcelStep } from '@shelfline/contracts/parcel';
import type { Packed } from '../domain/couriers/parcel.js';

export interface ParcelToSend extends Packed {
  /** The courier's reference: the same again is the same parcel, with the same number. */
  readonly parcelId: string;
}
export type LabelAnswer =
  | { readonly kind: 'labelled'; readonly tracking: string }
  /** It will never be, as it is: the address, the goods. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What a courier told of a parcel, under a name of its own. */
export interface ParcelNotice {
  readonly id: string;
  readonly parcelId: string;
  readonly step: ParcelStep;
  /** As the courier wrote it, ISO 8601. */
  readonly at: string;
  readonly reason?: string | undefined;
}

/**
 * Whoever brings parcels. Every call may be made again after a call of which nobody knows what came, and by two
 * processes at once. An error means that nothing is known: it is asked again.
 */
export interface Courier {
  readonly name: string;
  label(parcel: ParcelToSend, signal: AbortSignal): Promise<LabelAnswer>;
  /** Also of what it does not know, or does not know yet: it must not make a label for that afterwards. */
  cancel(parcelId: string, signal: AbortSignal): Promise<'cancelled' | 'too_late'>;
  /** Of a webhook's body whose signature is right; throws where it is none of its own. */
  readNotices(body: unknown): readonly ParcelNotice[];
}
