import { describe, expect, it } from '@jest/globals';
import { backOffMs } from './back-off.js';
import { Connection } from './connection.js';
import type { StockView } from './stock.js';
import { ManualClock, ScriptedServer, settled, view } from './testing/scripted-server.js';

function setUp({
  canRenewToken = true,
  random = () => 0.5,
  channel,
}: {
  canRenewToken?: boolean;
  random?: () => number;
  channel?: string;
} = {}) {
  const server = new ScriptedServer();
  const clock = new ManualClock();
  const connection = new Connection({ openWire: server.openWire, clock, random, canRenewToken, channel });
  const states: string[] = [];
  connection.onState((state) => states.push(state));
  const shown: string[] = [];
  const show = (changes: readonly StockView[]): void => {
    shown.push(changes.map(({ sku, version }) => `${sku}${version}`).join(' '));
  };
  return { server, clock, connection, states, shown, show };
}
const ok = (epoch: string, ...stock: StockView[]) => ({ ok: true, epoch, stock });
const problem = (status: number) => ({ type: 'urn:x', title: 'No', status, detail: 'No.' });

describe('a storefront connection', () => {
  it('asks once for what is subscribed together, shows the snapshot and then the changes', async () => {
    const { server, connection, shown, show } = setUp({ channel: 'app' });
    connection.subscribe(['A', 'B', 'A'], show);
    connection.subscribe(['C'], show);
    await server.accept();
    const asked = server.next();
    expect(asked.body).toEqual({ skus: ['A', 'B', 'C'], channel: 'app' });
    await asked.answer(ok('e1', view('A', 1), view('B', 2), view('C', 3)));
    await server.push(1, view('A', 4), view('B', 5));
    expect(shown).toEqual(['A1 B2', 'C3', 'A4 B5']);
    expect(connection.get('A')?.version).toBe(4);
  });

  it('never shows an older version, nor one twice', async () => {
    const { server, connection, shown, show } = setUp();
    connection.subscribe(['A'], show);
    await server.accept();
    await server.next().answer(ok('e1', view('A', 5)));
    await server.push(1, view('A', 4));
    await server.push(2, view('A', 5));
    await server.push(3, view('A', 6), view('A', 7));
    expect(shown).toEqual(['A5', 'A6 A7']);
  });

  it('asks again with what it holds when a message was lost', async () => {
    const { server, connection, shown, show } = setUp();
    connection.subscribe(['A', 'B'], show);
    await server.accept();
    await server.next().answer(ok('e1', view('A', 1), view('B', 1)));
    await server.push(1, view('A', 2));
    await server.push(3, view('A', 4));
    const repair = server.next();
    expect(repair.body).toEqual({ skus: ['A', 'B'], epoch: 'e1', since: { A: 4, B: 1 } });
    await repair.answer(ok('e1', view('B', 3)));
    expect(shown).toEqual(['A1 B1', 'A2', 'A4', 'B3']);
  });

  it('resumes after a loss, waiting by full jitter', async () => {
    const { server, clock, connection, states, shown, show } = setUp({ random: () => 0.999 });
    connection.subscribe(['A'], show);
    await server.accept();
    await server.next().answer(ok('e1', view('A', 3)));
    await server.lose();
    expect(clock.nextInMs()).toBeCloseTo(499.5);
    await clock.advance(500);
    await server.refuse();
    expect(clock.nextInMs()).toBeCloseTo(999);
    await clock.advance(1000);
    expect(server.connects).toBe(3);
    await server.accept();
    const resume = server.next();
    expect(resume.body).toEqual({ skus: ['A'], epoch: 'e1', since: { A: 3 } });
    await resume.answer(ok('e1'));
    await server.push(1, view('A', 9));
    expect(shown).toEqual(['A3', 'A9']);
    expect(states).toEqual(['live', 'waiting', 'connecting', 'waiting', 'connecting', 'live']);
  });

  it('forgets when the data was begun anew', async () => {
    const { server, clock, connection, shown, show } = setUp();
    connection.subscribe(['A', 'B'], show);
    await server.accept();
    await server.next().answer(ok('e1', view('A', 900), view('B', 901)));
    await server.lose();
    await clock.advance(60_000);
    await server.accept();
    await server.next().answer(ok('e2', view('A', 1)));
    await server.push(1, view('B', 2));
    expect(shown).toEqual(['A900 B901', 'A1', 'B2']);
  });

  it('takes no answer of an earlier connection', async () => {
    const { server, clock, connection, shown, show } = setUp();
    connection.subscribe(['A'], show);
    await server.accept();
    const early = server.next();
    await server.lose();
    await clock.advance(60_000);
    await server.accept();
    await early.answer(ok('e0', view('A', 5)));
    expect(shown).toEqual([]);
    await server.next().answer(ok('e1', view('A', 1)));
    expect(shown).toEqual(['A1']);
  });

  it('gets a new token when the old one expires, at once', async () => {
    const { server, connection, show } = setUp();
    connection.subscribe(['A'], show);
    await server.accept();
    await server.lose(true);
    expect([server.connects, connection.state]).toEqual([2, 'connecting']);
  });

  it('stops when the token is not accepted and no other can be had', async () => {
    const { server, clock, connection } = setUp({ canRenewToken: false });
    const problems: number[] = [];
    connection.onProblem(({ status }) => problems.push(status));
    await server.refuse(problem(401));
    await clock.advance(60_000);
    expect([server.connects, connection.state, problems]).toEqual([1, 'refused', [401]]);
  });

  it('asks again later when the server is busy or silent, and reports what that does not mend', async () => {
    const { server, clock, connection, shown, show } = setUp();
    const problems: number[] = [];
    connection.onProblem(({ status }) => problems.push(status));
    connection.subscribe(['A'], show);
    await server.accept();
    await server.next().answer({ ok: false, ...problem(503) });
    await clock.advance(30_000);
    await server.next().fail();
    await clock.advance(30_000);
    await server.next().answer({ ok: false, ...problem(403) });
    await clock.advance(60_000);
    expect([server.asked.length, problems, shown]).toEqual([0, [403], []]);
  });

  it('leaves what nobody watches any more, and only that', async () => {
    const { server, connection, shown, show } = setUp();
    const leaveFirst = connection.subscribe(['A', 'B'], show);
    await server.accept();
    await server.next().answer(ok('e1', view('A', 1), view('B', 1)));
    connection.subscribe(['B'], show);
    await settled();
    expect(shown.at(-1)).toBe('B1');
    leaveFirst();
    leaveFirst();
    await settled();
    const left = server.next();
    expect([left.event, left.body]).toEqual(['unsubscribe', { skus: ['A'] }]);
    await server.push(1, view('A', 2), view('B', 2));
    expect(shown.at(-1)).toBe('B2');
    expect(connection.get('A')).toBeUndefined();
  });

  it('divides large subscriptions', async () => {
    const { server, connection, show } = setUp();
    connection.subscribe(
      Array.from({ length: 600 }, (_, i) => `S${i}`),
      show,
    );
    await server.accept();
    expect(server.asked.map(({ body }) => body.skus.length)).toEqual([250, 250, 100]);
  });

  it('is still once closed', async () => {
    const { server, clock, connection } = setUp();
    await server.accept();
    await server.lose();
    connection.close();
    await clock.advance(60_000);
    expect([server.isClosed, server.connects, connection.state]).toEqual([true, 1, 'closed']);
  });

  it('measures from a change to its arrival', async () => {
    const { server, clock, connection, show } = setUp();
    expect(connection.latency()).toBeUndefined();
    connection.subscribe(['A'], show);
    await server.accept();
    await clock.advance(40);
    await server.push(1, view('A', 1));
    expect(connection.latency()).toEqual({ p50Ms: 40, p99Ms: 40, updates: 1 });
  });
});

describe('back-off', () => {
  it('is anything from nothing to a bound that doubles up to 30 s', () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => backOffMs(attempt, () => 1));
    expect(bounds).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(backOffMs(9, () => 0)).toBe(0);
  });
});
