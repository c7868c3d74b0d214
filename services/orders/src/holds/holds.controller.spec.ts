import { describe, expect, it } from '@jest/globals';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { Principal } from '@shelfline/service-kit/auth';
import { holding } from '../testing/order-cases.js';
import { OrderScene } from '../testing/order-scene.js';
import { HoldsController } from './holds.controller.js';

const SYSTEM: Principal = { sub: 'i', role: 'integrator', exp: 0 };
const store = (code: string): Principal => ({ sub: 's', role: 'store', store: code, exp: 0 });
const body = (over: object = {}) => {
  const { type: _type, id: _id, source: _source, ...rest } = holding({ A: 3 });
  return { ...rest, ...over };
};

/** Everything asked is decided at once over a shelf of two. */
function counter() {
  const scene = new OrderScene({ A: { 'shop-1': 2 } });
  const asked: OrderMessage[] = [];
  const ask = (messages: OrderMessage[]) => {
    asked.push(...messages);
    scene.when(...messages);
    const errors = scene.refusals.map(({ code, field, detail }) => ({ code, field, detail }));
    const result = errors.length > 0 ? 'refused' : 'applied';
    return Promise.resolve([{ kind: 'answered', outcome: { result, errors } }]);
  };
  const findOrder = (id: string) => Promise.resolve(scene.orders.get(id));
  return { controller: new HoldsController({ ask } as never, { findOrder } as never), asked };
}

describe('holds by REST', () => {
  it('tell what is held, what is short and until when', async () => {
    const { controller } = counter();
    expect(await controller.hold(body(), SYSTEM)).toMatchObject({
      state: 'HELD',
      heldUntil: '2026-06-01T12:15:00.000Z',
      lines: [{ quantity: 3, heldUnits: 2, shortUnits: 1 }],
    });
    expect(await controller.extend('web-1', { ttlSeconds: 3600 }, SYSTEM)).toMatchObject({
      heldUntil: '2026-06-01T13:00:00.000Z',
    });
    expect(await controller.release('web-1', {}, SYSTEM)).toMatchObject({ state: 'ENDED', reason: 'released' });
  });

  it('are one request where the same basket is sent twice, and another under another id', async () => {
    const { controller, asked } = counter();
    for (const id of [undefined, undefined, 'second']) await controller.hold(body(id ? { id } : {}), SYSTEM);
    expect(asked.map(({ id }) => id)).toEqual(['hold/web-1/first', 'hold/web-1/first', 'hold/web-1/second']);
  });

  it('were held for a quarter of an hour where ttlSeconds was misspelt, and nobody was told', async () => {
    const { ttlSeconds: _, ...sent } = body({ ttlSecond: 60 });
    expect(await counter().controller.hold(sent, SYSTEM)).toMatchObject({
      heldUntil: '2026-06-01T12:15:00.000Z',
      unreadFields: [{ field: 'ttlSecond', meant: 'ttlSeconds' }],
    });
  });

  it('told of an id that had been sent before whoever had sent none', async () => {
    const conflicts = { ask: () => Promise.resolve([{ kind: 'conflict' }]) };
    const none = { findOrder: () => Promise.resolve(undefined) };
    const controller = new HoldsController(conflicts as never, none as never);
    await expect(controller.hold(body(), SYSTEM)).rejects.toMatchObject({
      status: 409,
      detail: expect.stringMatching(/^A basket for web-1 without an id was sent before .* Send it under another id/),
    });
    await expect(controller.hold(body({ id: 'b' }), SYSTEM)).rejects.toMatchObject({
      detail: expect.stringContaining('A basket for web-1 under the id b was sent before'),
    });
  });

  it.each([
    [{ lines: [] }, 'lines'],
    [{ lines: [{ lineId: '1', sku: 'A', quantity: 0 }] }, 'lines[0].quantity'],
    [{ lines: [{ lineId: '1', sku: 'A', quantity: 1e9 }] }, 'lines[0].quantity'],
    [{ ttlSeconds: 9 }, 'ttlSeconds'],
    [{ orderId: 'a/b' }, 'orderId'],
    [{ method: 'pickup' }, 'store'],
    [{ id: '' }, 'id'],
  ])('name the field to correct and send nothing: %j', async (over, path) => {
    const { controller, asked } = counter();
    await expect(controller.hold(body(over), SYSTEM)).rejects.toMatchObject({
      status: 400,
      extra: { errors: [expect.objectContaining({ path })] },
    });
    expect(asked).toEqual([]);
  });

  it('of another store are no affair of a store, and none is made for it', async () => {
    const { controller, asked } = counter();
    await controller.hold(body({ soldAt: 'shop-1' }), store('shop-1'));
    await expect(controller.hold(body({ soldAt: 'shop-2' }), store('shop-2'))).rejects.toMatchObject({ status: 404 });
    await expect(controller.release('web-1', {}, store('shop-2'))).rejects.toMatchObject({ status: 404 });
    await expect(controller.hold(body({ orderId: 'x', soldAt: 'shop-1' }), store('shop-2'))).rejects.toMatchObject({
      status: 403,
    });
    expect(asked).toHaveLength(1);
  });
});
