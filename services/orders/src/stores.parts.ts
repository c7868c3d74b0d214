import type { Kit } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { Connection } from 'mongoose';
import { APPOINTMENT_TOPICS, buildAppointments } from './appointments/appointments.parts.js';
import type { OrdersConfig } from './config.js';
import { buildCouriers, COURIER_TOPICS } from './couriers/couriers.parts.js';
import type { PromisableStock } from './promisable-stock.js';
import { RoundsRepository } from './visits/rounds.repository.js';
import { VisitsController } from './visits/visits.controller.js';

export const STORE_TOPICS = [...COURIER_TOPICS, ...APPOINTMENT_TOPICS];

interface Surroundings {
  readonly kafka: KafkaPort;
  readonly connection: Connection;
  readonly partitions: ReadonlyMap<string, number>;
  readonly publisher: Publisher;
  readonly stock: PromisableStock;
}

/** What stores do besides their tasks: parcels, appointments, visits. */
export async function buildStores(kit: Kit<OrdersConfig>, surroundings: Surroundings) {
  const couriers = await buildCouriers(kit, surroundings);
  const appointments = await buildAppointments(kit, surroundings);
  const rounds = new RoundsRepository(surroundings.connection);
  await rounds.prepare();
  return {
    streams: [couriers.stream, appointments.stream],
    controllers: [...couriers.controllers, ...appointments.controllers, VisitsController],
    providers: [...couriers.providers, ...appointments.providers, { provide: RoundsRepository, useValue: rounds }],
  };
}
