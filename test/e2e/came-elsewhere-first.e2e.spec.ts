import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStorefront, type StorefrontConnection, type TrackedOrder } from '@shelfline/client/storefront';
import { until, WholeSystem } from './whole-system.js';

interface OrderBody {
  readonly state: string;
  readonly reason?: string;
  readonly waitingFor?: string;
  readonly promisedBy?: string;
  readonly lines: readonly { promisedUnits: number; awaitedUnits?: number; expectedAt?: string }[];
  readonly tasks: readonly { store: string }[];
}
interface StepBody {
  readonly type: string;
  readonly words: string;
  readonly details?: readonly string[];
  readonly expectedAt?: string;
  readonly formerlyExpectedAt?: string;
}
interface PlacedItem {
  readonly result: string;
  readonly expectedAt?: string;
  readonly trackingToken?: string;
}
interface LevelBody {
  readonly onHand: number;
  readonly reserved: number;
  readonly incoming: number;
  readonly promisedIncoming?: number;
}

const WHERE = { city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85, safetyStock: 0 };
const EXPECTED_AT = '2030-04-01T08:00:00.000Z';
/** A day of handling after it came. */
const LEAVES_AT = '2030-04-02T08:00:00.000Z';
const MOVED_TO = '2030-04-11T08:00:00.000Z';
const LEAVES_LATER = '2030-04-12T08:00:00.000Z';

describe('an order that awaits a delivery', () => {
  const system = new WholeSystem();
  const open: StorefrontConnection[] = [];
  let serial = 0;
  const put = async (path: string, body: object) =>
    expect((await system.call('PUT', `/api/catalog/${path}`, body)).status).toBeLessThan(300);
  const fact = (type: string, location: string, quantity: number, more: object = {}) => {
    const named = { id: `f${++serial}`, source: 'supplier', sku: 'COAT', occurredAt: new Date().toISOString() };
    const delta = { ...named, type, location, quantity, reference: 'PO-1', ...more };
    return system.call('POST', '/api/inventory/deltas', [delta], 'integrator');
  };
  const untilLevel = (location: string, wanted: Partial<LevelBody>) =>
    until(
      async () => {
        const path = `/api/inventory/levels?sku=COAT&location=${location}`;
        const [found] = (await system.call<{ items: LevelBody[] }>('GET', path)).body.items;
        return Object.entries(wanted).every(([name, units]) => (found?.[name as keyof LevelBody] ?? 0) === units);
      },
      `${location} ${JSON.stringify(wanted)}`,
    );
  const place = async (orderId: string, quantity: number, over: object = {}) => {
    const lines = [{ lineId: '1', sku: 'COAT', quantity, unitPriceMinor: 1990 }];
    const how = { channel: 'web', currency: 'EUR', method: 'courier', wish: 'backorder' };
    const destination = { city: 'Lyon', region: 'south' };
    const order = { orderId, lines, ...how, destination, placedAt: new Date().toISOString(), ...over };
    return (await system.call<{ items: PlacedItem[] }>('POST', '/api/orders', order, 'integrator')).body.items[0]!;
  };
  const orderOf = async (orderId: string) => (await system.call<OrderBody>('GET', `/api/orders/${orderId}`)).body;
  const timelineOf = async (orderId: string, language: string) => {
    const path = `/api/orders/${orderId}/timeline?language=${language}`;
    return (await system.call<{ steps: StepBody[] }>('GET', path)).body.steps;
  };
  const follow = async (token: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?role=storefront`);
    const own = ((await response.json()) as { token: string }).token;
    const connection = connectStorefront({ url: system.address, token: () => Promise.resolve(own) });
    open.push(connection);
    const seen: TrackedOrder[] = [];
    connection.track(token, (order) => seen.push(order));
    return seen;
  };

  beforeAll(async () => {
    await system.start();
    await put('locations/dc', { code: 'dc', name: 'Lyon warehouse', type: 'regional_dc', ...WHERE });
    await put('locations/online', {
      code: 'online',
      name: 'Online warehouse',
      nameZh: '电商仓',
      type: 'ecommerce_dc',
      ...WHERE,
    });
    await put('products/COAT', { sku: 'COAT', name: 'Coat' });
    const pools = [{ code: 'all', locationTypes: ['regional_dc', 'ecommerce_dc'] }];
    await put('channels/web', { code: 'web', name: 'Web', pools, presale: [{ skus: ['COAT'], handlingDays: 1 }] });
    await fact('expect', 'dc', 5, { expectedAt: EXPECTED_AT });
    await untilLevel('dc', { incoming: 5 });
    // A refusal is remembered under its id, so each try is an order of its own.
    let tries = 0;
    await until(async () => {
      const orderId = `probe-${++tries}`;
      const { result } = await place(orderId, 1);
      await system.call('POST', `/api/orders/${orderId}/cancel`, {}, 'integrator');
      return result === 'backordered' ? true : undefined;
    }, 'catalog and delivery have reached the service of orders');
    await untilLevel('dc', { incoming: 5, promisedIncoming: 0 });
  }, 150_000);
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });
  afterAll(() => system.stop(), 60_000);

  it('is sent what comes in elsewhere first, gives the delivery back, and says so in its timeline', async () => {
    const first = await place('m-1', 3);
    expect(first).toMatchObject({ result: 'backordered', expectedAt: LEAVES_AT });
    expect(await place('m-2', 2)).toMatchObject({ result: 'backordered' });
    const seen = await follow(first.trackingToken!);
    await until(() => seen.at(-1)?.lines[0]?.expectedAt === LEAVES_AT, 'the customer sees the day');

    // Of too little elsewhere nothing is taken for the order of three; the one of two has it.
    await fact('receipt', 'online', 2, { reference: 'PO-9' });
    await until(async () => (await orderOf('m-2')).tasks.length === 1, 'm-2 goes to the online warehouse');
    expect(await orderOf('m-1')).toMatchObject({ state: 'WAITING', lines: [{ awaitedUnits: 3 }] });
    await untilLevel('dc', { incoming: 5, promisedIncoming: 3 });

    // Killed as the stock rises, the service of orders finds it all the same.
    await system.kill('orders');
    await fact('receipt', 'online', 3, { reference: 'PO-10' });
    await untilLevel('online', { onHand: 5 });
    system.startService('orders');
    await system.untilReady();
    // Whether it hears of what rose while it was away is chance; of the next piece it does.
    await fact('receipt', 'online', 1, { reference: 'PO-11' });
    const moved = await until(async () => {
      const found = await orderOf('m-1');
      return found.tasks.length === 1 ? found : undefined;
    }, 'm-1 goes to the online warehouse');
    expect(moved).toMatchObject({ state: 'ROUTED', tasks: [{ store: 'online' }], lines: [{ promisedUnits: 3 }] });
    expect(moved.lines[0]).not.toHaveProperty('awaitedUnits');
    await until(() => seen.at(-1)?.parcels.length === 1, 'the customer sees the parcel');
    await untilLevel('online', { onHand: 6, reserved: 5 });
    await untilLevel('dc', { incoming: 5, promisedIncoming: 0, reserved: 0 });

    const steps = await timelineOf('m-1', 'en');
    expect(steps.find(({ type }) => type === 'backorder_replaced')?.words).toBe(
      '3 pieces of line 1 come from Online warehouse, sooner than the delivery they were promised of; that promise was given back.',
    );
    expect(steps.flatMap(({ details = [] }) => details)).toContain(
      'Until now it was promised of what is on its way to Lyon warehouse, to leave on 2030-04-02; there is stock sooner. That promise is given back only once this is reserved.',
    );
    const inChinese = await timelineOf('m-1', 'zh');
    expect(inChinese.find(({ type }) => type === 'backorder_replaced')?.words).toBe(
      '行 1 的 3 件改由 电商仓 供应，早于原承诺的在途到货；原在途承诺已释放。',
    );
    const { body } = await system.call<{ driftUnits: number }>('GET', '/api/inventory/verify');
    expect(body.driftUnits).toBe(0);
  }, 120_000);

  it('is told when the day of the delivery moves, and waits in the queue when it is cancelled', async () => {
    // What is free elsewhere is taken first, so that all of this order awaits the delivery.
    await place('d-0', 1);
    const first = await place('d-1', 3, { promisedBy: '2030-04-05T18:00:00.000Z' });
    expect(first).toMatchObject({ result: 'backordered', expectedAt: LEAVES_AT });
    const seen = await follow(first.trackingToken!);
    await until(() => seen.at(-1)?.lines[0]?.expectedAt === LEAVES_AT, 'the customer sees the day');

    // Killed while the supplier tells another day, orders hear of it all the same, and once.
    await system.kill('orders');
    await fact('expect', 'dc', 0, { expectedAt: MOVED_TO });
    system.startService('orders');
    await system.untilReady();
    await until(() => seen.at(-1)?.lines[0]?.expectedAt === LEAVES_LATER, 'the customer sees the new day');
    expect(await orderOf('d-1')).toMatchObject({
      state: 'WAITING',
      reason: 'awaiting_delivery',
      promisedBy: '2030-04-15T18:00:00.000Z',
      lines: [{ awaitedUnits: 3, expectedAt: LEAVES_LATER }],
    });
    const told = (await timelineOf('d-1', 'en')).filter(({ type }) => type === 'backorder_redated');
    expect(told).toMatchObject([
      {
        words: '3 pieces of line 1 are expected to leave Lyon warehouse on 2030-04-12; before, it was 2030-04-02.',
        expectedAt: LEAVES_LATER,
        formerlyExpectedAt: LEAVES_AT,
      },
    ]);
    const inChinese = (await timelineOf('d-1', 'zh')).find(({ type }) => type === 'backorder_redated');
    expect(inChinese?.words).toBe('行 1 的 3 件现预计 2030-04-12 从 Lyon warehouse 发出，原为 2030-04-02。');

    await fact('expect', 'dc', 5, { withdrawn: true });
    await until(async () => (await orderOf('d-1')).waitingFor === 'stock', 'd-1 waits in the queue');
    expect(await orderOf('d-1')).toMatchObject({ state: 'WAITING', reason: 'out_of_stock' });
    await until(() => seen.at(-1)?.reason === 'out_of_stock', 'the customer sees that it does not come');
    expect(seen.at(-1)?.lines[0]).not.toHaveProperty('expectedAt');
    await untilLevel('dc', { incoming: 0, promisedIncoming: 0, reserved: 0 });
    const steps = (await timelineOf('d-1', 'en')).map(({ type }) => type);
    expect(steps).toContain('backorder_fell_short');
    // What comes in later, unannounced, is for who waits.
    await fact('receipt', 'dc', 3, { reference: 'PO-2' });
    await until(async () => (await orderOf('d-1')).tasks.length === 1, 'd-1 is sent what came in');
  }, 120_000);
});
