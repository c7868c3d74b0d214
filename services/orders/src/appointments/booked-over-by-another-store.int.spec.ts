import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import type { Appointment } from '../domain/appointments/decide-appointment.js';
import { AppointmentsRepository } from './appointments.repository.js';

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
    const write = (...writes: Appointment[]) => connection.transaction((session) => repository.write(writes, session));
    await write(at('north', 1000));
    await expect(write(at('south', 5000))).rejects.toMatchObject({ code: 11000 });
    expect(await repository.findAppointment('fit-1')).toMatchObject({ store: 'north', startMs: 1000 });
    await write(at('north', 3000));
    expect(await repository.findAppointment('fit-1')).toMatchObject({ store: 'north', startMs: 3000 });
  });
});
