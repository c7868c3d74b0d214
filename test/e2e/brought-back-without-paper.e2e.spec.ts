import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KafkaPort, TailReader } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { countStock, openPlaces } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const PLACES = {
  dc: { type: 'ecommerce_dc', city: 'Paris', region: 'centre', latitude: 48.85, longitude: 2.35 },
  'store-lyon': { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 },
} as const;
const CUSTOMER = { city: 'Paris', region: 'centre', latitude: 48.86, longitude: 2.34 };
const RETURNS = '/api/orders/returns';

interface Returned {
  readonly state: string;
  readonly orderId: string;
  readonly refundMinor: number;
  readonly history: readonly { type: string; by: string; store?: string }[];
}
interface Problem {
  readonly detail: string;
  readonly allowed?: string[];
}

describe('bought online, brought back at another store without its paper', () => {
  const system = new WholeSystem();
  const refunds: Record<string, unknown>[] = [];
  let kafka: KafkaPort;
  let reader: TailReader | undefined;
  const post = (path: string, body: object, role: 'ops' | 'integrator' = 'integrator') =>
    system.call<Returned & Problem>('POST', path, body, role);
  const onHand = async (sku: string, location: string) => {
    const { body } = await system.call<{ items: { onHand: number }[] }>(
      'GET',
      `/api/inventory/levels?sku=${sku}&location=${location}`,
    );
    return body.items[0]?.onHand ?? 0;
  };

  async function buy(sku: string, channelOrder: string): Promise<string> {
    const orderId = `web-${sku}`;
    await countStock(system, { sku }, { dc: 5 });
    const lines = [{ lineId: '1', sku, quantity: 2, unitPriceMinor: 1990 }];
    const placedAt = new Date().toISOString();
    const order = { orderId, channel: 'web', channelOrder, placedAt, currency: 'EUR', method: 'courier', lines };
    expect(await post('/api/orders', { ...order, destination: CUSTOMER })).toMatchObject({ body: { placed: 1 } });
    for (const action of ['accept', 'pick', 'pack', 'ship'])
      expect((await post('/api/orders/tasks', { taskId: `${orderId}/1`, store: 'dc', action })).status).toBe(200);
    await until(async () => ((await onHand(sku, 'dc')) === 3 ? true : undefined), `${sku} has left`);
    return orderId;
  }

  /** Refunds on the topic so far, all of them read. */
  async function refundsOf(orderId: string): Promise<Record<string, unknown>[]> {
    const topic = `${system.prefix}orders.refunds`;
    const written = (await kafka.offsets(topic)).reduce((sum, { earliest, end }) => sum + end - earliest, 0);
    await until(() => (refunds.length >= written ? true : undefined), 'all refunds are read');
    return refunds.filter((refund) => refund['orderId'] === orderId);
  }

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, PLACES);
    kafka = await connectKafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'e2e-refunds' });
    reader = await kafka.tail({
      topics: [`${system.prefix}orders.refunds`],
      from: 'earliest',
      onRecords: (records) => {
        for (const { value } of records) refunds.push(JSON.parse(value!.toString()) as Record<string, unknown>);
      },
      onCrash: (error) => {
        throw error;
      },
    });
  }, 120_000);
  afterAll(async () => {
    await reader?.stop();
    await kafka?.close();
    await system.stop();
  }, 60_000);

  it('is found by the marketplace’s number, inspected and restocked there once, and paid back once', async () => {
    const orderId = await buy('COAT', 'TM-4711');
    const found = await system.call<{ items: { orderId: string; lines: { returnableUnits: number }[] }[] }>(
      'GET',
      `${RETURNS}/returnable?channelOrder=TM-4711`,
    );
    expect(found.body.items).toMatchObject([{ orderId, lines: [{ lineId: '1', returnableUnits: 2 }] }]);
    const lines = [{ lineId: '1', units: 1 }];
    const asked = { orderId, returnId: 'r1', store: 'store-lyon', receivedHere: true, lines };
    expect(await post(RETURNS, asked)).toMatchObject({ status: 200, body: { state: 'RECEIVED' } });
    expect(await post(RETURNS, asked)).toMatchObject({ status: 200, body: { state: 'RECEIVED' } });
    const more = { orderId, returnId: 'r2', lines: [{ lineId: '1', units: 2 }] };
    expect(await post(RETURNS, more)).toMatchObject({ status: 409 });
    const path = `${RETURNS}/${orderId}/r1`;
    const inspected = [{ lineId: '1', units: 1, condition: 'as_new', photos: ['photo/1'] }];
    expect(await post(`${path}/inspect`, { id: 'i1', store: 'dc', lines: inspected })).toMatchObject({ status: 409 });
    const inspect = { id: 'i2', store: 'store-lyon', lines: inspected };
    expect(await post(`${path}/inspect`, inspect)).toMatchObject({ status: 200, body: { refundMinor: 1990 } });
    expect(await post(`${path}/inspect`, inspect)).toMatchObject({ status: 200, body: { refundMinor: 1990 } });
    const dispose = { id: 'd1', store: 'store-lyon', lines: [{ lineId: '1', units: 1, to: 'restock' }] };
    expect(await post(`${path}/dispose`, dispose)).toMatchObject({ status: 200, body: { state: 'CLOSED' } });
    expect(await post(`${path}/dispose`, { ...dispose, id: 'd2' })).toMatchObject({
      status: 409,
      body: { allowed: [] },
    });
    await until(async () => ((await onHand('COAT', 'store-lyon')) === 1 ? true : undefined), 'it stands in the store');
    expect(await refundsOf(orderId)).toMatchObject([{ channel: 'web', channelOrder: 'TM-4711', refundMinor: 1990 }]);
  });

  it('is counted and paid back once with the service killed at each step', async () => {
    const orderId = await buy('HAT', 'TM-4712');
    const store = 'store-lyon';
    const path = `${RETURNS}/${orderId}/r1`;
    const line = { lineId: '1', units: 1 };
    const steps: [string, object][] = [
      [RETURNS, { id: 'q', orderId, returnId: 'r1', store, receivedHere: true, lines: [line] }],
      [`${path}/inspect`, { id: 'i', store, lines: [{ ...line, condition: 'as_new' }] }],
      [`${path}/dispose`, { id: 'd', store, lines: [{ ...line, to: 'restock' }] }],
    ];
    for (const [address, body] of steps) {
      const lost = post(address, body).catch(() => undefined);
      await system.kill('orders');
      system.startService('orders');
      await system.untilReady();
      await lost;
      await until(async () => ((await post(address, body)).status === 200 ? true : undefined), address);
    }
    await until(async () => ((await onHand('HAT', store)) === 1 ? true : undefined), 'it stands in the store');
    const { body } = await system.call<Returned>('GET', path);
    expect(body).toMatchObject({ state: 'CLOSED', refundMinor: 1990 });
    expect(body.history.map(({ type }) => type)).toEqual(['requested', 'received', 'inspected', 'disposed']);
    const ids = new Set((await refundsOf(orderId)).map(({ instructionId }) => instructionId));
    expect(ids.size).toBe(1);
    expect(await onHand('HAT', store)).toBe(1);
  }, 120_000);

  it('waits for head office where the sale is not known here', async () => {
    const foreign = { channel: 'web', number: 'JD-99' };
    const lines = [{ lineId: '1', sku: 'COAT', units: 1 }];
    const known = { channel: 'web', number: 'TM-4711' };
    expect(await post(RETURNS, { returnId: 'r9', foreign: known, lines })).toMatchObject({
      status: 409,
      body: { allowed: ['web-COAT'] },
    });
    const asked = await post(RETURNS, { returnId: 'r1', foreign, lines, store: 'store-lyon' });
    expect(asked).toMatchObject({ status: 200, body: { state: 'HELD', orderId: 'foreign:web:JD-99' } });
    const path = `${RETURNS}/foreign:web:JD-99/r1`;
    expect((await post(`${path}/approve`, {})).status).toBe(403);
    expect(await post(`${path}/approve`, {}, 'ops')).toMatchObject({ status: 200, body: { state: 'REQUESTED' } });
    const listed = await system.call<{ items: Returned[] }>('GET', `${RETURNS}?state=REQUESTED`);
    expect(listed.body.items.map(({ orderId }) => orderId)).toEqual(['foreign:web:JD-99']);
  });
});
