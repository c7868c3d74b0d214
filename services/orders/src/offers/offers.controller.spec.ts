import { describe, expect, it } from '@jest/globals';
import { Channel } from '@shelfline/contracts/catalog';
import { levelKey } from '@shelfline/contracts/identifiers';
import type { Principal } from '@shelfline/service-kit/auth';
import type { ProblemError } from '@shelfline/service-kit/problem';
import { DEFAULT_RULE } from '../domain/sourcing/sourcing-rule.js';
import type { OpenTasks } from '../open-tasks.js';
import { OrderSurroundings } from '../order-surroundings.js';
import { STORE_TERMS } from '../testing/order-cases.js';
import { Shelf } from '../testing/shelf.js';
import { AskLimit } from './ask-limit.js';
import type { OffersBody } from './offer-bodies.js';
import { OfferDesk } from './offer-desk.js';
import { OffersController } from './offers.controller.js';

const NOW_MS = Date.parse('2026-06-01T12:00:00Z');
const DAY_MS = 24 * 3_600_000;
const SHOPPER: Principal = { sub: 'guest', role: 'storefront', channel: 'web', exp: 0 };
const SYSTEM: Principal = { sub: 'shop', role: 'integrator', exp: 0 };
const BASKET: OffersBody = {
  channel: 'web',
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'COAT', quantity: 2, unitPriceMinor: 1000 }],
  destination: { city: 'Lyon', latitude: 0, longitude: 0 },
};

function scene() {
  const shelf = new Shelf()
    .place('near', { latitude: 0.01, collection: ['counter', 'kerbside'] })
    .place('far', { latitude: 3, city: 'Lille' })
    .place('dc', { type: 'ecommerce_dc', latitude: 5, city: 'Lille' })
    .sells('web', { locations: ['near', 'far', 'dc'] })
    .has('COAT', 'near', 2)
    .has('COAT', 'far', 9);
  shelf.products.set('COAT', { active: true, brand: null });
  const surroundings = new OrderSurroundings(
    shelf.stock,
    { at: () => 0 } as unknown as OpenTasks,
    { inForce: () => DEFAULT_RULE },
    {
      holdForMs: 1,
      acceptWithinMs: 1,
      askAgainAfterMs: 1,
      retryAfterMs: 1,
      store: STORE_TERMS,
    },
  );
  const desk = new OfferDesk(surroundings, shelf.stock, () => NOW_MS);
  const controller = new OffersController(desk, shelf.stock, new AskLimit(() => NOW_MS));
  const ask = (over: Partial<OffersBody> = {}, principal = SYSTEM) =>
    controller.offer({ ...BASKET, ...over }, { language: 'en' }, principal);
  return { shelf, ask };
}
const refusal = (ask: () => unknown): ProblemError => {
  try {
    ask();
  } catch (error) {
    return error as ProblemError;
  }
  throw new Error('it was answered');
};

describe('offers by REST', () => {
  it('come from where routing would send it', () => {
    const { offers, without } = scene().ask();
    expect(
      offers.map(({ method, store, collection, parcels }) => [method, store?.code, collection, parcels[0]?.from]),
    ).toEqual([
      ['courier', undefined, undefined, 'near'],
      ['same_city', undefined, undefined, 'near'],
      ['guide_visit', undefined, undefined, 'near'],
      ['pickup', 'near', 'counter', 'near'],
      ['pickup', 'near', 'kerbside', 'near'],
      ['pickup', 'far', 'counter', 'far'],
    ]);
    expect(without).toMatchObject([{ method: 'carry_out', reason: 'no_store' }]);
  });
  it('of more than the city has are by courier, from the next store, and brought to the nearer ones', () => {
    const lines = [{ lineId: '1', sku: 'COAT', quantity: 3, unitPriceMinor: 1000 }];
    const { offers, without } = scene().ask({ lines });
    const said = offers.map(({ method, store, afterTransfer }) => [store?.code ?? method, afterTransfer ?? false]);
    expect(said).toEqual([
      ['courier', false],
      ['far', false],
      ['near', true],
      ['near', true],
    ]);
    const [, own, brought] = offers;
    expect(Date.parse(brought!.promisedBy)).toBeGreaterThan(Date.parse(own!.promisedBy));
    expect(brought!.words).toContain('brought to the store first');
    expect(without.find(({ method }) => method === 'same_city')).toMatchObject({
      reason: 'part_only',
      missing: [{ lineId: '1', quantity: 1 }],
    });
  });
  it('are collected at the store that is asked for, and at a warehouse only where it says so', () => {
    const { shelf, ask } = scene();
    shelf.has('COAT', 'dc', 9);
    expect(ask({ store: 'dc' }).offers.filter(({ method }) => method === 'pickup')).toEqual([]);
    shelf.place('dc', { type: 'ecommerce_dc', collection: ['locker'] });
    expect(ask({ store: 'dc' }).offers.filter(({ method }) => method === 'pickup')).toMatchObject([
      { collection: 'locker', store: { code: 'dc' } },
    ]);
  });
  it('are of what is expected where the channel sells it ahead, and of nothing where it does not', () => {
    const { shelf, ask } = scene();
    const [due, atMs] = [new Date(NOW_MS + 3 * DAY_MS).toISOString(), NOW_MS + 3 * DAY_MS];
    const expected = (location: string) =>
      shelf.levels.set(levelKey('COAT', location), {
        available: 0,
        onHand: 0,
        confidence: 1,
        version: 2,
        arriving: 5,
        arrivals: [{ units: 5, atMs }],
      });
    shelf.has('COAT', 'near', 0).has('COAT', 'far', 0);
    expected('dc');
    expected('far');
    expect(ask().offers).toEqual([]);
    const sells = (presale: object[]) =>
      shelf.channels.set('web', Channel.parse({ ...shelf.channels.get('web')!, presale }));
    sells([{ skus: ['HAT'] }]);
    expect(ask().offers).toEqual([]);
    sells([{ handlingDays: 2 }]);
    const leaves = new Date(NOW_MS + 5 * DAY_MS).toISOString();
    const marked = { fromIncoming: true, wish: 'backorder', arrivesAt: due, expectedAt: leaves };
    expect(ask().offers).toMatchObject([
      { method: 'courier', ...marked, parcels: [{ from: 'dc', arrivesAt: due, expectedAt: leaves }] },
    ]);
    expect(JSON.stringify(ask({}, SHOPPER).offers)).not.toContain('"dc"');
    sells([{ locationTypes: ['store'] }]);
    expect(ask().offers.map(({ method, store, fromIncoming }) => [store?.code ?? method, fromIncoming])).toEqual([
      ['courier', true],
      ['far', true],
    ]);
    expect(ask({ store: 'near' }).offers.map(({ method }) => method)).toEqual(['courier']);
  });
  it('are priced as the channel states', () => {
    const { shelf, ask } = scene();
    const delivery = [{ method: 'courier', currency: 'CNY', feeMinor: 77, readyWithinMinutes: 10 }];
    shelf.channels.set('web', Channel.parse({ ...shelf.channels.get('web')!, delivery }));
    expect(ask().offers.map(({ method, feeMinor }) => [method, feeMinor])).toEqual([['courier', 77]]);
  });
  it('tell a shopper no warehouse, and are of his channel alone', () => {
    const { ask } = scene();
    expect(JSON.stringify(ask({}, SHOPPER).offers.filter(({ method }) => method === 'courier'))).not.toContain('near');
    expect(refusal(() => ask({}, { ...SHOPPER, channel: 'app' }))).toMatchObject({
      status: 403,
      slug: 'other-channel',
    });
  });
  it('are refused to a shopper who asks without end', () => {
    const { ask } = scene();
    for (let i = 0; i < 20; i++) ask({}, SHOPPER);
    expect(refusal(() => ask({}, SHOPPER))).toMatchObject({ status: 429, extra: { retryAfterSeconds: 10 } });
    expect(ask().offers).not.toEqual([]);
  });
  it('are refused with every field that is unknown', () => {
    const lines = [{ lineId: '1', sku: 'NONE', quantity: 1, unitPriceMinor: 1 }];
    const { status, extra } = refusal(() => scene().ask({ channel: 'none', store: 'none', lines }));
    expect([status, extra['errors']]).toMatchObject([
      422,
      [{ path: 'channel' }, { path: 'store' }, { path: 'lines[0].sku' }],
    ]);
  });
});
