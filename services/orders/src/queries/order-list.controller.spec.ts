import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@shelfline/service-kit/auth';
import type { Order } from '../domain/order.js';
import { placed, worldAt } from '../testing/placing.js';
import { OrderListController } from './order-list.controller.js';
import type { OrderListQuery } from './order-list.repository.js';
import { ExportQuery, OrdersQuery } from './order-list-bodies.js';

const OPS: Principal = { sub: 'o', role: 'ops', exp: 0 };
const STORE: Principal = { sub: 's', role: 'store', store: 'MINE', channel: 'pos', exp: 0 };
const SHOP: Principal = { sub: 'i', role: 'integrator', channel: 'tmall', exp: 0 };
const line = (n: number, sku: string) => ({ lineId: `${n}`, sku, quantity: n, unitPriceMinor: 990 });
const order = (n: number, over: object = {}): Order => ({
  ...placed(worldAt(1), { orderId: `web-${n}`, lines: [line(1, 'S'), line(2, 'T')], ...over }),
  placedAtMs: 10_000 - n,
});

/** Newest first, as the repository gives them. */
function scene(orders: readonly Order[] = []) {
  const asked: OrderListQuery[] = [];
  const controller = new OrderListController({
    list: (query) => {
      asked.push(query);
      const { after } = query;
      const rest = orders.filter(({ placedAtMs }) => after === undefined || placedAtMs < after.placedAtMs);
      return Promise.resolve(rest.slice(0, query.limit));
    },
  });
  const list = (query: object, principal = OPS) => controller.list(OrdersQuery.parse(query), principal);
  const csv = (query: object = {}, principal = OPS) =>
    text(controller.export(ExportQuery.parse(query), principal).getStream());
  return { list, csv, asked };
}

describe('a list of orders', () => {
  it('shows a store what it has to do alone, whatever the channel of its token', async () => {
    const { list, asked } = scene();
    await list({ member: 'M' }, STORE);
    await list({ channel: 'web', store: 'MINE' }, STORE);
    expect(asked.map(({ filter }) => filter)).toMatchObject([
      { member: 'M', store: 'MINE', channel: undefined },
      { channel: 'web', store: 'MINE' },
    ]);
    await expect(list({ store: 'OTHER' }, STORE)).rejects.toMatchObject({ status: 403 });
  });

  it('shows the system of a channel that channel alone', async () => {
    const { list, csv, asked } = scene();
    await list({ state: 'WAITING' }, SHOP);
    await csv({}, SHOP);
    expect(asked.map(({ filter }) => filter.channel)).toEqual(['tmall', 'tmall']);
    await expect(list({ channel: 'web' }, SHOP)).rejects.toMatchObject({ status: 403 });
  });

  it('is of one store, member or number, of a state, and of an age', async () => {
    const { list, asked } = scene();
    await list({ state: 'WAITING', placedBefore: '2026-03-01T10:00:00Z', placedAfter: '2026-02-01T10:00:00+08:00' });
    expect(asked[0]!.filter).toMatchObject({
      state: 'WAITING',
      placedBeforeMs: Date.UTC(2026, 2, 1, 10),
      placedAfterMs: Date.UTC(2026, 1, 1, 2),
    });
    await expect(list({ store: 'A', member: 'M' })).rejects.toMatchObject({ status: 400 });
  });

  it('is read page by page, and says where it ends', async () => {
    const { list } = scene([order(1), order(2), order(3)]);
    const first = await list({ limit: 2 });
    expect(first.items.map(({ orderId }) => orderId)).toEqual(['web-1', 'web-2']);
    const second = await list({ limit: 2, cursor: first.next! });
    expect([second.items.map(({ orderId }) => orderId), second.next]).toEqual([['web-3'], null]);
  });
});

describe('an export of orders', () => {
  const rowsOf = (csv: string) => csv.trimEnd().split('\r\n').slice(1);
  const cursorIn = (row: string) => row.split(',').at(-1)!;

  it('has a row a line, and goes on after the last cursor without a gap or a repeat', async () => {
    const orders = Array.from({ length: 450 }, (_, i) => order(i + 1));
    const { csv, asked } = scene(orders);
    const whole = rowsOf(await csv());
    expect(whole).toHaveLength(900);
    expect(asked.length).toBeGreaterThan(1);
    const first = rowsOf(await csv({ limit: 250 }));
    expect(first).toHaveLength(500);
    expect(first.map((row) => cursorIn(row) !== '')).toEqual(first.map((_, i) => i % 2 === 1));
    expect([...first, ...rowsOf(await csv({ cursor: cursorIn(first.at(-1)!) }))]).toEqual(whole);
    expect(rowsOf(await csv({ cursor: cursorIn(whole.at(-1)!) }))).toEqual([]);
  });

  it('is no formula for a spreadsheet, and no way to the customer’s door', async () => {
    const { csv } = scene([
      order(1, {
        memberId: '=HYPERLINK("http://x")',
        channelOrder: '@x',
        destination: { city: 'Lyon', address: '1 rue X', recipient: 'Ann', phone: '+33 1' },
      }),
    ]);
    const written = await csv();
    expect(written).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(written).toContain("'@x");
    for (const personal of ['rue', 'Ann', '+33', 'Lyon']) expect(written).not.toContain(personal);
  });

  it('that the database breaks off ends with an error, and not as a whole one', async () => {
    const controller = new OrderListController({ list: () => Promise.reject(new Error('away')) });
    await expect(text(controller.export(ExportQuery.parse({}), OPS).getStream())).rejects.toThrow('away');
  });
});
