import { describe, expect, it } from '@jest/globals';
import { Connection } from './connection.js';
import type { TrackedOrder } from './order.js';
import { ManualClock, ScriptedServer } from './testing/scripted-server.js';

const order = (version: number, orderId = 'o-1') => ({ orderId, version, state: 'ROUTED' }) as TrackedOrder;
const ok = (held: TrackedOrder | null, epoch = 'e', orderId = 'o-1') => ({ ok: true, epoch, orderId, order: held });
const problem = (status: number) => ({ ok: false, type: 'urn:x', title: 'No', status, detail: 'No.' });

async function setUp() {
  const server = new ScriptedServer();
  const clock = new ManualClock();
  const connection = new Connection({ openWire: server.openWire, clock, random: () => 0.5, canRenewToken: true });
  const shown: number[] = [];
  const show = ({ version }: TrackedOrder): void => void shown.push(version);
  await server.accept();
  return { server, clock, connection, shown, show };
}

describe('tracking an order', () => {
  it('shows it as it is, then each change, never an older one nor one twice', async () => {
    const { server, connection, shown, show } = await setUp();
    connection.track('link', show);
    const asked = server.next();
    expect([asked.event, asked.body]).toEqual(['track', { token: 'link' }]);
    await asked.answer(ok(order(5)));
    for (const version of [6, 6, 4, 7]) await server.pushOrder(order(version));
    await server.pushOrder(order(9, 'another'));
    expect(shown).toEqual([5, 6, 7]);
    expect(connection.getOrder('link')).toEqual(order(7));
  });
  it('resumes with what it holds, and an instance that lags behind takes nothing back', async () => {
    const { server, clock, connection, shown, show } = await setUp();
    connection.track('link', show);
    await server.next().answer(ok(order(5)));
    await server.lose();
    await clock.advance(30_000);
    await server.accept();
    const asked = server.next();
    expect(asked.body).toEqual({ token: 'link', since: 5, epoch: 'e' });
    await asked.answer(ok(order(3)));
    await server.pushOrder(order(4));
    await server.pushOrder(order(6));
    expect(shown).toEqual([5, 6]);
  });
  it('forgets what it knew where the data was begun anew', async () => {
    const { server, clock, connection, shown, show } = await setUp();
    connection.track('link', show);
    await server.next().answer(ok(order(5)));
    await server.lose();
    await clock.advance(30_000);
    await server.accept();
    await server.next().answer(ok(order(2), 'another'));
    expect(shown).toEqual([5, 2]);
  });
  it('waits for an order that is not known yet, and asks again where no answer came', async () => {
    const { server, clock, connection, shown, show } = await setUp();
    connection.track('link', show);
    await server.next().fail();
    await clock.advance(30_000);
    await server.next().answer(ok(null));
    await server.pushOrder(order(1));
    expect(shown).toEqual([1]);
  });
  it('tells that a link is refused, and does not ask again', async () => {
    const { server, clock, connection, show } = await setUp();
    const problems: number[] = [];
    connection.onProblem(({ status }) => problems.push(status));
    connection.track('link', show);
    await server.next().answer(problem(403));
    await clock.advance(60_000);
    expect(problems).toEqual([403]);
    expect(server.asked).toEqual([]);
  });
  it('asks once for one link, shows a second caller what is known, and leaves after the last', async () => {
    const { server, connection, shown, show } = await setUp();
    const [stop, stopToo] = [connection.track('link', show), connection.track('link', show)];
    await server.next().answer(ok(order(5)));
    const stopThird = connection.track('link', show);
    await Promise.resolve();
    expect(shown).toEqual([5, 5, 5]);
    stop();
    stopToo();
    expect(server.asked).toEqual([]);
    stopThird();
    expect(server.next()).toMatchObject({ event: 'untrack', body: { orderId: 'o-1' } });
    await server.pushOrder(order(6));
    expect(shown).toEqual([5, 5, 5]);
  });
});
