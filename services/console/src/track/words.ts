import type { TrackedOrder } from '@shelfline/client/storefront';
import type { TextKey } from '../texts.js';

type Parcel = TrackedOrder['parcels'][number];
type Method = TrackedOrder['method'];
export interface Words {
  readonly headline: TextKey;
  readonly next: TextKey | undefined;
}
export interface Step {
  readonly text: TextKey;
  /** Absent of what is still to come. */
  readonly at: string | undefined;
  readonly isNow: boolean;
}

const isCollected = (method: Method): boolean => method === 'pickup' || method === 'carry_out';
const ORDER_WORDS: Partial<Record<TrackedOrder['state'], Words>> = {
  RESERVING: { headline: 'trackReserving', next: 'trackReservingNext' },
  WAITING: { headline: 'trackWaiting', next: 'trackWaitingNext' },
  COMPLETED: { headline: 'trackCompleted', next: 'trackCompletedNext' },
  PARTIALLY_COMPLETED: { headline: 'trackPartly', next: 'trackPartlyNext' },
};

/** The order as a whole, for somebody who knows nothing of stores and tasks. */
export function orderWords(order: Pick<TrackedOrder, 'state' | 'parcels' | 'method' | 'reason'>): Words {
  const { state, parcels, method, reason } = order;
  if (state === 'CANCELLED')
    return {
      headline: 'trackCancelled',
      next: reason === 'out_of_stock' ? 'trackOutOfStockNext' : 'trackCancelledNext',
    };
  const known = ORDER_WORDS[state];
  if (known) return known;
  const [first, ...others] = parcels;
  if (first === undefined) return { headline: 'trackReserving', next: 'trackReservingNext' };
  return others.length === 0 ? parcelWords(first, method) : { headline: 'trackSeveral', next: 'trackSeveralNext' };
}

const PARCEL_STATES = [
  'ASSIGNED',
  'ACCEPTED',
  'PICKING',
  'PACKED',
  'READY_FOR_PICKUP',
  'HANDED_OVER',
  'SHIPPED',
  'DELIVERED',
] as const;
type ParcelState = (typeof PARCEL_STATES)[number];
const isKnown = (state: string): state is ParcelState => (PARCEL_STATES as readonly string[]).includes(state);

/** A state that this page does not know yet is no reason to show nothing. */
export function parcelWords({ state }: Pick<Parcel, 'state'>, method: Method): Words {
  if (!isKnown(state)) return { headline: 'trackOTHER', next: undefined };
  if (state === 'PACKED' && isCollected(method)) return { headline: 'trackPACKED', next: 'trackPACKEDNextPickup' };
  return { headline: `track${state}`, next: `track${state}Next` };
}

const SENT = ['ACCEPTED', 'PICKING', 'PACKED', 'SHIPPED', 'DELIVERED'] as const;
const COLLECTED = ['ACCEPTED', 'PICKING', 'PACKED', 'READY_FOR_PICKUP', 'HANDED_OVER'] as const;

/** What was done, with its time, and what is still to come. What was left out on the way is not shown as to come. */
export function stepsOf({ state, steps }: Pick<Parcel, 'state' | 'steps'>, method: Method, placedAt: string): Step[] {
  const path = isCollected(method) ? COLLECTED : SENT;
  const reached = path.findIndex((each) => each === state);
  const doneAt = new Map(steps.map((step) => [step.state as string, step.at]));
  const shown = path.filter((each, i) => i > reached || doneAt.has(each));
  return [
    { text: 'trackStepPlaced', at: placedAt, isNow: reached < 0 },
    ...shown.map((each): Step => ({ text: `trackStep${each}`, at: doneAt.get(each), isNow: each === state })),
  ];
}

/** Digits in two groups can be read aloud. */
export const spacedCode = (code: string): string => (code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code);
