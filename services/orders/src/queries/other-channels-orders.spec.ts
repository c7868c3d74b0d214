import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@shelfline/service-kit/auth';
import { ChangesController } from '../changes/changes.controller.js';
import { HoldsController } from '../holds/holds.controller.js';
import { placed, worldAt } from '../testing/placing.js';
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
