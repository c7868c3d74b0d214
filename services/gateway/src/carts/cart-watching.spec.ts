import { beforeEach, describe, expect, it } from '@jest/globals';
import { StoredCart } from '@shelfline/contracts/cart';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { Follower, type HeldState } from '../sockets/follower.js';
import { ManualTimer } from '../testing/manual-timer.js';
import { CartWatching } from './cart-watching.js';
import { decodeCart, decodeExpiry } from './held-cart.js';

const held = (memberId: string, version: number): HeldState => ({
  version,
  json: JSON.stringify({ memberId, version, lines: [] }),
});
const shopper = (member?: string) => ({ roles: ['storefront'], expiresAtMs: 0, ...(member ? { member } : {}) });
const CLERK = { roles: ['store'], store: 'shop-1', expiresAtMs: 0 };
const CUSTOMER = { roles: ['customer'], order: 'o-1', expiresAtMs: 0 };

describe('a member’s cart on open screens', () => {
  let table: Map<string, HeldState>;
  let watching: CartWatching;
  beforeEach(() => {
    table = new Map();
    watching = new CartWatching({ find: (memberId) => table.get(memberId), epoch: 'e', maxPerSocket: 2 });
  });
  const screen = () => {
    const seen: number[] = [];
    const outlet = { bufferedBytes: () => 0, send: ({ version }: HeldState) => void seen.push(version) };
    const counts = { pushed: 0, conflated: 0 };
    return { seen, follower: new Follower({ outlet, timer: new ManualTimer(), behindAtBytes: 100, counts }) };
  };
  const change = (memberId: string, version: number): void => {
    table.set(memberId, held(memberId, version));
    watching.changed(memberId, held(memberId, version));
  };

  it('is answered as it is, then each change comes to all of them, and to nobody else’s', () => {
    const [phone, counter, other] = [screen(), screen(), screen()];
    change('m-1', 5);
    expect(watching.watch(phone.follower, shopper('m-1'), undefined)).toEqual({
      ok: true,
      epoch: 'e',
      memberId: 'm-1',
      cart: { memberId: 'm-1', version: 5, lines: [] },
    });
    expect(watching.watch(counter.follower, CLERK, { memberId: 'm-1' })).toMatchObject({ ok: true });
    expect(watching.watch(other.follower, shopper('m-2'), {})).toMatchObject({ ok: true, cart: null });
    for (const version of [6, 6, 4, 7]) watching.changed('m-1', held('m-1', version));
    expect([phone.seen, counter.seen, other.seen]).toEqual([[6, 7], [6, 7], []]);
  });

  it('comes to no screen that shows it no more', () => {
    const [phone, counter] = [screen(), screen()];
    watching.watch(phone.follower, shopper('m-1'), {});
    watching.watch(counter.follower, CLERK, { memberId: 'm-1' });
    expect(watching.unwatch(counter.follower, CLERK, { memberId: 'm-1' })).toEqual({ ok: true });
    change('m-1', 1);
    watching.leaveAll(phone.follower);
    change('m-1', 2);
    expect([phone.seen, counter.seen, watching.size]).toEqual([[1], [], 0]);
  });

  it('is not answered again to who holds it, unless the data was begun anew', () => {
    const { follower } = screen();
    change('m-1', 5);
    const watch = (body: object) => watching.watch(follower, shopper('m-1'), body);
    expect(watch({ since: 5, epoch: 'e' })).toMatchObject({ ok: true, cart: null });
    expect(watch({ since: 9, epoch: 'before' })).toMatchObject({ ok: true, cart: { version: 5 } });
  });

  it('stayed on open screens when it had expired, and on one that was away then', () => {
    const [phone, counter] = [screen(), screen()];
    change('m-1', 5);
    watching.watch(phone.follower, shopper('m-1'), {});
    const headers = { 'sl-version': '8' };
    const expired = decodeExpiry({ key: 'm-1', value: null, headers, timestampMs: 0 } as unknown as ReceivedRecord)!;
    table.set('m-1', expired);
    watching.changed('m-1', expired);
    expect(phone.seen).toEqual([8]);
    expect(watching.watch(counter.follower, CLERK, { memberId: 'm-1', since: 5, epoch: 'e' })).toMatchObject({
      cart: { memberId: 'm-1', lines: [], expired: true, version: 8 },
    });
  });

  it.each([
    ['another shopper', shopper('m-2'), { memberId: 'm-1' }, 403],
    ['a shopper who has not signed in', shopper(), {}, 403],
    ['a shopper who has not signed in and names one', shopper(), { memberId: 'm-1' }, 403],
    ['who holds an order’s link', CUSTOMER, { memberId: 'm-1' }, 403],
    ['a clerk who does not say whose', CLERK, {}, 400],
    ['what cannot be read', shopper('m-1'), { since: 'x' }, 400],
  ])('is not shown to %s', (_, bearer, body, status) => {
    const { follower, seen } = screen();
    change('m-1', 1);
    expect(watching.watch(follower, bearer, body)).toMatchObject({ ok: false, status });
    expect(watching.unwatch(follower, bearer, body)).toMatchObject({ ok: false, status });
    change('m-1', 2);
    expect([seen, watching.size]).toEqual([[], 0]);
  });

  it('is one of a few that a socket may watch', () => {
    const { follower } = screen();
    const watch = (memberId: string) => watching.watch(follower, CLERK, { memberId });
    expect([watch('a').ok, watch('b').ok, watch('b').ok]).toEqual([true, true, true]);
    expect(watch('c')).toMatchObject({ ok: false, status: 422 });
    watching.unwatch(follower, CLERK, { memberId: 'a' });
    expect(watch('c').ok).toBe(true);
  });
});

describe('a record of a cart', () => {
  const cart = {
    memberId: 'm-1',
    lines: [],
    orders: [],
    changedAt: '2026-06-01T08:00:00.000Z',
    expiresAt: '2026-08-30T08:00:00.000Z',
    version: 3,
  };
  const record = (key: string, value: object) =>
    ({ key, value: Buffer.from(JSON.stringify(value)) }) as unknown as Parameters<typeof decodeCart>[0];
  it('is read where it is its key’s, and whole', () => {
    expect(decodeCart(record('m-1', cart))).toEqual({ version: 3, json: JSON.stringify(cart) });
    expect(decodeCart(record('m-2', cart))).toBeUndefined();
    expect(decodeCart(record('m-1', { ...cart, lines: 'none' }))).toBeUndefined();
  });
  it('that is a tombstone tells which version it ended, or nothing', () => {
    const tombstone = (headers: object) =>
      decodeExpiry({ key: 'm-1', value: null, headers, timestampMs: 0 } as unknown as ReceivedRecord);
    const { version, json } = tombstone({ 'sl-version': '7' })!;
    expect([version, StoredCart.parse(JSON.parse(json))]).toEqual([
      7,
      expect.objectContaining({ memberId: 'm-1', expired: true, version: 7, expiresAt: '1970-01-01T00:00:00.000Z' }),
    ]);
    expect(tombstone({})).toBeUndefined();
  });
});
