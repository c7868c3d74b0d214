import type { Kit } from '@shelfline/service-kit/http';
import { APPOINTMENT_TOPICS, buildAppointments } from './appointments/appointments.parts.js';
import type { OrdersConfig } from './config.js';
import { buildCouriers, COURIER_TOPICS } from './couriers/couriers.parts.js';
import type { IntakeServers } from './intake.parts.js';
import type { PromisableStock } from './promisable-stock.js';
import { RoundsRepository } from './visits/rounds.repository.js';
import { VisitsController } from './visits/visits.controller.js';

export const STORE_TOPICS = [...COURIER_TOPICS, ...APPOINTMENT_TOPICS];

/** What stores do besides their tasks: parcels, appointments, visits. */
export async function buildStores(kit: Kit<OrdersConfig>, servers: IntakeServers, stock: PromisableStock) {
  const couriers = await buildCouriers(kit, servers);
  const appointments = await buildAppointments(kit, servers, stock);
  const rounds = new RoundsRepository(servers.connection);
  await rounds.prepare();
  return {
    streams: [couriers.stream, appointments.stream],
    controllers: [...couriers.controllers, ...appointments.controllers, VisitsController],
    providers: [...couriers.providers, ...appointments.providers, { provide: RoundsRepository, useValue: rounds }],
  };
}
