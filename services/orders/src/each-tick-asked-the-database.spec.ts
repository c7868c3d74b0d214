import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@shelfline/service-kit/metrics';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { Batch } from '@shelfline/streaming/stream';
import type { Connection } from 'mongoose';
import { Absences } from './absences.js';
import { AppointmentsRepository } from './appointments/appointments.repository.js';
import {
  AppointmentKeeping,
  AppointmentPlaces,
  AppointmentsIntakeHandler,
} from './appointments/appointments-intake.handler.js';
import { appointmentsStream } from './appointments/appointments-intake.stream.js';
import { CartTimes } from './carts/cart-times.js';
import { CartsRepository } from './carts/carts.repository.js';
import { CartsIntakeHandler } from './carts/carts-intake.handler.js';
import { cartsStream } from './carts/carts-intake.stream.js';
import { CartsMetrics } from './carts/carts-metrics.js';
import { CourierChoice, CouriersIntakeHandler } from './couriers/couriers-intake.handler.js';
import { couriersStream } from './couriers/couriers-intake.stream.js';
import { ParcelsRepository } from './couriers/parcels.repository.js';
import { OrdersRepository } from './orders.repository.js';
import { OrdersIntakeHandler } from './orders-intake.handler.js';
import { ordersStream } from './orders-intake.stream.js';
import { OrdersMetrics } from './orders-metrics.js';
import { RecentOrders } from './recent-orders.js';
import { RisenStock } from './risen-stock.js';
import { NO_DAYS, TRACKING } from './testing/order-intake.js';
import { worldAt } from './testing/placing.js';
import { TransferSurroundings } from './transfers/transfer-surroundings.js';
import { TransfersRepository } from './transfers/transfers.repository.js';
import { TransfersIntakeHandler } from './transfers/transfers-intake.handler.js';
import { transfersStream } from './transfers/transfers-intake.stream.js';
import { TransfersMetrics } from './transfers/transfers-metrics.js';

const PARTITION = 1;
const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = Date.UTC(2026, 0, 1);

/** An empty database that notes what is asked of it. */
class Commands {
  readonly asked: string[] = [];
  readonly connection = { collection: (name: string) => this.collection(name) } as unknown as Connection;

  take(): readonly string[] {
    return this.asked.splice(0);
  }
  private collection(name: string) {
    const note = (what: string) => void this.asked.push(`${what} ${name}`);
    const cursor = {
      sort: () => cursor,
      limit: () => cursor,
      toArray: () => (note('find'), Promise.resolve([])),
    };
    return {
      find: () => cursor,
      findOne: () => (note('findOne'), Promise.resolve(null)),
      updateMany: () => (note('updateMany'), Promise.resolve()),
    };
  }
}

interface Idle {
  readonly handler: {
    handleBatch(batch: Batch<never>): Promise<{ readonly nothingChanged: boolean; committed(): void }>;
  };
  readonly released: (partition: number) => void;
}
type Made = (connection: Connection, due: EarliestDue) => Idle;
const none = {} as never;
const TRANSFER_TIMES = { approveWithinMs: 1, shipWithinMs: 1, receiveWithinMs: 1, askAgainAfterMs: 1 };

const orders: Made = (connection, due) => {
  const repository = new OrdersRepository(connection, 5000);
  const absences = new Absences((partition) => repository.findLastAppliedMs(partition));
  const recent = new RecentOrders();
  const surroundings = { at: ({ atMs }: { atMs: number }) => worldAt(atMs, {}), ...NO_DAYS } as never;
  const metrics = new OrdersMetrics(new Metrics('orders'));
  const handler = new OrdersIntakeHandler(
    repository,
    surroundings,
    new RisenStock(),
    metrics,
    TRACKING,
    absences,
    recent,
    due,
  );
  const stream = ordersStream({ repository, store: none, groupId: 'g', tracking: TRACKING, absences, recent, due });
  return { handler, ...stream };
};
const transfers: Made = (connection, due) => {
  const repository = new TransfersRepository(connection, TRANSFER_TIMES);
  const surroundings = new TransferSurroundings(none, TRANSFER_TIMES, []);
  const metrics = new TransfersMetrics(new Metrics('orders'));
  const handler = new TransfersIntakeHandler(repository, surroundings, metrics, due);
  return { handler, ...transfersStream(none, 'g', due) };
};
const couriers: Made = (connection, due) => {
  const runner = { ask: () => {} } as never;
  const repository = new ParcelsRepository(connection);
  const handler = new CouriersIntakeHandler(repository, runner, new CourierChoice('simulator'), due);
  return { handler, ...couriersStream(none, 'g', due) };
};
const carts: Made = (connection, due) => {
  const repository = new CartsRepository(connection);
  const metrics = new CartsMetrics(new Metrics('orders'));
  const handler = new CartsIntakeHandler(repository, none, new CartTimes(DAY_MS), metrics, due);
  return { handler, ...cartsStream({ repository, store: none, groupId: 'g', due }) };
};
const appointments: Made = (connection, due) => {
  const repository = new AppointmentsRepository(connection);
  const places = new AppointmentPlaces(() => undefined);
  const handler = new AppointmentsIntakeHandler(repository, places, new AppointmentKeeping(DAY_MS), due);
  return { handler, ...appointmentsStream(none, 'g', due) };
};

describe('an idle tick', () => {
  it.each([
    ['orders', orders, ['findOne checkpoints', 'findOne orders']],
    ['transfers', transfers, ['findOne transfers']],
    ['couriers', couriers, ['findOne parcels']],
    ['carts', carts, ['findOne carts', 'findOne cart_entries']],
    ['appointments', appointments, ['findOne appointments']],
  ] as const)('of %s asks the database nothing, but once in each claim', async (_, make, onClaim) => {
    const commands = new Commands();
    const { handler, released } = make(commands.connection, new EarliestDue());
    let offset = 0;
    const tick = async () => {
      const record = { topic: 't', partition: PARTITION, key: null, value: null, headers: {} };
      const timestampMs = NOW_MS + 500 * offset;
      const items = [{ kind: 'tick' as const, record: { ...record, offset: offset++, timestampMs } }];
      const decision = await handler.handleBatch({ items, partition: PARTITION, partitions: 8, generation: 1 });
      expect(decision.nothingChanged).toBe(true);
      decision.committed();
    };
    await tick();
    expect(commands.take()).toEqual(onClaim);
    for (let i = 0; i < 1000; i++) await tick();
    expect(commands.take()).toEqual([]);
    released(PARTITION);
    await tick();
    expect(commands.take()).toEqual(onClaim);
  });
});
