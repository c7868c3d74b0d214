import { Controller, Inject } from '@nestjs/common';
import type { AppointmentMessage, AppointmentOutcome } from '@shelfline/contracts/appointment';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { type DueSource, EarliestDue } from '@shelfline/streaming/earliest-due';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision } from '@shelfline/streaming/stream';
import {
  type Appointment,
  type AppointmentDecided,
  decideAppointment,
  namesCustomer,
  withoutCustomer,
} from '../domain/appointments/decide-appointment.js';
import type { PlaceSlots } from '../domain/appointments/slots.js';
import { type AppointmentEntry, appointmentOutputs, notedOf } from './appointment-outputs.js';
import { AppointmentsRepository, type AppointmentWrites } from './appointments.repository.js';
import { APPOINTMENTS_DUE } from './appointments-intake.stream.js';

/** Places as the catalog's table has them. */
export class AppointmentPlaces {
  constructor(readonly find: (store: string) => PlaceSlots | undefined) {}
}
/** How long after it was over an appointment names who was to come. */
export class AppointmentKeeping {
  constructor(readonly keepCustomerMs: number) {}
}
/** Of a partition, with one tick. */
const MOST_ERASED = 200;
/** Of a slot that begins at a moment: longer ones there are not. */
const LONGEST_SLOT_MS = 8 * 60 * 60 * 1000;

/**
 * Topic `appointments.intake`, key store: all of a place's slots are decided in order by one owner, so no slot is given
 * twice. A repeated record is answered again and changes nothing.
 */
@Controller()
export class AppointmentsIntakeHandler {
  constructor(
    private readonly repository: AppointmentsRepository,
    private readonly places: AppointmentPlaces,
    private readonly keeping: AppointmentKeeping,
    @Inject(APPOINTMENTS_DUE) private readonly due: EarliestDue,
  ) {}

  private readonly keptLongEnough: DueSource<Appointment> = {
    findEarliestDueMs: async (partition) => {
      const endMs = await this.repository.findEarliestNamingEndMs(partition);
      return endMs === undefined ? undefined : endMs + this.keeping.keepCustomerMs;
    },
    findDue: (partition, nowMs, limit) =>
      this.repository.findNaming(partition, nowMs - this.keeping.keepCustomerMs, limit),
  };

  @HandlesBatch(TOPICS.appointmentIntake)
  async handleBatch({ items, partition, generation }: Batch<AppointmentMessage>): Promise<Decision<AppointmentWrites>> {
    const arrived = items.flatMap((item) => (item.kind === 'message' ? [item] : []));
    const known = await this.load(arrived.map(({ message }) => message));
    const changed = new Set<string>();
    const entries = arrived.map(({ id, contentHash, message, record }): AppointmentEntry => {
      const version = versionOf(generation, record.offset);
      const decided = decideAppointment(message, known.get(message.appointmentId), {
        atMs: record.timestampMs,
        version,
        findPlace: this.places.find,
        bookedWithin: (store, { startMs, endMs }) =>
          [...known.values()].filter(
            (one) => one.store === store && one.state === 'BOOKED' && one.startMs < endMs && one.endMs > startMs,
          ),
      });
      const answer = answerOf(message, decided, version);
      const base = { _id: id, contentHash, partition, offset: record.offset, outcome: decided.kind, answer };
      if (decided.kind !== 'applied') return base;
      known.set(message.appointmentId, decided.appointment);
      changed.add(message.appointmentId);
      // The order shows nothing of what is erased.
      const noted = message.type === 'erase' ? undefined : notedOf(decided.appointment);
      return { ...base, ...(noted ? { noted } : {}) };
    });
    const tick = items.findLast(({ kind }) => kind === 'tick')?.record;
    const look = tick && { partition, nowMs: tick.timestampMs, limit: MOST_ERASED };
    for (const one of look ? await this.due.find(this.keptLongEnough, look) : []) {
      // What this batch has changed waits for the next tick.
      if (changed.has(one.appointmentId)) continue;
      const context = { atMs: tick!.timestampMs, version: versionOf(generation, tick!.offset) };
      known.set(one.appointmentId, withoutCustomer(one, context));
      changed.add(one.appointmentId);
    }
    const writes = [...changed].map((id) => ({ partition, appointment: known.get(id)! }));
    return {
      entries,
      writes,
      outputs: entries.flatMap(appointmentOutputs),
      committed: () =>
        this.due.committed(
          partition,
          writes.map(({ appointment }) => this.forgottenAtMs(appointment)),
        ),
      nothingChanged: entries.length === 0 && changed.size === 0,
    };
  }

  private forgottenAtMs(appointment: Appointment): number | undefined {
    return namesCustomer(appointment) ? appointment.endMs + this.keeping.keepCustomerMs : undefined;
  }

  /** Those that are named, and all that are there at the same time as one that is asked for. */
  private async load(messages: readonly AppointmentMessage[]): Promise<Map<string, Appointment>> {
    const known = await this.repository.findAppointments([...new Set(messages.map((one) => one.appointmentId))]);
    const wanted = messages.flatMap((one) =>
      one.type === 'book' || one.type === 'move' ? [{ store: one.store, start: one.start }] : [],
    );
    const slots = new Map(wanted.map((slot) => [`${slot.store} ${slot.start}`, slot]));
    for (const { store, start } of slots.values()) {
      const startMs = Date.parse(start);
      for (const one of await this.repository.findBooked(store, { startMs, endMs: startMs + LONGEST_SLOT_MS }))
        known.set(one.appointmentId, one);
    }
    return known;
  }
}

function answerOf(
  { id, source, appointmentId, store }: AppointmentMessage,
  decided: AppointmentDecided,
  version: number,
): AppointmentOutcome {
  const base = { id, source, appointmentId, store, version };
  if (decided.kind !== 'refused') return { ...base, result: decided.kind };
  const { code, field = '', detail } = decided.refusal;
  return { ...base, result: 'refused', errors: [{ field, code, detail }] };
}
