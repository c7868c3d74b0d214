import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection } from '@shelfline/client/store';
import { connectStorefront, type StorefrontConnection, type TrackedOrder } from '@shelfline/client/storefront';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

interface Link {
  readonly token: string;
}

describe('an order as its customer follows it', () => {
  const system = new WholeSystem();
  const open: (StoreConnection | StorefrontConnection)[] = [];
  let serial = 0;
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const customer = () => {
    const connection = connectStorefront({ url: system.address, token: () => tokenOf('role=storefront') });
    open.push(connection);
    return connection;
  };
  const shop = () => {
    const screen = connectStore({ url: system.address, token: () => tokenOf('role=store&store=near') });
    open.push(screen);
    return screen;
  };
  const place = async () => {
    const orderId = `tracked-${++serial}`;
    const lines = [{ lineId: '1', sku: 'COAT', quantity: 1, unitPriceMinor: 1990 }];
    const destination = { city: 'Lyon', region: 'south', address: '1 rue X', recipient: 'Anna' };
    const more = { channel: 'web', placedAt: new Date().toISOString(), currency: 'EUR', method: 'courier' };
    const { body } = await system.call<{ items: { trackingToken?: string }[] }>(
      'POST',
      '/api/orders',
      { orderId, lines, destination, ...more },
      'integrator',
    );
    return { orderId, taskId: `${orderId}/1`, token: body.items[0]!.trackingToken! };
  };
  const follow = (connection: StorefrontConnection, token: string) => {
    const seen: TrackedOrder[] = [];
    connection.track(token, (order) => seen.push(order));
    const sees = (state: string) =>
      until(() => (seen.at(-1)?.parcels[0]?.state === state ? true : undefined), `the customer sees ${state}`);
    return { seen, sees };
  };
  const taskOn = (screen: StoreConnection, taskId: string) =>
    until(() => screen.get(taskId) && screen.state === 'live' && screen.isComplete, `${taskId} on the screen`);
  const expectNeverBack = (seen: readonly TrackedOrder[]) => {
    const versions = seen.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
  };

  beforeAll(async () => {
    await system.start();
    const product = { sku: 'COAT', name: 'Coat' };
    await stockPlace(system, { code: 'near', facts: { name: 'Store near' }, product, units: 20 });
  }, 150_000);
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });
  afterAll(() => system.stop(), 60_000);

  it('changes with each step of the store, and holds nothing personal', async () => {
    const { token, taskId } = await place();
    const screen = shop();
    await taskOn(screen, taskId);
    const { seen, sees } = follow(customer(), token);
    await sees('ASSIGNED');
    for (const [act, state] of [
      ['accept', 'ACCEPTED'],
      ['pick', 'PICKING'],
      ['pack', 'PACKED'],
    ] as const) {
      expect(await screen[act](taskId)).toMatchObject({ ok: true });
      await sees(state);
    }
    expect(await screen.ship(taskId, { tracking: 'T-1' })).toMatchObject({ ok: true });
    expect(await screen.deliver(taskId)).toMatchObject({ ok: true });
    await sees('DELIVERED');
    expect(seen.at(-1)).toMatchObject({ state: 'COMPLETED', parcels: [{ tracking: 'T-1' }] });
    expectNeverBack(seen);
    expect(JSON.stringify(seen)).not.toMatch(/Anna|rue X|near/);
  }, 60_000);

  it('is for whoever holds its link, which trusted systems get and stores do not', async () => {
    const { orderId } = await place();
    const path = `/api/orders/${orderId}/tracking-link`;
    const { body } = await system.call<Link>('GET', path, undefined, 'integrator');
    const { seen } = follow(customer(), body.token);
    await until(() => seen.at(-1)?.orderId === orderId, 'the order');
    const asStore = { authorization: `Bearer ${await tokenOf('role=store&store=near')}` };
    expect((await fetch(system.address + path, { headers: asStore })).status).toBe(403);
    expect((await system.call('GET', '/api/orders/nobody/tracking-link')).status).toBe(404);
    const forger = customer();
    const problem = new Promise<{ status: number }>((resolve) => forger.onProblem(resolve));
    forger.track(`${body.token.slice(0, -4)}AAAA`, () => {});
    expect((await problem).status).toBe(403);
  }, 60_000);

  it('ends right and never goes back while the gateway and orders are killed', async () => {
    const { token, taskId } = await place();
    const screen = shop();
    await taskOn(screen, taskId);
    const { seen, sees } = follow(customer(), token);
    await sees('ASSIGNED');
    expect(await screen.accept(taskId)).toMatchObject({ ok: true });
    await system.kill('gateway');
    system.startService('gateway');
    await system.untilReady();
    await taskOn(screen, taskId);
    // It is killed right after it may have committed: what it had not yet told comes from its successor.
    const picked = screen.pick(taskId);
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    await picked;
    await until(async () => {
      const answer = await screen.pick(taskId);
      return answer.ok || screen.get(taskId)?.state === 'PICKING' ? true : undefined;
    }, 'picked');
    await sees('PICKING');
    await system.kill('gateway');
    await until(() => screen.state !== 'live', 'the screen noticed');
    expect(seen.at(-1)?.parcels[0]?.state).toBe('PICKING');
    system.startService('gateway');
    await system.untilReady();
    await taskOn(screen, taskId);
    expect(await screen.pack(taskId)).toMatchObject({ ok: true });
    expect(await screen.ship(taskId, { tracking: 'T-2' })).toMatchObject({ ok: true });
    await sees('SHIPPED');
    expectNeverBack(seen);
    const fresh = follow(customer(), token);
    await fresh.sees('SHIPPED');
    expect(fresh.seen.at(-1)).toEqual(seen.at(-1));
  }, 240_000);
});
