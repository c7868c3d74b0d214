import { describe, expect, it } from '@jest/globals';
import type { AppointmentMessage } from '@shelfline/contracts/appointment';
import fc from 'fast-check';
import { type Appointment, decideAppointment } from './decide-appointment.js';
import { type PlaceSlots, slotsBetween } from './slots.js';

const NOW_MS = Date.parse('2026-06-01T09:00:00+08:00');
const at = (clock: string, day = '2026-06-01') => `${day}T${clock}:00+08:00`;
const SHOP: PlaceSlots = {
  active: true,
  timeZone: 'Asia/Shanghai',
  openingHours: [1, 2].map((day) => ({ day, opens: '10:00', closes: '12:15' })),
  appointments: { slotMinutes: 30, perSlot: 2, bookAheadDays: 7 },
};

class Book {
  readonly held = new Map<string, Appointment>();
  place = SHOP;
  nowMs = NOW_MS;
  private version = 0;
  hear(message: Partial<AppointmentMessage>): string {
    const full = { id: 'x', source: 's', store: 'shop', purpose: 'visit', ...message } as AppointmentMessage;
    const decided = decideAppointment(full, this.held.get(full.appointmentId), {
      atMs: this.nowMs,
      version: ++this.version,
      findPlace: (store) => (store === 'shop' ? this.place : undefined),
      bookedWithin: (_, { startMs, endMs }) =>
        [...this.held.values()].filter((one) => one.state === 'BOOKED' && one.startMs < endMs && one.endMs > startMs),
    });
    if (decided.kind === 'applied') this.held.set(full.appointmentId, decided.appointment);
    return decided.kind === 'refused' ? decided.refusal.code : decided.kind;
  }
  book = (appointmentId: string, start: string) => this.hear({ type: 'book', appointmentId, start });
  move = (appointmentId: string, start: string) => this.hear({ type: 'move', appointmentId, start });
  cancel = (appointmentId: string) => this.hear({ type: 'cancel', appointmentId });
}

describe('the slots of a place', () => {
  const clocks = (place: PlaceSlots, days = 1) =>
    slotsBetween(place, NOW_MS, NOW_MS + days * 86_400_000).map(({ startMs }) =>
      new Date(startMs + 8 * 3_600_000).toISOString().slice(8, 16),
    );
  it('lie within its hours, by its clock', () => {
    expect(clocks(SHOP)).toEqual(['01T10:00', '01T10:30', '01T11:00', '01T11:30']);
    expect(clocks(SHOP, 7).length).toBe(8);
  });
  it('are none where it is closed for good, keeps no hours or takes no appointments', () => {
    expect(clocks({ ...SHOP, active: false })).toEqual([]);
    expect(clocks({ ...SHOP, openingHours: undefined })).toEqual([]);
    expect(clocks({ ...SHOP, appointments: undefined })).toEqual([]);
  });
});

describe('an appointment', () => {
  it('is taken while there is room, and room that is given back is taken again', () => {
    const book = new Book();
    expect(['a', 'b', 'c'].map((id) => book.book(id, at('10:30')))).toEqual(['applied', 'applied', 'slot_full']);
    expect([book.cancel('a'), book.cancel('a'), book.book('c', at('10:30'))]).toEqual([
      'applied',
      'unchanged',
      'applied',
    ]);
  });
  it('moves to where there is room, and otherwise stays', () => {
    const book = new Book();
    for (const id of ['a', 'b']) book.book(id, at('10:30'));
    book.book('c', at('11:00'));
    expect([book.move('c', at('10:30')), book.move('c', at('11:00'))]).toEqual(['slot_full', 'unchanged']);
    expect([book.move('a', at('11:30')), book.move('c', at('10:30'))]).toEqual(['applied', 'applied']);
    expect(book.held.get('a')).toMatchObject({ startMs: Date.parse(at('11:30')), endMs: Date.parse(at('12:00')) });
  });
  it.each([
    ['between two slots', 'no_slot', at('10:15')],
    ['longer than it is open', 'no_slot', at('12:00')],
    ['on a day it is closed', 'no_slot', at('10:00', '2026-06-03')],
    ['in the past', 'slot_over', at('08:30')],
    ['in a year', 'too_far_ahead', at('10:00', '2027-06-01')],
  ])('is refused %s', (_name, code, start) => {
    expect(new Book().book('a', start)).toBe(code);
  });
  it('is refused where there are none, twice under one name, and of what is not there', () => {
    const book = new Book();
    expect(book.hear({ type: 'book', appointmentId: 'a', store: 'other', start: at('10:00') })).toBe('no_appointments');
    book.book('a', at('10:00'));
    expect([book.book('a', at('10:30')), book.move('z', at('10:00')), book.cancel('z')]).toEqual([
      'appointment_exists',
      'unknown_appointment',
      'unknown_appointment',
    ]);
    expect(book.hear({ type: 'cancel', appointmentId: 'a', store: 'other' })).toBe('unknown_appointment');
    book.cancel('a');
    expect(book.move('a', at('10:30'))).toBe('out_of_state');
  });
  it('was refused for ever under the name under which it was refused once', () => {
    const book = new Book();
    for (const id of ['a', 'b']) book.book(id, at('10:30'));
    expect([book.book('c', at('10:30')), book.book('c', at('11:00'))]).toEqual(['slot_full', 'applied']);
  });
  it('is booked once by whoever asks twice for the same, and not again once it is cancelled or moved', () => {
    const book = new Book();
    expect([book.book('a', at('10:30')), book.book('a', at('10:30'))]).toEqual(['applied', 'unchanged']);
    expect(book.hear({ type: 'book', appointmentId: 'a', start: at('10:30'), name: 'Mei' })).toBe('appointment_exists');
    book.move('a', at('11:00'));
    expect(book.book('a', at('10:30'))).toBe('appointment_exists');
    book.cancel('a');
    expect(book.book('a', at('11:00'))).toBe('appointment_exists');
  });
  it('counts who is there by former slots', () => {
    const book = new Book();
    book.book('a', at('10:00'));
    book.place = { ...SHOP, appointments: { slotMinutes: 45, perSlot: 1, bookAheadDays: 7 } };
    expect([book.book('b', at('10:00')), book.book('b', at('10:45'))]).toEqual(['slot_full', 'applied']);
  });
  it('is never one too many, whatever is booked, moved and cancelled', () => {
    const id = fc.integer({ min: 0, max: 9 }).map(String);
    const start = fc.constantFrom('10:00', '10:30', '11:00').map((clock) => at(clock));
    const step = fc.record({ what: fc.constantFrom('book', 'move', 'cancel'), id, start });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const book = new Book();
        for (const one of steps) {
          if (one.what === 'cancel') book.cancel(one.id);
          else book[one.what as 'book' | 'move'](one.id, one.start);
          const booked = [...book.held.values()].filter(({ state }) => state === 'BOOKED');
          const most = Math.max(0, ...booked.map((a) => booked.filter((b) => b.startMs === a.startMs).length));
          expect(most).toBeLessThanOrEqual(2);
        }
      }),
      { seed: 20_260_601, numRuns: 300 },
    );
  });
});
