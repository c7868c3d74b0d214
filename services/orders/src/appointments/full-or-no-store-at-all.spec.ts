import { describe, expect, it } from '@jest/globals';
import type { PlaceSlots } from '../domain/appointments/slots.js';
import { AppointmentsController } from './appointments.controller.js';
import { AppointmentPlaces } from './appointments-intake.handler.js';

const MONDAY = { store: 'shop-1', from: '2026-06-01T00:00:00Z', until: '2026-06-02T00:00:00Z' };
const SALON: PlaceSlots = {
  active: true,
  timeZone: 'UTC',
  openingHours: [{ day: 1, opens: '09:00', closes: '11:00' }],
  appointments: { slotMinutes: 60, perSlot: 1, bookAheadDays: 30 },
};
function slotsOf(place: PlaceSlots | undefined) {
  const repository = { countBooked: () => Promise.resolve([]) };
  const places = new AppointmentPlaces(() => place);
  return new AppointmentsController({} as never, repository as never, places, {} as never).slots(MONDAY);
}

describe('the slots of a store', () => {
  it.each([
    ['takes no appointments', { ...SALON, appointments: undefined }, 'no_appointments'],
    ['states no opening hours', { ...SALON, openingHours: [] }, 'no_opening_hours'],
    ['is closed for good', { ...SALON, active: false }, 'closed'],
  ])('looked as if all were taken where it %s', async (_name, place, none) => {
    expect(await slotsOf(place)).toEqual({ store: 'shop-1', slots: [], none });
  });
  it('looked as if all were taken where there is no such store', async () => {
    await expect(slotsOf(undefined)).rejects.toMatchObject({ status: 404, slug: 'unknown-store' });
  });
  it('are told without a reason where there are some', async () => {
    const { slots, ...more } = await slotsOf(SALON);
    expect(slots.map(({ free }) => free)).toEqual([1, 1]);
    expect(more).toEqual({ store: 'shop-1' });
  });
});
