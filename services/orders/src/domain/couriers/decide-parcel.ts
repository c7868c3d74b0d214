import type {
  CourierAnswered,
  ParcelChange,
  ParcelMessage,
  ParcelMoved,
  ParcelWanted,
} from '@shelfline/contracts/parcel';
import type { Applied } from '../order.js';
import { delayMs, MOST_ATTEMPTS, MOST_STEPS, type Parcel } from './parcel.js';

export interface ParcelContext extends Applied {
  /** Who takes parcels of such orders. */
  readonly courier: string;
  readonly labelOf: (parcelId: string) => string;
}
/** What an order is told, without the names that the stream gives it. */
export type Told = Pick<ParcelChange, 'change' | 'tracking' | 'label' | 'reason'> & { readonly atMs: number };
export type ParcelDecided =
  | { readonly kind: 'applied'; readonly parcel: Parcel; readonly told?: Told }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: string };

const UNCHANGED: ParcelDecided = { kind: 'unchanged' };

export function decideParcel(
  message: ParcelMessage,
  parcel: Parcel | undefined,
  context: ParcelContext,
): ParcelDecided {
  switch (message.type) {
    case 'wanted':
      return want(message, parcel, context);
    case 'unwanted':
      return unwant(parcel, context);
    case 'retry':
      return parcel?.state === 'FAILED'
        ? applied(parcel, { state: 'ASKED', attempts: 0, dueAtMs: context.atMs, reason: undefined }, context)
        : { kind: 'refused', code: parcel ? 'out_of_state' : 'unknown_parcel' };
    case 'answered':
      return parcel ? hear(message, parcel, context) : UNCHANGED;
    case 'erase':
      return parcel ? erase(parcel, context) : UNCHANGED;
    case 'moved':
      return parcel ? move(message, parcel, context) : { kind: 'refused', code: 'unknown_parcel' };
  }
}

function want(message: ParcelWanted, parcel: Parcel | undefined, context: ParcelContext): ParcelDecided {
  if (parcel) return UNCHANGED;
  const { parcelId, orderId, store, channel, method, destination, lines } = message;
  const { atMs, version, courier } = context;
  const sold = channel === undefined ? {} : { channel };
  const packed = { parcelId, orderId, ...sold, store, method, destination, lines };
  const asked = { courier, state: 'ASKED' as const, attempts: 0, dueAtMs: atMs, steps: [] };
  return { kind: 'applied', parcel: { ...packed, ...asked, changedAtMs: atMs, version } };
}

/** Also while a label is being asked for: the courier forgets what it may have made meanwhile. */
function unwant(parcel: Parcel | undefined, context: ParcelContext): ParcelDecided {
  if (!parcel || (parcel.state !== 'ASKED' && parcel.state !== 'LABELLED' && parcel.state !== 'FAILED'))
    return UNCHANGED;
  return applied(parcel, { state: 'CANCELLING', attempts: 0, dueAtMs: context.atMs, reason: undefined }, context);
}

/**
 * Region and city stay, as in the order. A label that is still to be had is not any more: it would go nowhere. A courier's
 * own words go as well, those of before and of after: it writes there who opened, or whose door it was.
 */
function erase(parcel: Parcel, context: ParcelContext): ParcelDecided {
  const { region, city } = parcel.destination;
  const destination = { ...(region === undefined ? {} : { region }), ...(city === undefined ? {} : { city }) };
  const isOpen = parcel.state === 'ASKED' || parcel.state === 'FAILED';
  const undone = isOpen ? { state: 'CANCELLING' as const, attempts: 0, dueAtMs: context.atMs } : {};
  const steps = parcel.steps.map(({ step, atMs }) => ({ step, atMs }));
  return applied(parcel, { destination, steps, reason: undefined, isErased: true, ...undone }, context);
}

function hear(message: CourierAnswered, parcel: Parcel, context: ParcelContext): ParcelDecided {
  const { answer, tracking } = message;
  const reason = wordsOf(message, parcel);
  const { state } = parcel;
  const { atMs } = context;
  if (answer === 'unavailable') return isStale(message, parcel) ? UNCHANGED : askAgain(parcel, reason, context);
  if (answer === 'labelled' && state === 'ASKED' && tracking !== undefined) {
    const label = context.labelOf(parcel.parcelId);
    const known = { state: 'LABELLED' as const, attempts: 0, dueAtMs: undefined, tracking, reason: undefined };
    return applied(parcel, known, context, { change: 'labelled', tracking, label, atMs });
  }
  if (answer === 'refused' && state === 'ASKED') return fail(parcel, reason ?? 'refused', context);
  if ((answer === 'cancelled' || answer === 'too_late') && state === 'CANCELLING') {
    const why = answer === 'too_late' ? { reason: 'too_late' } : {};
    const told: Told = { change: 'label_cancelled', ...why, atMs };
    return applied(parcel, { state: 'CANCELLED', dueAtMs: undefined, ...why }, context, told);
  }
  return UNCHANGED;
}

/**
 * A question is asked twice where its owner changes, or a courier tells of the parcel meanwhile; it was tried in vain once.
 * Answers of former versions do not say what they answer.
 */
const isStale = ({ dueAt }: CourierAnswered, { dueAtMs }: Parcel): boolean =>
  dueAt !== undefined && Date.parse(dueAt) !== dueAtMs;

function askAgain(parcel: Parcel, reason: string | undefined, context: ParcelContext): ParcelDecided {
  if (parcel.dueAtMs === undefined) return UNCHANGED;
  const attempts = parcel.attempts + 1;
  // A label that is not wanted any more is cancelled however long it takes: it would be paid for.
  if (attempts >= MOST_ATTEMPTS && parcel.state === 'ASKED') return fail(parcel, reason ?? 'unavailable', context);
  return applied(parcel, { attempts, dueAtMs: context.atMs + delayMs(attempts), reason }, context);
}

const fail = (parcel: Parcel, reason: string, context: ParcelContext): ParcelDecided =>
  applied(parcel, { state: 'FAILED', dueAtMs: undefined, reason }, context, {
    change: 'label_failed',
    reason,
    atMs: context.atMs,
  });

/** Couriers tell late and out of order: what is told after the end is kept and changes nothing. */
function move(message: ParcelMoved, parcel: Parcel, context: ParcelContext): ParcelDecided {
  const { step, at, courier } = message;
  if (courier !== parcel.courier) return { kind: 'refused', code: 'other_courier' };
  const atMs = Date.parse(at);
  const reason = wordsOf(message, parcel);
  if (parcel.steps.some((one) => one.step === step && one.atMs === atMs)) return UNCHANGED;
  const said = { step, atMs, ...(reason === undefined ? {} : { reason }) };
  const steps = [...parcel.steps, said].toSorted((a, b) => a.atMs - b.atMs);
  const isEnd = step === 'delivered' || step === 'returned';
  if (parcel.steps.length >= MOST_STEPS && (!isEnd || parcel.state === 'ENDED')) return UNCHANGED;
  const ended = isEnd ? { state: 'ENDED' as const, dueAtMs: undefined } : {};
  const told: Told = { change: step, atMs, ...(reason === undefined ? {} : { reason }) };
  return applied(parcel, { steps, ...ended }, context, told);
}

const wordsOf = ({ reason }: { readonly reason?: string | undefined }, { isErased }: Parcel): string | undefined =>
  isErased ? undefined : reason;

type Change = { readonly [F in keyof Parcel]?: Parcel[F] | undefined };
function applied(parcel: Parcel, change: Change, { atMs, version }: ParcelContext, told?: Told): ParcelDecided {
  const merged = { ...parcel, ...change, changedAtMs: atMs, version };
  const next = Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined),
  ) as unknown as Parcel;
  return { kind: 'applied', parcel: next, ...(told ? { told } : {}) };
}
