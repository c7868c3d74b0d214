import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import type { Connection, mongo } from 'mongoose';
import { type Appointment, namesCustomer } from '../domain/appointments/decide-appointment.js';
import type { Slot } from '../domain/appointments/slots.js';

export type AppointmentWrites = readonly { readonly partition: number; readonly appointment: Appointment }[];

interface AppointmentDocument {
  _id: string;
  store: string;
  state: string;
  startMs: number;
  endMs: number;
  partition: number;
  orderId?: string;
  memberId?: string;
  /** Absent where nothing of its customer is in it. */
  namesCustomer?: true;
  appointment: Appointment;
}
const APPOINTMENT_ONLY = { projection: { _id: 0, appointment: 1 } } as const;
/** As many as a slot may hold at the most, so that a decision sees all of its own. */
export const MOST_LISTED = 1000;
export interface BookedTimes extends Slot {
  readonly count: number;
}
export interface CustomerKeys {
  readonly memberId?: string;
  readonly orderIds: readonly string[];
}
const bookedWithin = (store: string, { startMs, endMs }: Slot) => ({
  store,
  state: 'BOOKED',
  startMs: { $lt: endMs },
  endMs: { $gt: startMs },
});

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
    for (const field of ['orderId', 'memberId']) await createIndexIfMissing(this.appointments, { [field]: 1 });
    await createIndexIfMissing(this.appointments, { partition: 1, namesCustomer: 1, endMs: 1 });
  }

  async findAppointments(ids: readonly string[]): Promise<Map<string, Appointment>> {
    if (ids.length === 0) return new Map();
    const found = await this.appointments.find({ _id: { $in: [...ids] } }, APPOINTMENT_ONLY).toArray();
    return new Map(found.map(({ appointment }) => [appointment.appointmentId, appointment]));
  }
  async findAppointment(id: string): Promise<Appointment | undefined> {
    return (await this.findAppointments([id])).get(id);
  }

  /** Booked at a place, at any time within a span; of a channel, where that is told. */
  async findBooked(store: string, { startMs, endMs }: Slot, channel?: string): Promise<Appointment[]> {
    const own = channel === undefined ? {} : { 'appointment.channel': channel };
    const filter = { ...bookedWithin(store, { startMs, endMs }), ...own };
    const found = this.appointments.find(filter as mongo.Filter<AppointmentDocument>, APPOINTMENT_ONLY);
    const documents = await found.sort({ startMs: 1 }).limit(MOST_LISTED).toArray();
    return documents.map(({ appointment }) => appointment);
  }

  /** How many are booked at a place, by their times: however many they are, their times are as many as slots. */
  async countBooked(store: string, span: Slot): Promise<BookedTimes[]> {
    const found = this.appointments.aggregate<{ _id: Slot; count: number }>([
      { $match: bookedWithin(store, span) },
      { $group: { _id: { startMs: '$startMs', endMs: '$endMs' }, count: { $sum: 1 } } },
    ]);
    return (await found.toArray()).map(({ _id, count }) => ({ ..._id, count }));
  }

  /** Of a partition, when the first one is over that names a customer. */
  async findEarliestNamingEndMs(partition: number): Promise<number | undefined> {
    const first = { projection: { _id: 0, endMs: 1 }, sort: { endMs: 1 } } as const;
    return (await this.appointments.findOne({ partition, namesCustomer: true }, first))?.endMs;
  }

  /** Of a partition, those that name a customer who was to come before then. */
  async findNaming(partition: number, endedByMs: number, limit: number): Promise<Appointment[]> {
    const filter = { partition, namesCustomer: true as const, endMs: { $lte: endedByMs } };
    const found = await this.appointments.find(filter, APPOINTMENT_ONLY).limit(limit).toArray();
    return found.map(({ appointment }) => appointment);
  }

  /** Those that name a customer, by what he is known by. */
  async findOfCustomer({ memberId, orderIds }: CustomerKeys, limit: number): Promise<Appointment[]> {
    const keys = [...(memberId === undefined ? [] : [{ memberId }]), { orderId: { $in: [...orderIds] } }];
    const found = this.appointments.find({ $or: keys, namesCustomer: true as const }, APPOINTMENT_ONLY);
    return (await found.limit(limit).toArray()).map(({ appointment }) => appointment);
  }

  /** Inside the stream's transaction. */
  write(writes: AppointmentWrites, transaction: TransactionWrites): void {
    transaction.put(
      this.appointments,
      writes.map(({ partition, appointment }) => {
        const { appointmentId: _id, store, state, startMs, endMs, orderId, memberId } = appointment;
        return {
          _id,
          store,
          state,
          startMs,
          endMs,
          partition,
          ...(orderId === undefined ? {} : { orderId }),
          ...(memberId === undefined ? {} : { memberId }),
          ...(namesCustomer(appointment) ? { namesCustomer: true as const } : {}),
          appointment,
        };
      }),
      // Of the same id at another store, booked at the same time, the second is refused by the key and decided anew.
      ({ _id, store }) => ({ _id, store }),
    );
  }
}
