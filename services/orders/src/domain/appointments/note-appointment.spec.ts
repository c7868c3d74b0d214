import { describe, expect, it } from '@jest/globals';
import type { AppointmentNoted } from '@shelfline/contracts/appointment';
import { taskOutput } from '../../order-outputs.js';
import { changing } from '../../testing/changing.js';
import { placing } from '../../testing/order-cases.js';
import { TRACKING } from '../../testing/order-intake.js';
import { given } from '../../testing/order-scene.js';
import { collecting, PickupScene } from '../../testing/pickup-scene.js';
import { appointmentsOf, MOST_APPOINTMENTS } from './appointments-of-order.js';

const APPOINTMENT = {
  appointmentId: 'a',
  store: 'shop-1',
  purpose: 'pickup',
  start: '2026-06-02T10:00:00.000Z',
  end: '2026-06-02T10:30:00.000Z',
} as const;
const noting = (appointmentId: string, appointment?: AppointmentNoted['appointment']): AppointmentNoted => ({
  type: 'appointment',
  id: `${appointmentId}/1`,
  source: 'appointments',
  orderId: 'web-1',
  appointmentId,
  ...(appointment ? { appointment } : {}),
});
const ordered = () => given({ A: { 'shop-1': 1 } }, placing({ A: 1 }, { method: 'pickup', store: 'shop-1' }));

describe('the appointment of an order', () => {
  it('is shown at its store, by a new version, and to its customer, until it is cancelled', () => {
    const scene = ordered();
    const { version } = scene.order.tasks[0]!;
    scene.when(noting('a', APPOINTMENT));
    const task = scene.order.tasks[0]!;
    expect(task.version).toBeGreaterThan(version);
    expect(taskOutput(scene.order, task).value).toMatchObject({ appointment: APPOINTMENT });
    expect(TRACKING.newestOf(scene.order)[0]!.value).toMatchObject({ appointment: APPOINTMENT });
    scene.when(noting('a'));
    expect(TRACKING.newestOf(scene.order)[0]!.value).not.toHaveProperty('appointment');
  });
  it('may be booked while goods are brought there, and stands on the task once there is one', () => {
    const scene = new PickupScene({ A: { dc: 1 } }).when(collecting({ A: 1 }), noting('a', APPOINTMENT));
    expect(scene.orders.order).toMatchObject({ state: 'ARRIVING', tasks: [] });
    scene.does('ship').does('receive', { lines: [{ lineId: 'line-A', quantity: 1 }] });
    const { order } = scene.orders;
    expect(taskOutput(order, order.tasks[0]!).value).toMatchObject({ appointment: APPOINTMENT });
  });
  it('stays when its order is changed', () => {
    const wanted = placing({ A: 2 }, { method: 'pickup', store: 'shop-1' });
    const scene = given({ A: { 'shop-1': 2 } }, wanted, noting('a', APPOINTMENT), changing({ A: 1 }));
    const task = scene.order.tasks[0]!;
    expect(taskOutput(scene.order, task).value).toMatchObject({
      lines: [{ quantity: 1 }],
      appointment: APPOINTMENT,
    });
  });
  it('was hidden by another, and stayed so when that one was cancelled', () => {
    const other = { ...APPOINTMENT, appointmentId: 'b', start: '2026-06-03T10:00:00.000Z' };
    const scene = ordered().when(noting('a', APPOINTMENT), noting('b', other));
    expect(scene.order.appointment).toEqual(other);
    const moved = { ...APPOINTMENT, start: '2026-06-02T15:00:00.000Z' };
    scene.when(noting('b'));
    expect(taskOutput(scene.order, scene.order.tasks[0]!).value).toMatchObject({ appointment: APPOINTMENT });
    expect(TRACKING.newestOf(scene.order)[0]!.value).toMatchObject({ appointment: APPOINTMENT });
    scene.when(noting('b', other), noting('a', moved), noting('b'));
    expect(appointmentsOf(scene.order)).toEqual([moved]);
    expect(appointmentsOf(scene.when(noting('a')).order)).toEqual([]);
  });
  it('is one of ten at most, however often it is booked', () => {
    const booked = Array.from({ length: 15 }, (_, i) => noting(`a${i}`, { ...APPOINTMENT, appointmentId: `a${i}` }));
    const kept = appointmentsOf(ordered().when(...booked).order);
    expect([kept.length, kept[0]!.appointmentId]).toEqual([MOST_APPOINTMENTS, 'a14']);
  });
  it('is not taken away by the end of another', () => {
    const scene = ordered().when(noting('a', APPOINTMENT), noting('b'));
    expect([scene.decided.kind, scene.order.appointment?.appointmentId]).toEqual(['unchanged', 'a']);
  });
});
