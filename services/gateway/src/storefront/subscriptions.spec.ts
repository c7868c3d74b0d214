import { describe, expect, it } from '@jest/globals';
import { versionOf } from '@shelfline/contracts/stock-level';
import type { SubscribeAnswer } from '@shelfline/contracts/storefront-protocol';
import type { Refused } from '../sockets/refusal.js';
import { ManualTimer } from '../testing/manual-timer.js';
import { type Room, Rooms } from './rooms.js';
import type { HeldStock } from './stock-board.js';
import { type Scope, Subscriptions, type Watcher } from './subscriptions.js';

class Screen implements Watcher<Screen> {
  readonly rooms = new Set<Room<Screen>>();
  forget(room: Room<Screen>): void {
    this.rooms.delete(room);
  }
}

const version = (offset: number, generation = 1): number => versionOf(generation, offset);

function setUp(maxPerSocket = 3) {
  const held = new Map<string, HeldStock>();
  const listeners = new Set<() => void>();
  const timer = new ManualTimer();
  const rooms = new Rooms<Screen>();
  const subscriptions = new Subscriptions<Screen>({
    rooms,
    board: {
      find: (key) => held.get(key),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    epoch: 'e1',
    timer,
    maxPerSocket,
    lagWaitMs: 2000,
  });
  const put = (sku: string, offset: number, place = 'web|all', generation = 1): void => {
    held.set(`${sku}|${place}`, {
      sku,
      available: 5,
      status: 'in_stock',
      version: version(offset, generation),
      asOf: '2026-01-01T00:00:00.000Z',
      producedAtMs: 0,
    });
    for (const listener of listeners) listener();
  };
  const screen = new Screen();
  const ask = (body: object, scope: Scope = {}, isOpen = () => true) =>
    new Promise<SubscribeAnswer | Refused>((resolve, reject) => {
      subscriptions.subscribe(screen, scope, body, isOpen, resolve).catch(reject);
    });
  return { put, ask, rooms, screen, subscriptions, timer, listeners };
}

const stockOf = (answer: SubscribeAnswer | Refused): string[] => {
  if (!answer.ok) throw new Error(answer.detail);
  return answer.stock.map(({ sku, version: v }) => `${sku}@${v % 2 ** 40}`);
};

describe('subscribe', () => {
  it('answers with the snapshot and the epoch, and joins', async () => {
    const { put, ask, rooms, screen } = setUp();
    put('A', 10);
    const answer = await ask({ skus: ['A', 'nobody knows', 'A'] });
    expect(answer).toEqual({
      ok: true,
      epoch: 'e1',
      stock: [
        { sku: 'A', available: 5, status: 'in_stock', version: version(10), asOf: '2026-01-01T00:00:00.000Z' },
        { sku: 'nobody knows', available: 0, status: 'out', version: 0, asOf: expect.any(String) },
      ],
    });
    expect([rooms.subscriptions, screen.rooms.size]).toEqual([2, 2]);
  });

  it('leaves out what the client holds already', async () => {
    const { put, ask } = setUp();
    put('A', 10);
    put('B', 20);
    expect(stockOf(await ask({ skus: ['A', 'B'], since: { A: version(10), B: version(19) } }))).toEqual(['B@20']);
  });

  it('waits for its own table rather than answer older than the client has seen', async () => {
    const { put, ask, listeners } = setUp();
    put('A', 10);
    const answer = ask({ skus: ['A'], since: { A: version(12) } });
    put('A', 11);
    put('A', 13);
    expect(stockOf(await answer)).toEqual(['A@13']);
    expect(listeners.size).toBe(0);
  });

  it('says so when it does not catch up, and does not join', async () => {
    const { put, ask, timer, rooms, listeners } = setUp();
    put('A', 10);
    const answer = ask({ skus: ['A'], since: { A: version(12) } });
    timer.advance(2000);
    expect(await answer).toMatchObject({ ok: false, status: 503, type: 'urn:shelfline:problem:behind', epoch: 'e1' });
    expect([rooms.size, listeners.size]).toEqual([0, 0]);
  });

  it('answers a client of other data in full, at once', async () => {
    const { put, ask } = setUp();
    put('A', 10);
    expect(stockOf(await ask({ skus: ['A'], since: { A: version(99) }, epoch: 'e0' }))).toEqual(['A@10']);
    put('B', 1, 'web|all', 2);
    expect(stockOf(await ask({ skus: ['B'], since: { B: version(99, 1) } }))).toEqual(['B@1']);
  });

  it('keeps to the scope of the token, which is also the default', async () => {
    const { put, ask } = setUp();
    put('A', 7, 'app|east');
    const scope = { channel: 'app', region: 'east' };
    expect(stockOf(await ask({ skus: ['A'] }, scope))).toEqual(['A@7']);
    expect(stockOf(await ask({ skus: ['A'], channel: 'app', region: 'east' }, scope))).toEqual(['A@7']);
    for (const other of [{ channel: 'web' }, { region: 'west' }])
      expect(await ask({ skus: ['A'], ...other }, scope)).toMatchObject({ ok: false, status: 403 });
  });

  it('refuses what is over the bounds or malformed, in words', async () => {
    const { ask, rooms } = setUp(3);
    expect(await ask({ skus: ['A', 'B', 'C', 'D'] })).toMatchObject({ ok: false, status: 422 });
    expect(rooms.size).toBe(0);
    for (const body of [
      {},
      { skus: [] },
      { skus: [''] },
      { skus: 'A' },
      { skus: ['A'], since: { A: -1 } },
      { skus: Array(501).fill('A') },
    ])
      expect(await ask(body)).toMatchObject({ ok: false, status: 400, detail: expect.stringMatching(/skus|since/) });
    expect(await ask(undefined as unknown as object)).toMatchObject({ ok: false, status: 400 });
  });

  it('counts a SKU asked for again only once', async () => {
    const { ask, screen } = setUp(2);
    for (let i = 0; i < 3; i++) expect(await ask({ skus: ['A', 'B'] })).toMatchObject({ ok: true });
    expect(screen.rooms.size).toBe(2);
  });

  it('does not join a socket that closed while it waited', async () => {
    const { subscriptions, screen, rooms } = setUp();
    const answers: unknown[] = [];
    await subscriptions.subscribe(
      screen,
      {},
      { skus: ['A'] },
      () => false,
      (answer) => answers.push(answer),
    );
    expect([rooms.size, answers]).toEqual([0, []]);
  });

  it('answers in the step that joins, so that no change can overtake its snapshot', async () => {
    const { put, subscriptions, screen, rooms } = setUp();
    put('A', 1);
    let membersAtAnswer: number | undefined;
    const asked = subscriptions.subscribe(
      screen,
      {},
      { skus: ['A'] },
      () => true,
      () => {
        membersAtAnswer = rooms.subscriptions;
        // What runs as soon as this step is over, e.g. the next batch of the table.
        queueMicrotask(() => put('A', 2));
      },
    );
    await asked;
    expect(membersAtAnswer).toBe(1);
  });
});

describe('unsubscribe', () => {
  it('leaves the rooms of these SKUs, and all when the socket goes', async () => {
    const { ask, subscriptions, screen, rooms } = setUp();
    await ask({ skus: ['A', 'B', 'C'] });
    expect(subscriptions.unsubscribe(screen, { skus: ['A', 'unknown'] })).toEqual({ ok: true });
    expect(rooms.size).toBe(2);
    expect(subscriptions.unsubscribe(screen, { skus: 7 })).toMatchObject({ ok: false, status: 400 });
    subscriptions.leaveAll(screen);
    expect([rooms.size, rooms.subscriptions, screen.rooms.size]).toEqual([0, 0, 0]);
  });
});
