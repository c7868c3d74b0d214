import { beforeEach, describe, expect, it } from '@jest/globals';
import { RefusedTrackingToken } from '@shelfline/service-kit/tracking-tokens';
import { Follower, type HeldState } from '../sockets/follower.js';
import { ManualTimer } from '../testing/manual-timer.js';
import { OrderTracking } from './order-tracking.js';

const held = (orderId: string, version: number): HeldState => ({
  version,
  json: JSON.stringify({ orderId, version }),
});

describe('following orders', () => {
  let table: Map<string, HeldState>;
  let tracking: OrderTracking;
  let timer: ManualTimer;
  let buffered: number;
  beforeEach(() => {
    table = new Map();
    timer = new ManualTimer();
    buffered = 0;
    tracking = new OrderTracking({
      verify: async (token) => {
        if (token === 'forged') throw new RefusedTrackingToken('no');
        return token;
      },
      find: (orderId) => table.get(orderId),
      epoch: 'e',
      maxPerSocket: 2,
    });
  });
  const screen = () => {
    const seen: number[] = [];
    const counts = { pushed: 0, conflated: 0 };
    const follower = new Follower({
      outlet: { bufferedBytes: () => buffered, send: ({ version }: HeldState) => void seen.push(version) },
      timer,
      behindAtBytes: 100,
      counts,
    });
    const ask = async (body: object, isOpen = true): Promise<object | undefined> => {
      let said: object | undefined;
      await tracking.track(
        follower,
        body,
        () => isOpen,
        (answer) => {
          said = answer;
        },
      );
      return said;
    };
    return { follower, seen, counts, ask };
  };
  const change = (orderId: string, version: number): void => {
    table.set(orderId, held(orderId, version));
    tracking.changed(orderId, held(orderId, version));
  };

  it('answers with the order as it is, then sends what is newer, to those who follow it', async () => {
    const [mine, other] = [screen(), screen()];
    change('a', 5);
    expect(await mine.ask({ token: 'a' })).toEqual({
      ok: true,
      epoch: 'e',
      orderId: 'a',
      order: { orderId: 'a', version: 5 },
    });
    await other.ask({ token: 'b' });
    for (const version of [6, 6, 4, 7]) tracking.changed('a', held('a', version));
    expect(mine.seen).toEqual([6, 7]);
    expect(other.seen).toEqual([]);
  });
  it('never goes back behind what the client has seen at another instance', async () => {
    const mine = screen();
    change('a', 5);
    expect(await mine.ask({ token: 'a', since: 7, epoch: 'e' })).toMatchObject({ ok: true, order: null });
    change('a', 6);
    change('a', 7);
    change('a', 8);
    expect(mine.seen).toEqual([8]);
  });
  it('begins anew with a client of other data', async () => {
    const mine = screen();
    change('a', 5);
    expect(await mine.ask({ token: 'a', since: 7, epoch: 'before' })).toMatchObject({ order: { version: 5 } });
  });
  it('of an order that it has not heard of yet sends the first state when it comes', async () => {
    const mine = screen();
    expect(await mine.ask({ token: 'a' })).toMatchObject({ ok: true, orderId: 'a', order: null });
    change('a', 1);
    expect(mine.seen).toEqual([1]);
  });
  it('refuses a forged link, more orders than a socket may follow, and what it cannot read', async () => {
    const mine = screen();
    expect(await mine.ask({ token: 'forged' })).toMatchObject({ ok: false, status: 403 });
    await mine.ask({ token: 'a' });
    await mine.ask({ token: 'b' });
    expect(await mine.ask({ token: 'c' })).toMatchObject({ ok: false, status: 422 });
    expect(await mine.ask({ token: 'b' })).toMatchObject({ ok: true });
    expect(await mine.ask({})).toMatchObject({ ok: false, status: 400 });
    tracking.untrack(mine.follower, { orderId: 'a' });
    expect(await mine.ask({ token: 'c' })).toMatchObject({ ok: true });
  });
  it('keeps of each order the newest state alone for a socket that does not read', async () => {
    const mine = screen();
    await mine.ask({ token: 'a' });
    await mine.ask({ token: 'b' });
    buffered = 101;
    for (let version = 1; version <= 9; version++) change('a', version);
    change('b', 3);
    expect(mine.seen).toEqual([]);
    timer.advance(200);
    expect(mine.seen).toEqual([]);
    buffered = 0;
    timer.advance(200);
    expect(mine.seen).toEqual([9, 3]);
    expect(mine.counts).toEqual({ pushed: 2, conflated: 8 });
  });
  it('forgets a socket that is gone, also while its link was being read', async () => {
    const mine = screen();
    await mine.ask({ token: 'a' });
    buffered = 101;
    change('a', 1);
    tracking.leaveAll(mine.follower);
    expect(await mine.ask({ token: 'b' }, false)).toBeUndefined();
    expect(tracking.size).toBe(0);
    buffered = 0;
    timer.advance(1000);
    expect(mine.seen).toEqual([]);
  });
});
