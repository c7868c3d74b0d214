import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { ClientSession, Connection, mongo } from 'mongoose';
import type { Appointment } from '../domain/appointments/decide-appointment.js';
import type { Slot } from '../domain/appointments/slots.js';

export type AppointmentWrites = readonly Appointment[];

interface AppointmentDocument {
  _id: string;
  store: string;
  state: string;
  startMs: number;
  endMs: number;
  orderId?: string;
  appointment: Appointment;
}
const APPOINTMENT_ONLY = { projection: { _id: 0, appointment: 1 } } as const;
const MOST_LISTED = 1000;

/** The only file that knows the collection `appointments`: one document each, `_id` = its id. */
export class AppointmentsRepository {
  private readonly appointments: mongo.Collection<AppointmentDocument>;

  constructor(connection: Connection) {
    this.appointments = connection.collection<AppointmentDocument>(
      'appointments',
    ) as unknown as mongo.Collection<AppointmentDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.appointments, { store: 1, state: 1, startMs: 1 });
    await createIndexIfMissing(this.appointments, { orderId: 1 });
  }

  async findAppointments(ids: readonly string[]): Promise<Map<string, Appointment>> {
    if (ids.length === 0) return new Map();
    const found = await this.appointments.find({ _id: { $in: [...ids] } }, APPOINTMENT_ONLY).toArray();
    return new Map(found.map(({ appointment }) => [appointment.appointmentId, appointment]));
  }
  async findAppointment(id: string): Promise<Appointment | undefined> {
    return (await this.findAppointments([id])).get(id);
  }

  /** Booked at a place, at any time within a span. */
  async findBooked(store: string, { startMs, endMs }: Slot): Promise<Appointment[]> {
    const filter = { store, state: 'BOOKED', startMs: { $lt: endMs }, endMs: { $gt: startMs } };
    const found = this.appointments.find(filter, APPOINTMENT_ONLY).sort({ startMs: 1 });
    return (await found.limit(MOST_LISTED).toArray()).map(({ appointment }) => appointment);
  }

  /** Inside the stream's transaction. */
  async write(writes: AppointmentWrites, session: ClientSession): Promise<void> {
    if (writes.length === 0) return;
    await this.appointments.bulkWrite(
      writes.map((appointment) => {
        const { appointmentId: _id, store, state, startMs, endMs, orderId } = appointment;
        const ofOrder = orderId === undefined ? {} : { orderId };
        const replacement = { _id, store, state, startMs, endMs, ...ofOrder, appointment };
        // Of the same id at another store, booked at the same time, the second is refused by the key and decided anew.
        return { replaceOne: { filter: { _id, store }, replacement, upsert: true } };
      }),
      { session, ordered: false },
    );
  }
}
