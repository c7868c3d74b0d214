import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection, type StoreTask } from '@shelfline/client/store';
import { GatewayUnderTest } from '../testing/gateway-under-test.js';

let gateway: GatewayUnderTest;
const open: StoreConnection[] = [];

beforeAll(async () => {
  gateway = await GatewayUnderTest.start('store-client');
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});
afterAll(() => gateway?.stop());

function screenOf(store: string): StoreConnection {
  const token = () => gateway.token({ role: 'store', store });
  const connection = connectStore({ url: gateway.address, token });
  open.push(connection);
  return connection;
}
/** Resolves once this is true of the open tasks. */
const until = (connection: StoreConnection, isTrue: (tasks: readonly StoreTask[]) => boolean) =>
  new Promise<void>((resolve) => {
    connection.subscribe((tasks) => {
      if (connection.isComplete && isTrue(tasks)) resolve();
    });
  });
const states = (connection: StoreConnection) =>
  Object.fromEntries(connection.tasks.map(({ taskId, state }) => [taskId, state]));

describe('the client of stores at the gateway', () => {
  it('keeps two screens of a store the same, whichever acts', async () => {
    const [till, tablet] = [screenOf('A'), screenOf('A')];
    await Promise.all([till, tablet].map((screen) => until(screen, (tasks) => tasks.length === 0)));
    await gateway.orders.put('o1/1', { store: 'A' });
    await gateway.orders.put('o2/1', { store: 'A' });
    await Promise.all([till, tablet].map((screen) => until(screen, (tasks) => tasks.length === 2)));
    expect(await till.accept('o1/1', { by: 'Wang' })).toMatchObject({ ok: true, state: 'ACCEPTED' });
    expect(await tablet.pick('o1/1')).toMatchObject({ ok: true, state: 'PICKING' });
    expect(await tablet.accept('o1/1')).toMatchObject({ ok: false, code: 'out_of_state', allowed: [] });
    expect(await till.reject('o2/1', 'damaged')).toMatchObject({ ok: true, state: 'REJECTED' });
    const agreed = ([one]: readonly StoreTask[]) => one?.state === 'PICKING';
    await Promise.all([till, tablet].map((screen) => until(screen, (tasks) => tasks.length === 1 && agreed(tasks))));
    expect([states(till), states(tablet)]).toEqual([{ 'o1/1': 'PICKING' }, { 'o1/1': 'PICKING' }]);
  });

  it('brings a screen that was away for a while to where its store is, in pages', async () => {
    const count = 620;
    const ids = Array.from({ length: count }, (_, i) => `p${i}/1`);
    await Promise.all(ids.map((taskId) => gateway.orders.put(taskId, { store: 'B' })));
    const before = screenOf('B');
    await until(before, (tasks) => tasks.length === count);
    before.close();
    await gateway.orders.put('p0/1', { state: 'ACCEPTED' });
    await gateway.orders.remove('p1/1', 'TIMED_OUT');
    await gateway.orders.put('p900/1', { store: 'B' });
    const after = screenOf('B');
    await until(after, (tasks) => tasks.length === count && after.get('p1/1') === undefined);
    expect([after.get('p0/1')?.state, after.get('p900/1')?.state]).toEqual(['ACCEPTED', 'ASSIGNED']);
  });
});
