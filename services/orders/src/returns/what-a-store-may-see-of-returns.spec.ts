import { describe, expect, it } from '@jest/globals';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { Principal } from '@shelfline/service-kit/auth';
import { ORDER_ID } from '../testing/order-cases.js';
import { asking, receiving, shipped } from '../testing/return-cases.js';
import { ReturnsController } from './returns.controller.js';

const store = (code: string): Principal => ({ sub: code, role: 'store', exp: 0, store: code });
const SYSTEM: Principal = { sub: 'shop', role: 'integrator', exp: 0 };
const NOT_THERE = expect.objectContaining({ status: 404 });
const LINES = [{ lineId: 'line-A', units: 1 }];

function controllerOf(channelOrder = 'TM-1') {
  const scene = shipped({ A: 2 }, { channelOrder, memberId: 'm-1', destination: { address: 'Secret Street 1' } });
  scene.when(asking({ A: 1 }), receiving({ A: 1 }, 'shop-1'), asking({ A: 1 }, { returnId: 'r2' }));
  const asked: OrderMessage[] = [];
  const lists: object[] = [];
  const answer = { kind: 'answered', outcome: { result: 'applied', version: 2 } };
  const controller = new ReturnsController(
    { ask: (messages: OrderMessage[]) => Promise.resolve(messages.map((m) => (asked.push(m), answer))) } as never,
    { findOrder: (id: string) => Promise.resolve(scene.orders.get(id)) } as never,
    {
      list: (filter: object) => (lists.push(filter), Promise.resolve([scene.order])),
      findSold: (_by: string, value: string) => Promise.resolve(value === channelOrder ? [scene.order] : []),
    } as never,
  );
  return { controller, asked, lists };
}

describe('a store and returns', () => {
  it('finds what may come back of any order, and nothing of whose it is', async () => {
    const { controller } = controllerOf();
    const found = await controller.returnable({ channelOrder: 'TM-1' }, SYSTEM);
    expect(found.items).toMatchObject([{ orderId: ORDER_ID, lines: [{ returnableUnits: 0 }] }]);
    expect(JSON.stringify(found)).not.toMatch(/Secret|m-1/);
    await expect(controller.returnable({}, SYSTEM)).rejects.toMatchObject({ status: 400 });
    await expect(controller.returnable({ channelOrder: 'TM-1', member: 'm-1' }, SYSTEM)).rejects.toMatchObject({
      status: 400,
    });
  });

  it('sees what it received and what nobody has received yet, and is listed its own alone', async () => {
    const { controller, lists } = controllerOf();
    expect(await controller.get(ORDER_ID, 'r1', store('shop-1'))).toMatchObject({ state: 'RECEIVED' });
    expect(await controller.get(ORDER_ID, 'r2', store('shop-2'))).toMatchObject({ state: 'REQUESTED' });
    await expect(controller.get(ORDER_ID, 'r1', store('shop-2'))).rejects.toEqual(NOT_THERE);
    const { items } = await controller.list({ limit: 5 }, store('shop-1'));
    expect(items.map(({ returnId }) => returnId)).toEqual(['r1']);
    expect(lists).toEqual([{ store: 'shop-1' }]);
    await expect(controller.list({ store: 'shop-2', limit: 5 }, store('shop-1'))).rejects.toMatchObject({
      status: 403,
    });
  });

  it('speaks for itself alone, and takes its role into whatever it overrides', async () => {
    const { controller, asked } = controllerOf();
    const lines = [{ lineId: 'line-A', units: 1 }];
    await expect(controller.receive(ORDER_ID, 'r2', { store: 'shop-2', lines }, store('shop-1'))).rejects.toMatchObject(
      {
        status: 403,
      },
    );
    await expect(controller.cancel(ORDER_ID, 'r1', {}, store('shop-2'))).rejects.toEqual(NOT_THERE);
    const override = { reason: 'good customer' };
    await controller.request(
      { orderId: ORDER_ID, returnId: 'r1', lines: LINES, receivedHere: true, override },
      store('shop-1'),
    );
    expect(asked).toMatchObject([
      { store: 'shop-1', override: { role: 'store', by: 'shop-1', reason: 'good customer' } },
    ]);
  });

  it('cannot bring back as another shop’s what was sold here', async () => {
    const { controller, asked } = controllerOf();
    const body = { returnId: 'r1', lines: LINES, receivedHere: false };
    const known = { ...body, foreign: { channel: 'web', number: 'TM-1' } };
    await expect(controller.request(known, SYSTEM)).rejects.toMatchObject({ status: 409 });
    await expect(controller.request(body, SYSTEM)).rejects.toMatchObject({ status: 400 });
    expect(asked).toEqual([]);
  });
});
