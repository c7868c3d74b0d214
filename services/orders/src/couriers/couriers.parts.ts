import { TOPICS } from '@shelfline/contracts/topics';
import { ConfigError } from '@shelfline/service-kit/config';
import type { Kit } from '@shelfline/service-kit/http';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import { Publisher } from '@shelfline/streaming/publisher';
import type { Connection } from 'mongoose';
import type { OrdersConfig } from '../config.js';
import { type IntakeServers, openIntakeStore } from '../intake.parts.js';
import type { Courier } from './courier.js';
import { CourierRunner } from './courier-runner.js';
import { COURIER_DOOR, type CourierDoor, CouriersController } from './couriers.controller.js';
import { CourierChoice, CouriersIntakeHandler } from './couriers-intake.handler.js';
import { couriersStream, PARCELS_DUE } from './couriers-intake.stream.js';
import { PARCEL_ENTRIES, ParcelsRepository } from './parcels.repository.js';
import { SimulatedCourier } from './simulated-courier.js';
import { SimulatedJourneys } from './simulated-journeys.js';
import { SimulatedParcels } from './simulated-parcels.js';

export const COURIER_TOPICS = [TOPICS.courierIntake];

/** The stream of parcels beside that of orders, the couriers it asks, and the door for what they tell. */
export async function buildCouriers(kit: Kit<OrdersConfig>, servers: IntakeServers) {
  const { config, log, lifecycle, metrics } = kit;
  const { connection, publisher } = servers;
  const repository = new ParcelsRepository(connection);
  const store = await openIntakeStore(servers, TOPICS.courierIntake, PARCEL_ENTRIES, repository);
  const secrets = secretsOf(config);
  const couriers = new Map<string, Courier>();
  if (config.COURIER === 'simulator') await addSimulator(kit, connection, couriers, secrets);
  const answers = metrics.counter({
    name: 'shelfline_orders_courier_answers_total',
    help: 'What couriers said to what was asked of them',
    labelNames: ['answer'],
  });
  const runner = new CourierRunner({
    couriers,
    publisher,
    timeoutMs: config.COURIER_TIMEOUT_MS,
    nowMs: Date.now,
    log,
    answered: (answer) => answers.inc({ answer }),
  });
  lifecycle.onStop('outbox', 'couriers', () => runner.settled());
  const due = new EarliestDue();
  const door: CourierDoor = { couriers, secrets, nowMs: Date.now };
  return {
    stream: couriersStream(store, `${config.TOPIC_PREFIX}couriers`, due),
    controllers: [CouriersIntakeHandler, CouriersController],
    providers: [
      { provide: ParcelsRepository, useValue: repository },
      { provide: PARCELS_DUE, useValue: due },
      { provide: CourierRunner, useValue: runner },
      { provide: CourierChoice, useValue: new CourierChoice(config.COURIER) },
      { provide: Publisher, useValue: publisher },
      { provide: COURIER_DOOR, useValue: door },
    ],
  };
}

async function addSimulator(
  { config, log, lifecycle }: Kit<OrdersConfig>,
  connection: Connection,
  couriers: Map<string, Courier>,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  const parcels = new SimulatedParcels(connection);
  await parcels.prepare();
  const { COURIER_SIMULATOR_STEP_MS: stepMs, PORT } = config;
  const courier = new SimulatedCourier(parcels, stepMs, Date.now);
  couriers.set(courier.name, courier);
  const secret = secrets.get(courier.name);
  if (secret === undefined)
    throw new ConfigError(
      'COURIER is simulator, and COURIER_WEBHOOK_SECRETS names no secret for it. Give simulator:SECRET there.',
    );
  const webhook = `http://127.0.0.1:${PORT}/api/orders/couriers/${courier.name}/events`;
  const journeys = new SimulatedJourneys({ parcels, webhook, secret, stepMs, nowMs: Date.now, log });
  journeys.start();
  lifecycle.onStop('http', 'simulated parcels', () => journeys.stop());
}

/** `name:secret`, comma between. */
const secretsOf = ({ COURIER_WEBHOOK_SECRETS }: OrdersConfig): ReadonlyMap<string, string> =>
  new Map(
    (COURIER_WEBHOOK_SECRETS?.reveal() ?? '')
      .split(',')
      .filter((pair) => pair !== '')
      .map((pair) => pair.trim().split(':') as [string, string]),
  );
