import type { AppointmentMessage, BookAppointment } from '@shelfline/contracts/appointment';
import type { Refusal } from '../decision.js';
import type { Applied } from '../order.js';
import { findSlot, lastStartMs, type PlaceSlots, type Slot } from './slots.js';

export interface Appointment extends Slot {
  readonly appointmentId: string;
  readonly store: string;
  readonly purpose: BookAppointment['purpose'];
  readonly orderId?: string;
  readonly channel?: string;
  readonly memberId?: string;
  readonly name?: string;
  readonly note?: string;
  readonly state: 'BOOKED' | 'CANCELLED';
  readonly changedAtMs: number;
  readonly version: number;
}
export interface AppointmentContext extends Applied {
  readonly findPlace: (store: string) => PlaceSlots | undefined;
  /** Of the place, what is booked within a slot, as the decisions so far have made it. */
  readonly bookedWithin: (store: string, slot: Slot) => readonly Appointment[];
}
export type AppointmentDecided =
  | { readonly kind: 'applied'; readonly appointment: Appointment }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export function decideAppointment(
  message: AppointmentMessage,
  known: Appointment | undefined,
  context: AppointmentContext,
): AppointmentDecided {
  const { atMs, version } = context;
  if (message.type === 'book') return bookOnce(message, known, context);
  if (!known || known.store !== message.store) return refuse(UNKNOWN);
  if (message.type === 'erase') return eraseCustomer(known, context);
  if (message.type === 'cancel')
    return known.state === 'CANCELLED'
      ? { kind: 'unchanged' }
      : { kind: 'applied', appointment: { ...known, state: 'CANCELLED', changedAtMs: atMs, version } };
  if (known.state === 'CANCELLED') return refuse(OVER);
  const startMs = Date.parse(message.start);
  if (startMs === known.startMs) return { kind: 'unchanged' };
  const slot = freeSlot(message.store, startMs, known.appointmentId, context);
  return 'code' in slot
    ? refuse(slot)
    : { kind: 'applied', appointment: { ...known, ...slot, changedAtMs: atMs, version } };
}

/** Of whom the store awaits nobody any more. */
export const isOver = ({ state, endMs }: Appointment, atMs: number): boolean => state === 'CANCELLED' || endMs <= atMs;
export const namesCustomer = ({ memberId, name, note: said }: Appointment): boolean =>
  memberId !== undefined || name !== undefined || said !== undefined;
export const withoutCustomer = (
  { memberId: _, name: __, note: ___, ...rest }: Appointment,
  { atMs, version }: Applied,
): Appointment => ({ ...rest, changedAtMs: atMs, version });

function eraseCustomer(known: Appointment, context: AppointmentContext): AppointmentDecided {
  if (!isOver(known, context.atMs)) return refuse(AWAITED);
  return namesCustomer(known)
    ? { kind: 'applied', appointment: withoutCustomer(known, context) }
    : { kind: 'unchanged' };
}

/** Whoever missed the answer asks again: the same as is booked takes no second slot. */
function bookOnce(
  message: BookAppointment,
  known: Appointment | undefined,
  context: AppointmentContext,
): AppointmentDecided {
  if (!known) return book(message, context);
  const isSame =
    known.state === 'BOOKED' &&
    known.startMs === Date.parse(message.start) &&
    TOLD.every((field) => known[field] === message[field]);
  return isSame ? { kind: 'unchanged' } : refuse(EXISTS);
}
const TOLD = ['store', 'purpose', 'orderId', 'channel', 'memberId', 'name', 'note'] as const;

function book(message: BookAppointment, context: AppointmentContext): AppointmentDecided {
  const { appointmentId, store, purpose, orderId, channel, memberId, name, note, start } = message;
  const slot = freeSlot(store, Date.parse(start), appointmentId, context);
  if ('code' in slot) return refuse(slot);
  const appointment: Appointment = {
    appointmentId,
    store,
    purpose,
    ...slot,
    ...(orderId === undefined ? {} : { orderId }),
    ...(channel === undefined ? {} : { channel }),
    ...(memberId === undefined ? {} : { memberId }),
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    state: 'BOOKED',
    changedAtMs: context.atMs,
    version: context.version,
  };
  return { kind: 'applied', appointment };
}

/** Slots of former terms may overlap it: whoever is there at the same time counts. */
function freeSlot(store: string, startMs: number, own: string, context: AppointmentContext): Slot | Refusal {
  const { atMs, findPlace, bookedWithin } = context;
  const place = findPlace(store);
  if (!place?.active || !place.appointments)
    return note('no_appointments', 'store', `${store} takes no appointments; choose another store`);
  if (startMs <= atMs) return note('slot_over', 'start', 'that moment has passed; choose a later slot');
  if (startMs > lastStartMs(place, atMs))
    return note('too_far_ahead', 'start', `one books at most ${place.appointments.bookAheadDays} days ahead there`);
  const slot = findSlot(place, startMs);
  if (!slot) return note('no_slot', 'start', `${store} has no slot that begins then; ask for its free slots`);
  const others = bookedWithin(store, slot).filter(({ appointmentId }) => appointmentId !== own);
  return others.length < place.appointments.perSlot
    ? slot
    : note('slot_full', 'start', 'that slot is taken; ask for the free slots and choose another');
}

const note = (code: string, field: string, detail: string): Refusal => ({ code, field, detail });
const refuse = (refusal: Refusal): AppointmentDecided => ({ kind: 'refused', refusal });
const EXISTS = note(
  'appointment_exists',
  'appointmentId',
  'there is such an appointment already; move it, or name another',
);
const UNKNOWN = note('unknown_appointment', 'appointmentId', 'the store has no such appointment; look at its list');
const OVER = note('out_of_state', 'appointmentId', 'it was cancelled; book a new one');
const AWAITED = note(
  'out_of_state',
  'appointmentId',
  'the store still awaits its customer; cancel it, or ask again when it is over',
);
