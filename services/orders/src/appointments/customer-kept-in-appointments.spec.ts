import { describe, expect, it } from '@jest/globals';
import type { AppointmentMessage } from '@shelfline/contracts/appointment';
import { type Appointment, decideAppointment } from '../domain/appointments/decide-appointment.js';
import { AppointmentErasure } from './appointment-erasure.js';
import type { CustomerKeys } from './appointments.repository.js';

const NOW_MS = 10_000;
const appointment = (appointmentId: string, more: Partial<Appointment> = {}): Appointment => ({
  appointmentId,
  store: 'shop',
  purpose: 'visit',
  startMs: 1000,
  endMs: 2000,
  memberId: 'm-1',
  name: 'Mei',
  note: 'hem',
  state: 'BOOKED',
  changedAtMs: 0,
  version: 1,
  ...more,
});
const FUTURE = { startMs: NOW_MS + 1, endMs: NOW_MS + 2 };
const erase = (known: Appointment | undefined) =>
  decideAppointment({ type: 'erase', id: 'e', source: 'x', appointmentId: 'a', store: 'shop' }, known, {
    atMs: NOW_MS,
    version: 2,
    findPlace: () => undefined,
    bookedWithin: () => [],
  });

describe('who was to come', () => {
  it('is taken out once he was there or does not come, and once alone', () => {
    for (const known of [appointment('a'), appointment('a', { ...FUTURE, state: 'CANCELLED' })]) {
      const decided = erase(known);
      const erased = decided.kind === 'applied' ? decided.appointment : undefined;
      expect(erased).toMatchObject({ startMs: known.startMs, state: known.state, version: 2, changedAtMs: NOW_MS });
      expect(JSON.stringify(erased)).not.toMatch(/m-1|Mei|hem/);
      expect(erase(erased)).toEqual({ kind: 'unchanged' });
    }
  });
  it('is not while the store awaits him', () => {
    expect(erase(appointment('a', FUTURE))).toMatchObject({ kind: 'refused', refusal: { code: 'out_of_state' } });
    expect(erase(undefined)).toMatchObject({ kind: 'refused', refusal: { code: 'unknown_appointment' } });
  });
  it('stayed in appointments when he was taken out of everything else', async () => {
    const asked: AppointmentMessage[] = [];
    const keys: CustomerKeys[] = [];
    const erasure = new AppointmentErasure(
      {
        findOfCustomer: (key) => (keys.push(key), Promise.resolve([appointment('a'), appointment('b', FUTURE)])),
      },
      { ask: (message) => (asked.push(message), Promise.resolve({} as never)) },
      () => NOW_MS,
    );
    const found = await erasure.erase({ memberId: 'm-1', orderIds: ['web-1'] });
    expect(found).toEqual({ erased: 1, notYet: ['b'], more: false });
    expect(asked).toMatchObject([{ type: 'erase', appointmentId: 'a', store: 'shop', id: 'erase/a/1' }]);
    expect(keys).toEqual([{ memberId: 'm-1', orderIds: ['web-1'] }]);
  });
});
