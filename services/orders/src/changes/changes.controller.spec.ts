import { describe, expect, it } from '@jest/globals';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import { OrderMessage as Schema } from '@shelfline/contracts/order-message';
import type { Principal } from '@shelfline/service-kit/auth';
import { contentHashOf, readMessage } from '../read-message.js';
import { placing } from '../testing/order-cases.js';
import { given } from '../testing/order-scene.js';
import { ChangeBody } from './change-bodies.js';
import { ChangesController } from './changes.controller.js';

const SYSTEM: Principal = { sub: 'i', role: 'integrator', exp: 0 };
const store = (code: string): Principal => ({ sub: 's', role: 'store', store: code, exp: 0 });

/** Everything asked is decided at once. */
function counter(over: object = {}) {
  const scene = given({ A: { 'shop-1': 5 } }, placing({ A: 3 }, over));
  const asked: OrderMessage[] = [];
  const ask = (messages: OrderMessage[]) => {
    asked.push(...messages);
    scene.when(...messages);
    const errors = scene.refusals.map(({ code, field, detail }) => ({ code, field, detail }));
    const { allowed } = scene.refusals[0] ?? {};
    const outcome = { result: errors.length > 0 ? 'refused' : 'applied', errors, allowed };
    return Promise.resolve([{ kind: 'answered', outcome }]);
  };
  const findOrder = (id: string) => Promise.resolve(scene.orders.get(id));
  const controller = new ChangesController({ ask } as never, { findOrder } as never);
  const change = (body: object, who = SYSTEM, orderId = 'web-1') =>
    controller.change(orderId, ChangeBody.parse(body), who);
  return { change, asked };
}

describe('changes by REST', () => {
  it('answer with the order as it is now, under the caller’s id', async () => {
    const { change, asked } = counter();
    const body = { id: 'c-1', lines: [{ lineId: 'line-A', quantity: 1 }] };
    expect(await change(body)).toMatchObject({ totalMinor: 100, lines: [{ cancelledUnits: 2, promisedUnits: 1 }] });
    expect(asked).toMatchObject([{ type: 'change', id: 'change/web-1/c-1', source: 'orders-api' }]);
    // Read from the topic it is the same content, or every repeat would be a conflict.
    const value = Buffer.from(JSON.stringify(asked[0]));
    const record = { topic: '', partition: 0, offset: 0, timestampMs: 0, key: null, headers: {}, value };
    expect(readMessage(record, Schema, { keyOf: ({ orderId }) => orderId, what: 'it' })).toMatchObject({
      contentHash: contentHashOf(asked[0]),
    });
  });

  it('are refused with what is possible instead', async () => {
    const { change } = counter();
    await expect(change({ lines: [{ lineId: 'line-A', quantity: 9 }] })).rejects.toMatchObject({
      status: 409,
      slug: 'cannot-be-served',
      extra: { allowed: ['lines', 'method', 'destination', 'store', 'cancel'] },
    });
    await expect(change({ lines: [{ lineId: 'x', quantity: 1 }] })).rejects.toMatchObject({ status: 404 });
  });

  it('are a store’s affair where it sold the order, and of nobody else', async () => {
    const { change, asked } = counter({ soldAt: 'shop-1' });
    const body = { lines: [{ lineId: 'line-A', quantity: 2 }] };
    await expect(change(body, store('shop-2'))).rejects.toMatchObject({ status: 404 });
    await expect(change(body, SYSTEM, 'a/b')).rejects.toMatchObject({ status: 404 });
    expect(asked).toEqual([]);
    expect(await change(body, store('shop-1'))).toMatchObject({ lines: [{ promisedUnits: 2 }] });
  });

  it('made a store’s order one that it may not place', async () => {
    const { change, asked } = counter({ method: 'pickup', store: 'shop-1' });
    const forbidden = { status: 403, slug: 'forbidden' };
    await expect(change({ store: 'shop-2' }, store('shop-1'))).rejects.toMatchObject(forbidden);
    const sent = { method: 'courier', destination: { city: 'Lyon' } };
    await expect(change(sent, store('shop-1'))).rejects.toMatchObject(forbidden);
    const own = counter({ method: 'pickup', store: 'shop-1', soldAt: 'shop-1' });
    const carried = { method: 'carry_out', store: 'shop-2' };
    await expect(own.change(carried, store('shop-1'))).rejects.toMatchObject(forbidden);
    expect([...asked, ...own.asked]).toEqual([]);
    expect(await own.change({ store: 'shop-2', lines: [{ lineId: 'line-A', quantity: 0 }] })).toBeDefined();
    expect(await change({ lines: [{ lineId: 'line-A', quantity: 2 }] }, store('shop-1'))).toBeDefined();
  });

  it.each([
    {},
    { lines: [] },
    { lines: [{ lineId: '1', quantity: -1 }] },
    { lines: [{ lineId: '1', quantity: 1e9 }] },
    {
      lines: [
        { lineId: '1', quantity: 1 },
        { lineId: '1', quantity: 2 },
      ],
    },
    { method: 'balloon' },
    { lines: [{ lineId: '1', quantity: 1 }], price: 1 },
  ])('that say nothing or nonsense are not read: %j', (body) => {
    expect(ChangeBody.safeParse(body).success).toBe(false);
  });
});
