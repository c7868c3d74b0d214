import { describe, expect, it } from '@jest/globals';
import type { AppointmentMessage } from '@shelfline/contracts/appointment';
import type { Principal } from '@shelfline/service-kit/auth';
import type { Appointment } from '../domain/appointments/decide-appointment.js';
import { placed, worldAt } from '../testing/placing.js';
import { VisitsController } from '../visits/visits.controller.js';
import type { Booking } from './appointment-desk.js';
import { AppointmentsController } from './appointments.controller.js';
import { AppointmentPlaces } from './appointments-intake.handler.js';

const order = placed(worldAt(1), { orderId: 'web-1' });
const orders = { findOrder: () => Promise.resolve(order) } as never;
const APPOINTMENT: Appointment = {
  appointmentId: 'a',
  store: 'shop-9',
  purpose: 'visit',
  channel: order.placed.channel,
  name: 'Mei',
  startMs: 0,
  endMs: 1000,
  state: 'BOOKED',
  changedAtMs: 0,
  version: 1,
};
const who = (more: Partial<Principal> = {}): Principal => ({ sub: 'i', role: 'integrator', exp: 0, ...more });
const OTHER = who({ channel: 'tmall' });
const SPAN = { from: '2026-06-01T00:00:00Z', until: '2026-06-02T00:00:00Z' };

function deskOf() {
  const asked: AppointmentMessage[] = [];
  const listed: unknown[] = [];
  const repository = {
    findAppointment: () => Promise.resolve(APPOINTMENT),
    findBooked: (store: string, _: object, channel?: string) => (listed.push([store, channel]), Promise.resolve([])),
    countBooked: () => Promise.resolve([]),
  };
  const desk = {
    ask: (message: AppointmentMessage) => (asked.push(message), Promise.resolve({} as never)),
    book: (booking: Booking) =>
      desk.ask({ ...booking, type: 'book', id: 'b', source: 's' } as unknown as AppointmentMessage),
  };
  const places = new AppointmentPlaces(() => undefined);
  return { controller: new AppointmentsController(desk, repository, places, orders), asked, listed };
}
const BODY = { appointmentId: 'a', store: 'shop-9', start: SPAN.from, purpose: 'visit' as const };

describe('an appointment that another channel booked', () => {
  it.each([
    ['looked at', (c: AppointmentsController, by: Principal) => c.get('a', by)],
    ['moved', (c: AppointmentsController, by: Principal) => c.move('a', { start: SPAN.from }, by)],
    ['cancelled', (c: AppointmentsController, by: Principal) => c.cancel('a', {}, by)],
  ])('was %s by its system', async (_, ask) => {
    const { controller, asked } = deskOf();
    await expect(ask(controller, OTHER)).rejects.toMatchObject({ status: 404 });
    expect(asked).toEqual([]);
    await expect(ask(controller, who())).resolves.toMatchObject({ name: 'Mei' });
    await expect(ask(controller, who({ channel: order.placed.channel }))).resolves.toMatchObject({ name: 'Mei' });
  });
  it('was listed', async () => {
    const { controller, listed } = deskOf();
    await controller.list({ store: 'shop-9', ...SPAN }, OTHER);
    await controller.list(SPAN, who({ role: 'store', store: 'shop-9', channel: 'tmall' }));
    expect(listed).toEqual([
      ['shop-9', 'tmall'],
      ['shop-9', undefined],
    ]);
  });
});

describe('an order', () => {
  it('was given an appointment by a store, or a channel, that it does not concern', async () => {
    const { controller, asked } = deskOf();
    const book = (by: Principal) => controller.book({ ...BODY, orderId: 'web-1' }, by);
    await expect(book(OTHER)).rejects.toMatchObject({ status: 404 });
    await expect(book(who({ role: 'store', store: 'shop-9' }))).rejects.toMatchObject({ status: 404 });
    expect(asked).toEqual([]);
    await book(who());
    expect(asked).toMatchObject([{ type: 'book', orderId: 'web-1', channel: order.placed.channel }]);
  });
  it('was given a guide, and was on a round that was shown, by the system of another channel', async () => {
    const filters: object[] = [];
    const findBrought = (asked: object) => (filters.push(asked), Promise.resolve([]));
    const desk = { ask: () => Promise.reject(new Error('it was asked')) };
    const stock = { findPlace: () => ({ location: { latitude: 0, longitude: 0 } }) };
    const controller = new VisitsController(desk as never, { findBrought }, orders, stock as never);
    const plan = { taskId: 'web-1/1', store: 'shop-1', guide: 'Lu' };
    await expect(controller.plan(plan, OTHER)).rejects.toMatchObject({ status: 404 });
    await controller.round({ store: 'shop-1' }, OTHER);
    expect(filters).toMatchObject([{ store: 'shop-1', channel: 'tmall' }]);
  });
});
