import { describe, expect, it } from '@jest/globals';
import type { AppointmentMessage } from '@shelfline/contracts/appointment';
import { OrderMessage } from '@shelfline/contracts/order-message';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { Appointment } from '../domain/appointments/decide-appointment.js';
import type { AppointmentEntry } from './appointment-outputs.js';
import type { AppointmentsRepository } from './appointments.repository.js';
import { AppointmentKeeping, AppointmentPlaces, AppointmentsIntakeHandler } from './appointments-intake.handler.js';

const KEEP_MS = 24 * 60 * 60 * 1000;
const NOW_MS = Date.parse('2026-06-01T08:00:00Z');
const SHOP = {
  active: true,
  timeZone: 'UTC',
  openingHours: [{ day: 1, opens: '10:00', closes: '12:00' }],
  appointments: { slotMinutes: 60, perSlot: 1, bookAheadDays: 7 },
};
const named = (appointmentId: string) => ({ id: `x/${appointmentId}`, source: 'web', appointmentId, store: 'shop' });
const book = (appointmentId: string, clock: string, orderId?: string): AppointmentMessage => ({
  type: 'book',
  ...named(appointmentId),
  start: `2026-06-01T${clock}:00Z`,
  purpose: 'pickup',
  ...(orderId ? { orderId } : {}),
});

function intake() {
  const held = new Map<string, Appointment>();
  const repository = {
    findAppointments: (ids: readonly string[]) =>
      Promise.resolve(new Map(ids.flatMap((id) => (held.has(id) ? [[id, held.get(id)!] as const] : [])))),
    findBooked: (store: string, { startMs, endMs }: { startMs: number; endMs: number }) =>
      Promise.resolve(
        [...held.values()].filter(
          (one) => one.store === store && one.state === 'BOOKED' && one.startMs < endMs && one.endMs > startMs,
        ),
      ),
    findEarliestNamingEndMs: () =>
      Promise.resolve(
        [...held.values()].flatMap((one) => (one.name === undefined ? [] : one.endMs)).toSorted((a, b) => a - b)[0],
      ),
    findNaming: (_: number, endedByMs: number) =>
      Promise.resolve([...held.values()].filter((one) => one.name !== undefined && one.endMs <= endedByMs)),
  } as unknown as AppointmentsRepository;
  const handler = new AppointmentsIntakeHandler(
    repository,
    new AppointmentPlaces(() => SHOP),
    new AppointmentKeeping(KEEP_MS),
    new EarliestDue(),
  );
  let offset = 0;
  return async (...messages: (AppointmentMessage | { readonly tickMs: number })[]) => {
    const decision = await handler.handleBatch({
      partition: 0,
      partitions: 1,
      generation: 1,
      items: messages.map((message) => {
        const timestampMs = 'tickMs' in message ? (message.tickMs as number) : NOW_MS;
        const record = { topic: 't', partition: 0, offset: offset++, key: '', value: null, headers: {}, timestampMs };
        return 'type' in message
          ? { kind: 'message', id: `${message.source}/${message.id}`, contentHash: '', message, record }
          : { kind: 'tick', record };
      }),
    });
    for (const { appointment } of decision.writes) held.set(appointment.appointmentId, appointment);
    decision.committed();
    const answers = (decision.entries as AppointmentEntry[]).map(
      ({ answer }) => answer.errors?.[0]?.code ?? answer.result,
    );
    const noted = decision.outputs.flatMap(({ topic, value }) => (topic.name === 'orders.intake' ? [value] : []));
    return { answers, noted, held, nothingChanged: decision.nothingChanged };
  };
}

describe('the slots of a store', () => {
  it('are given once, within a batch and over batches', async () => {
    const hear = intake();
    expect((await hear(book('a', '10:00'), book('b', '10:00'))).answers).toEqual(['applied', 'slot_full']);
    expect((await hear(book('c', '10:00'), book('d', '11:00'))).answers).toEqual(['slot_full', 'applied']);
    const cancel: AppointmentMessage = { type: 'cancel', ...named('a') };
    expect((await hear(cancel, book('c', '10:00'))).answers).toEqual(['applied', 'applied']);
  });
  it('are told to the order they are for, in words that its partition reads', async () => {
    const hear = intake();
    const { noted } = await hear(book('a', '10:00', 'web-1'), book('b', '11:00'));
    expect(noted.map((value) => OrderMessage.parse(value))).toMatchObject([
      {
        type: 'appointment',
        orderId: 'web-1',
        appointment: { store: 'shop', purpose: 'pickup', start: '2026-06-01T10:00:00.000Z' },
      },
    ]);
    const cancelled = await hear({ type: 'cancel', ...named('a') });
    expect(OrderMessage.parse(cancelled.noted[0])).not.toHaveProperty('appointment');
  });
  it('named who came for ever', async () => {
    const hear = intake();
    const named_ = {
      ...(book('a', '10:00') as Extract<AppointmentMessage, { type: 'book' }>),
      name: 'Mei',
      note: 'hem',
    };
    await hear(named_, book('b', '11:00'));
    const endMs = Date.parse('2026-06-01T11:00:00Z');
    expect((await hear({ tickMs: endMs + KEEP_MS - 1 })).nothingChanged).toBe(true);
    const { held, answers, noted, nothingChanged } = await hear({ tickMs: endMs + KEEP_MS });
    expect([answers, noted, nothingChanged]).toEqual([[], [], false]);
    expect(held.get('a')).toMatchObject({ state: 'BOOKED', changedAtMs: endMs + KEEP_MS });
    expect(JSON.stringify([...held.values()])).not.toMatch(/Mei|hem/);
    expect((await hear({ tickMs: endMs + 2 * KEEP_MS })).nothingChanged).toBe(true);
  });
  it('told their order once more where only their customer was taken out', async () => {
    const hear = intake();
    const named_ = { ...(book('a', '10:00', 'web-1') as Extract<AppointmentMessage, { type: 'book' }>), name: 'Mei' };
    await hear(named_, { type: 'cancel', ...named('a') });
    const { answers, noted, held } = await hear({ type: 'erase', ...named('a') });
    expect([answers, noted, held.get('a')!.name]).toEqual([['applied'], [], undefined]);
  });
});
