import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection, type StoreTask } from '@shelfline/client/store';
import { countStock, openPlaces } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const NEAR = { name: 'Store near', type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 };
const FAR = { name: 'Store far', type: 'store', city: 'Lille', region: 'north', latitude: 50.63, longitude: 3.06 };

describe('an order on a store’s screen', () => {
  const system = new WholeSystem();
  const screens: StoreConnection[] = [];
  let serial = 0;
  const tokenOf = async (store: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?role=store&store=${store}`);
    return ((await response.json()) as { token: string }).token;
  };
  const screenOf = (store: string) => {
    const screen = connectStore({ url: system.address, token: () => tokenOf(store) });
    screens.push(screen);
    return screen;
  };
  const stock = (sku: string, units: Record<string, number>) => countStock(system, { sku }, units);
  const place = async (sku: string, over: object = {}) => {
    const orderId = `screen-${++serial}`;
    const lines = [{ lineId: '1', sku, quantity: 1, unitPriceMinor: 1990 }];
    const order = {
      orderId,
      channel: 'web',
      placedAt: new Date().toISOString(),
      currency: 'EUR',
      method: 'courier',
      lines,
    };
    const destination = { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4.84 };
    await system.call('POST', '/api/orders', { ...order, destination, ...over }, 'integrator');
    return orderId;
  };
  const taskOf = (screen: StoreConnection, orderId: string): StoreTask | undefined =>
    screen.tasks.find((task) => task.orderId === orderId);
  const untilTask = (screen: StoreConnection, orderId: string) =>
    until(async () => taskOf(screen, orderId), `${orderId} on the screen`);

  beforeAll(async () => {
    await system.start();
    await openPlaces(system, { near: NEAR, far: FAR });
  }, 120_000);
  afterEach(() => {
    for (const screen of screens.splice(0)) screen.close();
  });
  afterAll(() => system.stop(), 60_000);

  it('is there at once, is worked off step by step, and both screens of the store show the same', async () => {
    await stock('COAT', { near: 6 });
    const [first, second] = [screenOf('near'), screenOf('near')];
    const orderId = await place('COAT');
    const task = await untilTask(first, orderId);
    expect(task).toMatchObject({
      state: 'ASSIGNED',
      actions: ['accept', 'reject'],
      lines: [{ sku: 'COAT', quantity: 1 }],
    });
    expect(await first.accept(task.taskId)).toMatchObject({ ok: true, state: 'ACCEPTED' });
    await until(async () => taskOf(second, orderId)?.state === 'ACCEPTED', 'the other screen shows it');
    expect(await second.ship(task.taskId)).toMatchObject({ ok: false, allowed: ['pick', 'reject'] });
    expect(await second.pick(task.taskId)).toMatchObject({ ok: true, state: 'PICKING' });
    expect(await second.pack(task.taskId)).toMatchObject({ ok: true, state: 'PACKED' });
    expect(await first.ship(task.taskId, { tracking: 'T-1' })).toMatchObject({ ok: true, state: 'SHIPPED' });
    expect(await first.deliver(task.taskId)).toMatchObject({ ok: true, state: 'DELIVERED' });
    const { body } = await system.call('GET', `/api/orders/${orderId}`);
    expect(body).toMatchObject({ state: 'COMPLETED', tasks: [{ tracking: 'T-1' }] });
    await until(async () => taskOf(second, orderId) === undefined, 'it is off the screens');
  });

  it('goes to the next store’s screen when the first refuses it, and nobody else can touch it', async () => {
    await stock('HAT', { near: 6, far: 6 });
    const [near, far] = [screenOf('near'), screenOf('far')];
    const orderId = await place('HAT');
    const task = await untilTask(near, orderId);
    expect(await far.accept(task.taskId)).toMatchObject({ ok: false, code: 'not_found' });
    expect(await near.reject(task.taskId, 'not on the floor')).toMatchObject({ ok: true, state: 'REJECTED' });
    expect(await untilTask(far, orderId)).toMatchObject({ store: 'far', state: 'ASSIGNED' });
    await until(async () => taskOf(near, orderId) === undefined, 'it is off the first screen');
  });

  it('is told that a request’s id was used for something else, and the first stands', async () => {
    await stock('GLOVE', { near: 6 });
    const screen = screenOf('near');
    const { taskId } = await untilTask(screen, await place('GLOVE'));
    expect(await screen.accept(taskId, { id: 'r-1' })).toMatchObject({ ok: true, state: 'ACCEPTED' });
    expect(await screen.pick(taskId, { id: 'r-1' })).toMatchObject({ ok: false, code: 'conflict' });
    expect(await screen.accept(taskId, { id: 'r-1' })).toMatchObject({ ok: true, state: 'ACCEPTED' });
    expect(await screen.pick(taskId, { id: 'r-2' })).toMatchObject({ ok: true, state: 'PICKING' });
  });

  it('is waiting for a screen that was away', async () => {
    await stock('BAG', { near: 6 });
    const orderId = await place('BAG', { method: 'pickup', store: 'near', destination: undefined });
    const screen = screenOf('near');
    const { taskId } = await untilTask(screen, orderId);
    await screen.accept(taskId);
    await screen.pick(taskId);
    await screen.pack(taskId);
    expect(await screen.ready(taskId)).toMatchObject({ ok: true, state: 'READY_FOR_PICKUP' });
    const { body } = await system.call<{ waiting: { code: string }[] }>('GET', `/api/orders/${orderId}/handover`);
    const said = { code: body.waiting[0]!.code };
    expect(await screen.handOver(taskId, said)).toMatchObject({ ok: true, state: 'HANDED_OVER' });
    expect((await system.call('GET', `/api/orders/${orderId}`)).body).toMatchObject({ state: 'COMPLETED' });
  });

  it('can be told by whoever runs the store why it came there, in both languages', async () => {
    await stock('SHOE', { near: 6, far: 6 });
    const orderId = await place('SHOE');
    interface Told {
      readonly routings: readonly { readonly words: readonly string[] }[];
    }
    const { body } = await system.call<Told>('GET', `/api/orders/${orderId}/routing`);
    expect(body.routings[0]!.words.join(' ')).toContain('Store near');
    const chinese = await system.call<Told>('GET', `/api/orders/${orderId}/routing?language=zh`);
    expect(chinese.body.routings[0]!.words.join(' ')).toMatch(/\p{Script=Han}/u);
    expect((await system.call('GET', '/api/orders/nobody/routing')).status).toBe(404);
  });
});
