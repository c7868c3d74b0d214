import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreditSimulator } from '../../services/orders/src/testing/credit-simulator.js';
import { until, WholeSystem } from './whole-system.js';

interface OrderBody {
  readonly state: string;
  readonly reason?: string;
  readonly waitingFor?: string;
  readonly buyer?: string;
  readonly lines: readonly { promisedUnits: number }[];
}
interface PlacedItem {
  readonly result: string;
  readonly errors?: readonly { code: string; field: string }[];
}
interface LevelBody {
  readonly onHand: number;
  readonly reserved: number;
}

const WHERE = { city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85, safetyStock: 0 };

describe('a school buys in bulk on account', () => {
  const system = new WholeSystem();
  const simulator = new CreditSimulator().open('S-1', 100_000, 'EUR');
  const put = async (path: string, body: object) =>
    expect((await system.call('PUT', `/api/catalog/${path}`, body)).status).toBeLessThan(300);
  const level = async () =>
    (await system.call<{ items: LevelBody[] }>('GET', '/api/inventory/levels?sku=BALL&location=dc')).body.items[0];
  const untilReserved = (units: number) => until(async () => (await level())?.reserved === units, `${units} reserved`);
  /** A piece costs 1,000. */
  const place = async (orderId: string, quantity: number, more: object = {}) => {
    const order = {
      orderId,
      lines: [{ lineId: '1', sku: 'BALL', quantity, unitPriceMinor: 1000 }],
      channel: 'web',
      placedAt: new Date().toISOString(),
      currency: 'EUR',
      method: 'courier',
      destination: { city: 'Lyon', region: 'south' },
      buyer: 'school',
      payment: 'on_account',
      ...more,
    };
    return (await system.call<{ items: PlacedItem[] }>('POST', '/api/orders', order, 'integrator')).body.items[0]!;
  };
  const orderOf = async (orderId: string) => (await system.call<OrderBody>('GET', `/api/orders/${orderId}`)).body;
  const untilOrder = (orderId: string, state: string) =>
    until(async () => (await orderOf(orderId)).state === state, `${orderId} ${state}`);
  const cancel = (orderId: string) => system.call('POST', `/api/orders/${orderId}/cancel`, {}, 'integrator');

  beforeAll(async () => {
    const url = await simulator.start();
    await system.start({ orders: { CREDIT_URL: url, CREDIT_TIMEOUT_MS: '500', ORDER_RETRY_MS: '1000' } });
    await put('locations/dc', { code: 'dc', name: 'DC', type: 'regional_dc', ...WHERE });
    await put('products/BALL', { sku: 'BALL', name: 'Ball' });
    const buying = { account: 'S-1', quantities: [{ skus: ['BALL'], minUnits: 20, packUnits: 10 }] };
    await put('organisations/school', { code: 'school', name: 'School', kind: 'retailer', buying });
    const occurredAt = new Date(Date.now() - 60_000).toISOString();
    const count = { id: 'c1', source: 'e2e', type: 'count', sku: 'BALL', location: 'dc', quantity: 500, occurredAt };
    await system.call('POST', '/api/inventory/deltas', [count], 'integrator');
    await until(async () => (await level())?.onHand === 500, 'stock');
    // A refusal is remembered under its id, so each try is an order of its own.
    let tries = 0;
    await until(async () => {
      const orderId = `probe-${++tries}`;
      // Its buyer too has to be known there.
      const { result } = await place(orderId, 20, { payment: 'paid' });
      if (result === 'placed') await cancel(orderId);
      return result === 'placed' ? true : undefined;
    }, 'the catalog has reached the service of orders');
    await untilReserved(0);
  }, 150_000);
  afterAll(async () => {
    await system.stop();
    await simulator.stop();
  }, 60_000);

  it('in whole packs, within its limit, through an outage, and what is cancelled is its own again', async () => {
    expect((await place('b-0', 15)).errors?.map(({ code, field }) => [code, field])).toEqual([
      ['below_minimum', 'lines[0].quantity'],
      ['not_whole_packs', 'lines[0].quantity'],
    ]);
    expect((await place('b-1', 60)).result).toBe('placed');
    await untilReserved(60);
    expect(simulator.heldMinor('S-1')).toBe(60_000);

    // Above the limit it waits, seen as what it is, and nothing is reserved for it.
    expect((await place('b-2', 50)).result).toBe('waiting_for_credit');
    expect(await orderOf('b-2')).toMatchObject({
      state: 'WAITING',
      waitingFor: 'credit',
      reason: 'credit_refused',
      buyer: 'school',
      lines: [{ promisedUnits: 0 }],
    });
    expect([(await level())?.reserved, simulator.heldMinor('S-1')]).toEqual([60, 60_000]);

    // What the first gives back is the second's, though orders is killed meanwhile and an answer is lost.
    simulator.misbehave('lose');
    expect((await cancel('b-1')).status).toBe(200);
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    await untilOrder('b-2', 'ROUTED');
    await untilReserved(50);
    await until(() => simulator.heldMinor('S-1') === 50_000, 'the credit of the first is given back');

    // Who gives credit is away: the order is kept, and goes on by itself.
    simulator.misbehave('fail', 'fail', 'hang', 'fail');
    expect((await place('b-3', 20)).result).toBe('waiting_for_credit');
    expect(await orderOf('b-3')).toMatchObject({ waitingFor: 'credit', reason: 'credit_unavailable' });
    await untilOrder('b-3', 'ROUTED');
    for (const orderId of ['b-2', 'b-3']) expect((await cancel(orderId)).status).toBe(200);
    await until(() => simulator.heldMinor('S-1') === 0, 'all credit is given back');
    await untilReserved(0);
  }, 120_000);
});
