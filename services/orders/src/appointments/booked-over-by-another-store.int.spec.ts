import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { written } from '@shelfline/streaming/testing/written';
import mongoose, { type Connection } from 'mongoose';
import type { Appointment } from '../domain/appointments/decide-appointment.js';
import { AppointmentsRepository, MOST_LISTED } from './appointments.repository.js';

let connection: Connection;
beforeAll(async () => {
  const dbName = `it_appointments_${randomUUID().slice(0, 8)}`;
  connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const at = (store: string, startMs: number, more: Partial<Appointment> = {}): Appointment => ({
  appointmentId: 'fit-1',
  store,
  purpose: 'visit',
  startMs,
  endMs: startMs + 1000,
  state: 'BOOKED',
  changedAtMs: 0,
  version: 1,
  ...more,
});

describe('an appointment of one store', () => {
  it('was booked over where another store took the same id at the same moment', async () => {
    const repository = new AppointmentsRepository(connection);
    await repository.prepare();
    const write = (...writes: Appointment[]) =>
      written(connection, (transaction) =>
        repository.write(
          writes.map((appointment) => ({ partition: 0, appointment })),
          transaction,
        ),
      );
    await write(at('north', 1000));
    await expect(write(at('south', 5000))).rejects.toMatchObject({ code: 11000 });
    expect(await repository.findAppointment('fit-1')).toMatchObject({ store: 'north', startMs: 1000 });
    await write(at('north', 3000));
    expect(await repository.findAppointment('fit-1')).toMatchObject({ store: 'north', startMs: 3000 });
  });
  it('was offered a slot that was full, where the store had more than a thousand before it', async () => {
    const repository = new AppointmentsRepository(connection);
    const rush = Array.from({ length: MOST_LISTED + 5 }, (_, i) => ({
      partition: 0,
      appointment: at('busy', i < MOST_LISTED ? 1000 : 2000, { appointmentId: `rush-${i}` }),
    }));
    await written(connection, (transaction) => repository.write(rush, transaction));
    const counted = await repository.countBooked('busy', { startMs: 0, endMs: 10_000 });
    expect(counted.toSorted((a, b) => a.startMs - b.startMs)).toEqual([
      { startMs: 1000, endMs: 2000, count: MOST_LISTED },
      { startMs: 2000, endMs: 3000, count: 5 },
    ]);
  });
  it('kept its customer, whom nobody found by member, order or time', async () => {
    const repository = new AppointmentsRepository(connection);
    const named = [
      at('east', 1000, { appointmentId: 'm', memberId: 'm-1' }),
      at('east', 1000, { appointmentId: 'o', orderId: 'web-1', name: 'Mei' }),
      at('east', 1000, { appointmentId: 'nobody', orderId: 'web-1' }),
      at('east', 9000, { appointmentId: 'later', name: 'Lu', channel: 'web' }),
    ];
    const writes = named.map((appointment) => ({ partition: 7, appointment }));
    await written(connection, (transaction) => repository.write(writes, transaction));
    const ids = (found: readonly Appointment[]) => found.map(({ appointmentId }) => appointmentId).toSorted();
    expect(ids(await repository.findOfCustomer({ memberId: 'm-1', orderIds: ['web-1'] }, 10))).toEqual(['m', 'o']);
    expect(ids(await repository.findOfCustomer({ orderIds: [] }, 10))).toEqual([]);
    expect(ids(await repository.findNaming(7, 2000, 10))).toEqual(['m', 'o']);
    expect(await repository.findNaming(8, 2000, 10)).toEqual([]);
    expect(ids(await repository.findBooked('east', { startMs: 0, endMs: 10_000 }, 'web'))).toEqual(['later']);
  });
});
