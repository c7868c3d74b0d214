import { isOver } from '../domain/appointments/decide-appointment.js';
import { APPOINTMENT_DESK, type AppointmentDesk } from './appointment-desk.js';
import type { AppointmentsRepository, CustomerKeys } from './appointments.repository.js';

/** In one request; of whom there are more is asked for again. */
const MOST_APPOINTMENTS = 500;

export interface ErasedAppointments {
  readonly erased: number;
  /** To which he is still to come. */
  readonly notYet: readonly string[];
  readonly more: boolean;
}

/** Takes a customer out of his appointments, by messages to their stores' partitions. */
export class AppointmentErasure {
  constructor(
    private readonly repository: Pick<AppointmentsRepository, 'findOfCustomer'>,
    private readonly desk: Pick<AppointmentDesk, 'ask'>,
    private readonly nowMs: () => number,
  ) {}

  async erase(keys: CustomerKeys): Promise<ErasedAppointments> {
    const found = await this.repository.findOfCustomer(keys, MOST_APPOINTMENTS);
    const over = found.filter((one) => isOver(one, this.nowMs()));
    await Promise.all(
      over.map(({ appointmentId, store, version }) =>
        this.desk.ask({
          type: 'erase',
          id: `erase/${appointmentId}/${version}`,
          source: APPOINTMENT_DESK,
          appointmentId,
          store,
        }),
      ),
    );
    const notYet = found.filter((one) => !over.includes(one)).map(({ appointmentId }) => appointmentId);
    return { erased: over.length, notYet, more: found.length === MOST_APPOINTMENTS && over.length > 0 };
  }
}
