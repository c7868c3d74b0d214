import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayUnderTest } from '../testing/gateway-under-test.js';
import { Screens } from '../testing/screens.js';
import { refusalOf, StoreScreen } from '../testing/store-screen.js';

let gateway: GatewayUnderTest;
const screens = new Screens(() => gateway.address);

beforeAll(async () => {
  gateway = await GatewayUnderTest.start('store');
});
afterEach(() => screens.closeAll());
afterAll(() => gateway?.stop());

const screenOf = async (store: string): Promise<StoreScreen> =>
  StoreScreen.connect(screens, { token: await gateway.token({ role: 'store', store }) });
const metric = async (name: string): Promise<number> => {
  const text = await (await gateway.call('/metrics')).text();
  return Number(new RegExp(`^${name}(?:{[^}]*})? (.+)$`, 'm').exec(text)?.[1]);
};

describe('the screens of a store', () => {
  it('get the open tasks on connect and then every change, both of two', async () => {
    const first = await screenOf('two');
    await gateway.orders.put('t1/1', { store: 'two' });
    await first.sees('t1/1', 'ASSIGNED');
    const second = await screenOf('two');
    expect(second.snapshot.map(({ taskId, state }) => [taskId, state])).toEqual([['t1/1', 'ASSIGNED']]);
    const answer = await first.do('accept', { taskId: 't1/1', id: 'a1', by: 'Wang' });
    expect(answer).toMatchObject({ ok: true, id: 'a1', taskId: 't1/1', state: 'ACCEPTED' });
    await Promise.all([first.sees('t1/1', 'ACCEPTED'), second.sees('t1/1', 'ACCEPTED')]);
    expect(gateway.orders.steps.at(-1)).toMatchObject({
      key: 't1',
      type: 'task',
      id: 'two/a1',
      source: 'gateway-store',
      store: 'two',
      action: 'accept',
      by: 'Wang',
    });
  });

  it('get nothing of another store, and cannot touch it', async () => {
    const mine = await screenOf('mine');
    await gateway.orders.put('t2/1', { store: 'theirs' });
    await gateway.orders.put('t2/2', { store: 'mine' });
    await mine.sees('t2/2', 'ASSIGNED');
    expect(mine.pushes.map(({ task }) => task.taskId)).toEqual(['t2/2']);
    const before = gateway.orders.steps.length;
    const foreign = await mine.do('accept', { taskId: 't2/1', id: 'x' });
    const missing = await mine.do('accept', { taskId: 't9/1', id: 'x' });
    expect(foreign).toMatchObject({ ok: false, code: 'not_found' });
    expect(JSON.stringify(missing)).toBe(JSON.stringify(foreign).replace('t2/1', 't9/1'));
    expect(gateway.orders.steps).toHaveLength(before);
  });

  it('get a push again until they acknowledge it', async () => {
    const [silent, prompt] = [await screenOf('again'), await screenOf('again')];
    silent.acknowledges = false;
    await gateway.orders.put('t3/1', { store: 'again' });
    await silent.until(({ pushes }) => pushes.length === 3);
    expect(new Set(silent.pushes.map(({ version }) => version)).size).toBe(1);
    expect(prompt.pushes).toHaveLength(1);
    expect(await metric('shelfline_gateway_tasks_unacknowledged')).toBe(1);
    expect(await metric('shelfline_gateway_tasks_redelivered_total')).toBeGreaterThanOrEqual(2);
    silent.acknowledges = true;
    await silent.until(({ pushes }) => pushes.length === 4);
    while ((await metric('shelfline_gateway_tasks_unacknowledged')) > 0);
    expect(await metric('shelfline_gateway_task_acknowledged_seconds_count')).toBeGreaterThanOrEqual(2);
  });

  it('are told of a closed task once, also by a tombstone, and a late record does not bring it back', async () => {
    const mine = await screenOf('close');
    await gateway.orders.put('t4/1', { store: 'close' });
    await gateway.orders.put('t4/2', { store: 'close' });
    await mine.until(({ pushes }) => pushes.length === 2);
    await gateway.orders.put('t4/1', { state: 'CANCELLED', actions: [] });
    await gateway.orders.remove('t4/1');
    await gateway.orders.remove('t4/2', 'TIMED_OUT');
    await gateway.orders.putLate('t4/2', { state: 'PICKING' });
    await gateway.orders.put('t4/3', { store: 'close' });
    await mine.sees('t4/3', 'ASSIGNED');
    expect(mine.pushes.slice(2).map(({ task, closed }) => [task.taskId, task.state, closed])).toEqual([
      ['t4/1', 'CANCELLED', true],
      ['t4/2', 'TIMED_OUT', true],
      ['t4/3', 'ASSIGNED', false],
    ]);
    expect((await screenOf('close')).snapshot.map(({ taskId }) => taskId)).toEqual(['t4/3']);
  });

  it('that were away find what became of their tasks', async () => {
    const before = await screenOf('away');
    await gateway.orders.put('t5/1', { store: 'away' });
    await gateway.orders.put('t5/2', { store: 'away' });
    await before.until(({ pushes }) => pushes.length === 2);
    before.socket.disconnect();
    const other = await screenOf('away');
    await gateway.orders.put('t5/1', { state: 'TIMED_OUT', actions: [] });
    await gateway.orders.put('t5/2', { state: 'ACCEPTED' });
    await gateway.orders.put('t5/3', { store: 'away' });
    await other.sees('t5/3', 'ASSIGNED');
    const after = await screenOf('away');
    expect(Object.fromEntries(after.snapshot.map(({ taskId, state }) => [taskId, state]))).toEqual({
      't5/2': 'ACCEPTED',
      't5/3': 'ASSIGNED',
    });
    expect(after.pushes).toEqual([]);
  });
});

describe('head office', () => {
  it('sees where work waits and who looks at it; a store and a shopper do not', async () => {
    const mine = await screenOf('looked-at');
    await gateway.orders.put('b1/1', { store: 'looked-at' });
    await mine.sees('b1/1', 'ASSIGNED');
    const ask = async (role: 'integrator' | 'store' | 'storefront') =>
      gateway.call('/api/store-boards', { headers: { authorization: `Bearer ${await gateway.token({ role })}` } });
    const { items } = (await (await ask('integrator')).json()) as { items: { store: string }[] };
    expect(items.find(({ store }) => store === 'looked-at')).toEqual({
      store: 'looked-at',
      openTasks: 1,
      newTasks: 1,
      screens: 1,
    });
    expect([(await ask('store')).status, (await ask('storefront')).status]).toEqual([403, 403]);
  });
});

describe('what a store does', () => {
  it('is answered by the order: the same again is answered again, and out of state with what is allowed', async () => {
    const mine = await screenOf('act');
    await gateway.orders.put('t6/1', { store: 'act' });
    await mine.sees('t6/1', 'ASSIGNED');
    const once = await mine.do('accept', { taskId: 't6/1', id: 'r1' });
    expect(await mine.do('accept', { taskId: 't6/1', id: 'r1' })).toEqual(once);
    expect(await mine.do('ship', { taskId: 't6/1' })).toMatchObject({
      ok: false,
      code: 'out_of_state',
      allowed: ['pick', 'reject'],
    });
    const rejected = await mine.do('reject', { taskId: 't6/1', id: 'r2', reason: 'damaged' });
    expect(rejected).toMatchObject({ ok: true, state: 'REJECTED' });
    await gateway.orders.remove('t6/1');
    expect(await mine.do('reject', { taskId: 't6/1', id: 'r2', reason: 'damaged' })).toEqual(rejected);
  });

  it('is told to ask again with the same id when no answer comes', async () => {
    const mine = await screenOf('silent');
    await gateway.orders.put('t7/1', { store: 'silent' });
    await mine.sees('t7/1', 'ASSIGNED');
    gateway.orders.isSilent = true;
    const nothing = await mine.do('accept', { taskId: 't7/1' });
    gateway.orders.isSilent = false;
    expect(nothing).toMatchObject({ ok: false, code: 'no_answer', id: expect.any(String), retryAfterMs: 1000 });
    const again = await mine.do('accept', { taskId: 't7/1', id: nothing.id });
    expect(again).toMatchObject({ ok: true, id: nothing.id, state: 'ACCEPTED' });
  });

  it('is limited for each socket', async () => {
    const mine = await screenOf('flood');
    const answers = await Promise.all(Array.from({ length: 12 }, () => mine.do('accept', { taskId: 't8/1' })));
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.code));
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'not_found'));
    expect(codes.at(-1)).toBe('too_many_requests');
  });
});

describe('who may come in', () => {
  it('a store for itself, and ops for the store it names', async () => {
    await gateway.orders.put('t10/1', { store: 'ours' });
    const ops = await StoreScreen.connect(screens, { token: await gateway.token({ role: 'ops' }), store: 'ours' });
    await ops.until(({ pushes, snapshot }) => pushes.length + snapshot.length === 1);
    const own = { token: await gateway.token({ role: 'store', store: 'ours' }), store: 'ours' };
    expect((await StoreScreen.connect(screens, own)).snapshot).toHaveLength(1);
    expect(await metric('shelfline_gateway_store_sockets')).toBe(2);
  });

  it('nobody else', async () => {
    const store = await gateway.token({ role: 'store', store: 'ours' });
    for (const [auth, status] of [
      [{}, 401],
      [{ token: 'rubbish' }, 401],
      [{ token: await gateway.token({ role: 'store', store: 'ours' }, { ttlSeconds: -60 }) }, 401],
      [{ token: await gateway.token({ role: 'store' }) }, 403],
      [{ token: store, store: 'theirs' }, 403],
      [{ token: await gateway.token({ role: 'storefront', store: 'ours' }) }, 403],
      [{ token: await gateway.token({ role: 'integrator' }), store: 'ours' }, 403],
      [{ token: await gateway.token({ role: 'ops' }) }, 403],
      [{ token: await gateway.token({ role: 'ops' }), store: '$where' }, 403],
    ] as const)
      expect([auth, await refusalOf(screens, auth)]).toEqual([
        auth,
        expect.objectContaining({ status, code: expect.any(String), detail: expect.any(String) }),
      ]);
  });

  it('no more screens of a store than may be', async () => {
    await screenOf('full');
    await screenOf('full');
    const auth = { token: await gateway.token({ role: 'store', store: 'full' }) };
    expect(await refusalOf(screens, auth)).toMatchObject({ status: 429, code: 'too-many-screens' });
  });

  it('ends with the token', async () => {
    const token = await gateway.token({ role: 'store', store: 'short' }, { ttlSeconds: 1 });
    const mine = await StoreScreen.connect(screens, { token });
    const said = new Promise((resolve) => mine.socket.once('expired', resolve));
    const gone = new Promise((resolve) => mine.socket.once('disconnect', resolve));
    expect(await said).toMatchObject({ status: 401 });
    await gone;
  });
});
