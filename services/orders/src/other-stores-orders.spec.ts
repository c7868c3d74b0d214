import { describe, expect, it } from '@jest/globals';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { Principal } from '@shelfline/service-kit/auth';
import type { Order } from './domain/order.js';
import { OrdersController } from './orders.controller.js';
import { placed, worldAt } from './testing/placing.js';

const store = (code: string | undefined): Principal => ({
  sub: 's',
  role: 'store',
  exp: 0,
  ...(code ? { store: code } : {}),
});
const SYSTEM: Principal = { sub: 'i', role: 'integrator', exp: 0 };

function controllerOf(order: Order) {
  const asked: OrderMessage[] = [];
  const answer = { kind: 'answered', outcome: { result: 'applied', taskState: 'ACCEPTED', version: 2 } };
  const controller = new OrdersController(
    { ask: (messages: OrderMessage[]) => Promise.resolve(messages.map((m) => (asked.push(m), answer))) } as never,
    {
      findOrder: (id: string) => Promise.resolve(id === order.orderId ? order : undefined),
    } as never,
    {} as never,
    {} as never,
    { findRoutings: () => Promise.resolve([]) },
  );
  return { controller, asked };
}
const NOT_THERE = expect.objectContaining({ status: 404 });

describe('a store by REST', () => {
  const order = {
    ...placed(worldAt(1)),
    tasks: [{ number: 1, location: 'MINE', state: 'ASSIGNED', lines: [], assignedAtMs: 1, changedAtMs: 1, version: 1 }],
  } satisfies Order;
  const { controller, asked } = controllerOf(order);

  it('sees its own orders, and of others not even that there are any', async () => {
    expect(await controller.get('A1', store('MINE'))).toMatchObject({ orderId: 'A1' });
    expect(await controller.get('A1', SYSTEM)).toMatchObject({ orderId: 'A1' });
    await expect(controller.get('A1', store('OTHER'))).rejects.toEqual(NOT_THERE);
    await expect(controller.routing('A1', { language: 'en' }, store('OTHER'))).rejects.toEqual(NOT_THERE);
    await expect(controller.get('A1', store(undefined))).rejects.toMatchObject({ status: 400 });
  });

  it('cancels none of another store, and sends nothing', async () => {
    await expect(controller.cancel('A1', {}, store('OTHER'))).rejects.toEqual(NOT_THERE);
    expect(asked).toEqual([]);
  });

  it('numbers its requests as it likes, beside those of other stores', async () => {
    await controller.work({ taskId: 'A1/1', action: 'accept', id: '1' }, store('MINE'));
    await controller.work({ taskId: 'A1/1', action: 'accept', id: '1' }, store('OTHER'));
    expect(new Set(asked.map(({ id }) => id)).size).toBe(2);
  });
});

describe('the system of a channel by REST', () => {
  const { controller, asked } = controllerOf(placed(worldAt(1)));
  const of = (channel: string): Principal => ({ ...SYSTEM, channel });

  it('sees and cancels what that channel sold alone', async () => {
    expect(await controller.get('A1', of('web'))).toMatchObject({ channel: 'web' });
    await expect(controller.get('A1', of('other'))).rejects.toEqual(NOT_THERE);
    await expect(controller.cancel('A1', {}, of('other'))).rejects.toEqual(NOT_THERE);
    expect(asked).toEqual([]);
  });
});

describe('an id that no order can have', () => {
  it('is answered at once, and not sent to a topic on which it could only become a dead letter', async () => {
    const { controller, asked } = controllerOf(placed(worldAt(1)));
    for (const taskId of ['none', 'a b/1', `${'x'.repeat(70)}/1`])
      await expect(controller.work({ taskId, action: 'accept', store: 'MINE' }, SYSTEM)).rejects.toEqual(NOT_THERE);
    await expect(controller.cancel('a b', {}, SYSTEM)).rejects.toEqual(NOT_THERE);
    expect(asked).toEqual([]);
  });
});
