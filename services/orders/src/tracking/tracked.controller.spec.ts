import { beforeEach, describe, expect, it } from '@jest/globals';
import { TrackingTokens } from '@shelfline/service-kit/tracking-tokens';
import type { Order } from '../domain/order.js';
import { doing, NOW_MS, placing } from '../testing/order-cases.js';
import { Intake } from '../testing/order-intake.js';
import { TrackedController } from './tracked.controller.js';
import { TrackingLinks } from './tracking-links.js';

const DAY_MS = 86_400_000;
const codeOf = () => '123456';

describe('what a tracking link shows beside the states', () => {
  let intake: Intake;
  let nowMs: number;
  const links = () =>
    new TrackingLinks({
      tokens: new TrackingTokens(`k:${'key-of-this-spec'.repeat(3)}`),
      forMs: DAY_MS,
      base: undefined,
      nowMs: () => nowMs,
    });
  const ask = async (authorization: string | undefined) => {
    const controller = new TrackedController(
      { findOrder: async (id: string) => intake.orders.orders.get(id) as Order | undefined },
      links(),
      { findProductNames: (sku) => (sku === 'A' ? { name: 'Coat', nameZh: '大衣' } : undefined) },
      { handoverCode: codeOf, pickupRemindAfterMs: 1000, pickupKeepMs: 2000 },
    );
    return controller.get(authorization);
  };
  const bearer = async (orderId = 'web-1') => `Bearer ${(await links().findLink(orderId))!.token}`;

  beforeEach(async () => {
    nowMs = NOW_MS;
    intake = new Intake({ A: { 'shop-1': 5 } });
    const collected = { method: 'pickup', store: 'shop-1', promisedBy: '2026-06-01T10:00:00Z' };
    await intake.batch(placing({ A: 1 }, collected as object));
    await intake.ledgerAnswers();
  });

  it('is the promise and the names, and no code before something waits', async () => {
    expect(await ask(await bearer())).toEqual({
      orderId: 'web-1',
      promisedBy: '2026-06-01T10:00:00Z',
      products: [{ sku: 'A', name: 'Coat', nameZh: '大衣' }],
      waiting: [],
    });
  });
  it('is the code while something waits at the counter, on no topic at any time', async () => {
    await intake.batch(doing('accept'), doing('pick'), doing('pack'), doing('ready'));
    expect((await ask(await bearer())).waiting).toMatchObject([{ code: '123456', locked: false }]);
    expect(JSON.stringify(intake.decision.outputs)).not.toContain('123456');
  });
  it('is nothing without a link of this order', async () => {
    await expect(ask(undefined)).rejects.toMatchObject({ status: 401 });
    await expect(ask('Bearer rubbish')).rejects.toMatchObject({ status: 403 });
    await expect(ask(await bearer('web-9'))).rejects.toMatchObject({ status: 404 });
    const old = await bearer();
    nowMs += DAY_MS;
    await expect(ask(old)).rejects.toMatchObject({
      status: 403,
      detail: expect.stringMatching(/run out/),
    });
  });
});
