import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection, type StoreTask } from '@shelfline/client/store';
import { connectStorefront, type StorefrontConnection, type TrackedOrder } from '@shelfline/client/storefront';
import { countStock, openPlaces } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const LYON = { city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 };
const LILLE = { city: 'Lille', region: 'north', latitude: 50.63, longitude: 3.06 };
const PLACES = {
  near: { type: 'store', ...LYON },
  far: { type: 'store', ...LILLE },
  dc: { type: 'regional_dc', ...LILLE },
};
type Place = keyof typeof PLACES;
const HOME = { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4.84, address: '1 rue X', recipient: 'Anna' };
const COURIER = ['accept', 'pick', 'pack', 'ship', 'deliver'] as const;
const COLLECTED = ['accept', 'pick', 'pack', 'ready', 'hand_over'] as const;
type Step = (typeof COURIER | typeof COLLECTED)[number];

interface Flow {
  readonly what: string;
  readonly stock: Partial<Record<Place, number>>;
  readonly order: object;
  readonly refusedBy?: Place;
  readonly at: Place;
  readonly steps: readonly Step[];
  /** What the customer sees after each step. */
  readonly states: readonly string[];
}

const FLOWS: readonly Flow[] = [
  {
    what: 'a store sells what it has',
    stock: { near: 2 },
    order: { method: 'carry_out', store: 'near', soldAt: 'near', soldBy: 'lin', memberId: 'M1' },
    at: 'near',
    steps: ['accept', 'hand_over'],
    states: ['ACCEPTED', 'HANDED_OVER'],
  },
  {
    what: 'a store sells what only another store has, sent by courier',
    stock: { far: 2 },
    order: { method: 'courier', soldAt: 'near', soldBy: 'lin', destination: HOME },
    at: 'far',
    steps: COURIER,
    states: ['ACCEPTED', 'PICKING', 'PACKED', 'SHIPPED', 'DELIVERED'],
  },
  {
    what: 'a store sells to a customer at home, visited by its guide',
    stock: { near: 2 },
    order: { method: 'guide_visit', soldAt: 'near', soldBy: 'lin', destination: HOME },
    at: 'near',
    steps: COURIER,
    states: ['ACCEPTED', 'PICKING', 'PACKED', 'SHIPPED', 'DELIVERED'],
  },
  {
    what: 'an order of a marketplace is delivered within the city',
    stock: { near: 2, far: 2, dc: 2 },
    order: { method: 'same_city', channel: 'tmall', channelOrder: 'T-77', destination: HOME },
    at: 'near',
    steps: COURIER,
    states: ['ACCEPTED', 'PICKING', 'PACKED', 'SHIPPED', 'DELIVERED'],
  },
  {
    what: 'an online order is sent by a warehouse, being only there',
    stock: { dc: 2 },
    order: { method: 'courier', destination: HOME },
    at: 'dc',
    steps: COURIER,
    states: ['ACCEPTED', 'PICKING', 'PACKED', 'SHIPPED', 'DELIVERED'],
  },
  {
    what: 'an online order is collected with the code its customer shows',
    stock: { near: 2 },
    order: { method: 'pickup', store: 'near' },
    at: 'near',
    steps: COLLECTED,
    states: ['ACCEPTED', 'PICKING', 'PACKED', 'READY_FOR_PICKUP', 'HANDED_OVER'],
  },
  {
    what: 'an order that its store refuses goes to the next one, and its customer sees nothing of it',
    stock: { near: 2, far: 2 },
    order: { method: 'courier', destination: HOME },
    refusedBy: 'near',
    at: 'far',
    steps: COURIER,
    states: ['ACCEPTED', 'PICKING', 'PACKED', 'SHIPPED', 'DELIVERED'],
  },
];

describe('an order on the screens of its stores and of its customer', () => {
  const system = new WholeSystem();
  const screens = {} as Record<Place, StoreConnection>;
  let customer: StorefrontConnection;
  let serial = 0;
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const levelOf = async (sku: string, place: Place) => {
    const path = `/api/inventory/levels?sku=${sku}&location=${place}`;
    const { body } = await system.call<{ items: { onHand: number; reserved: number }[] }>('GET', path);
    return body.items[0];
  };
  const place = async (sku: string, over: object) => {
    const orderId = `flow-${++serial}`;
    const lines = [{ lineId: '1', sku, quantity: 1, unitPriceMinor: 1990 }];
    const order = { orderId, channel: 'web', placedAt: new Date().toISOString(), currency: 'EUR', lines, ...over };
    const { body } = await system.call<{ items: { result: string; trackingToken: string }[] }>(
      'POST',
      '/api/orders',
      order,
      'integrator',
    );
    expect(body.items[0]).toMatchObject({ result: 'placed' });
    return { orderId, token: body.items[0]!.trackingToken };
  };
  const taskAt = (place: Place, orderId: string): Promise<StoreTask> =>
    until(() => screens[place].tasks.find((task) => task.orderId === orderId), `${orderId} on the screen of ${place}`);
  const shownCode = async (orderId: string) => {
    const { body } = await system.call<{ waiting: { code: string }[] }>('GET', `/api/orders/${orderId}/handover`);
    return body.waiting[0]!.code;
  };

  const act = async (place: Place, taskId: string, step: Step, collects: string | undefined) => {
    if (step !== 'hand_over') return screens[place][step](taskId);
    return screens[place].handOver(taskId, collects === undefined ? {} : { code: await shownCode(collects) });
  };

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, PLACES);
    for (const code of Object.keys(PLACES))
      screens[code as Place] = connectStore({ url: system.address, token: () => tokenOf(`role=store&store=${code}`) });
    const pools = [{ code: 'all', locationTypes: ['store', 'regional_dc'] }];
    for (const code of ['web', 'tmall'])
      await system.call('PUT', `/api/catalog/channels/${code}`, { code, name: code, pools });
    customer = connectStorefront({ url: system.address, token: () => tokenOf('role=storefront') });
  }, 120_000);
  afterAll(async () => {
    for (const one of [customer, ...Object.values(screens)]) one?.close();
    await system.stop();
  }, 60_000);

  it.each(FLOWS)('$what', async ({ stock: units, order, refusedBy, at, steps, states }) => {
    const sku = `SKU-${serial + 1}`;
    await countStock(system, { sku }, units, 'channel' in order ? 'tmall' : 'web');
    const { orderId, token } = await place(sku, order);
    const seen: TrackedOrder[] = [];
    customer.track(token, (tracked) => seen.push(tracked));
    const sees = (state: string) =>
      until(
        () => (seen.at(-1)?.parcels.some((parcel) => parcel.state === state) ? true : undefined),
        `the customer sees ${state}`,
      );
    if (refusedBy) await screens[refusedBy].reject((await taskAt(refusedBy, orderId)).taskId, 'not on the floor');
    const { taskId } = await taskAt(at, orderId);
    expect(await levelOf(sku, at)).toMatchObject({ reserved: 1 });
    await sees('ASSIGNED');
    for (const [i, step] of steps.entries()) {
      expect(await act(at, taskId, step, steps.includes('ready') ? orderId : undefined)).toMatchObject({ ok: true });
      await sees(states[i]!);
    }
    await until(() => (seen.at(-1)?.state === 'COMPLETED' ? true : undefined), 'the customer sees that it is over');
    expect(JSON.stringify(seen)).not.toMatch(/REJECTED|not on the floor|Anna|rue X/);
    for (const screen of Object.values(screens))
      await until(() => !screen.tasks.some((task) => task.orderId === orderId), 'off every screen');
    expect((await system.call('GET', `/api/orders/${orderId}`)).body).toMatchObject({ state: 'COMPLETED' });
    const left = async () => {
      const level = await levelOf(sku, at);
      return level?.onHand === 1 && level.reserved === 0 ? true : undefined;
    };
    await until(left, 'one less stands there, and nothing is reserved');
  });
});
