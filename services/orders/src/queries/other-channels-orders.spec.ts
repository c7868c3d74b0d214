import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@shelfline/service-kit/auth';
import { ChangesController } from '../changes/changes.controller.js';
import { HoldsController } from '../holds/holds.controller.js';
import { ReturnsController } from '../returns/returns.controller.js';
import { placed, worldAt } from '../testing/placing.js';
import { asking, shipped } from '../testing/return-cases.js';
import { TrackingController } from '../tracking/tracking.controller.js';

/** Of the system of another channel than the one that sold it. */
const OTHER: Principal = { sub: 'i', role: 'integrator', channel: 'tmall', exp: 0 };
const order = placed(worldAt(1), { orderId: 'web-1' });
const repository = { findOrder: () => Promise.resolve(order) } as never;
const unasked = {
  ask: () => Promise.reject(new Error('it was asked')),
  findLink: () => Promise.reject(new Error('a link was made')),
} as never;

describe('an order of another channel', () => {
  it.each([
    ['followed', () => new TrackingController(repository, unasked).link('web-1', OTHER)],
    ['changed', () => new ChangesController(unasked, repository).change('web-1', {} as never, OTHER)],
    ['held longer', () => new HoldsController(unasked, repository).extend('web-1', {} as never, OTHER)],
    ['given back', () => new HoldsController(unasked, repository).release('web-1', {} as never, OTHER)],
  ])('cannot be %s, and it is not said that there is one', async (_, ask) => {
    await expect(ask()).rejects.toMatchObject({ status: 404 });
  });
});

describe('returns of another channel’s order', () => {
  const LINES = [{ lineId: 'line-A', units: 1 }];
  const returning = () => {
    const scene = shipped({ A: 2 }, { orderId: 'web-1' });
    scene.when(asking({ A: 1 }, { orderId: 'web-1' }));
    const asked: object[] = [];
    const repository = {
      list: (filter: object) => (asked.push(filter), Promise.resolve([])),
      findSold: (...by: unknown[]) => (asked.push(by), Promise.resolve([])),
    };
    const found = { findOrder: (id: string) => Promise.resolve(scene.orders.get(id)) };
    return { controller: new ReturnsController(unasked, found as never, repository as never), asked };
  };

  it.each([
    ['looked at', (c: ReturnsController) => c.get('web-1', 'r1', OTHER)],
    [
      'asked for',
      (c: ReturnsController) =>
        c.request({ orderId: 'web-1', returnId: 'r2', lines: LINES, receivedHere: false }, OTHER),
    ],
    ['received', (c: ReturnsController) => c.receive('web-1', 'r1', { store: 'shop-1', lines: LINES }, OTHER)],
    [
      'inspected',
      (c: ReturnsController) =>
        c.inspect('web-1', 'r1', { store: 'shop-1', lines: [{ ...LINES[0]!, condition: 'as_new' }] }, OTHER),
    ],
    [
      'disposed of',
      (c: ReturnsController) =>
        c.dispose('web-1', 'r1', { store: 'shop-1', lines: [{ ...LINES[0]!, to: 'restock' }] }, OTHER),
    ],
    ['approved', (c: ReturnsController) => c.approve('web-1', 'r1', {}, OTHER)],
    ['cancelled', (c: ReturnsController) => c.cancel('web-1', 'r1', {}, OTHER)],
  ])('cannot be %s', async (_, ask) => {
    await expect(ask(returning().controller)).rejects.toMatchObject({ status: 404 });
  });

  it('are neither listed nor found by a number, nor made as those of another shop', async () => {
    const { controller, asked } = returning();
    await controller.list({ limit: 5 }, OTHER);
    await controller.returnable({ member: 'm1' }, OTHER);
    expect(asked).toEqual([{ channel: 'tmall' }, ['member', 'm1', 'tmall']]);
    await expect(controller.list({ limit: 5, channel: 'web' }, OTHER)).rejects.toMatchObject({ status: 403 });
    const foreign = { returnId: 'r1', lines: LINES, receivedHere: false, foreign: { channel: 'web', number: '7' } };
    await expect(controller.request(foreign, OTHER)).rejects.toMatchObject({ status: 403 });
  });
});
