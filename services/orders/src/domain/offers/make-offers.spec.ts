import { describe, expect, it } from '@jest/globals';
import type { RoutingPlan, WantedLine } from '../decision.js';
import type { AheadPart } from '../presale/find-ahead-parts.js';
import { DEFAULT_TERMS } from './default-terms.js';
import { makeOffers, type NoOfferReason, type OfferPlace, type OfferRequest, type OfferWorld } from './make-offers.js';
import { sayNoOffer, sayOffer } from './say-offer.js';

const NOW_MS = Date.parse('2026-06-01T12:00:00Z');
const place = (code: string, over: Partial<OfferPlace> = {}): OfferPlace => ({
  code,
  timeZone: 'UTC',
  distanceM: 5000,
  collection: ['counter'],
  ...over,
});
const LINES = [
  { lineId: '1', sku: 'A', quantity: 2, unitPriceMinor: 1000 },
  { lineId: '2', sku: 'B', quantity: 1, unitPriceMinor: 500 },
];
const whole = (location: string): RoutingPlan => ({ shares: [{ location, lines: LINES }] });
const request = (over: Partial<OfferRequest> = {}): OfferRequest => ({
  lines: LINES,
  currency: 'CNY',
  hasDestination: true,
  nowMs: NOW_MS,
  ...over,
});
const world = (over: Partial<OfferWorld> = {}): OfferWorld => ({
  plan: (_, store) => whole(store ?? 'dc'),
  findPlace: (code) => place(code),
  collectAt: [],
  bringTo: [],
  terms: DEFAULT_TERMS,
  ...over,
});
const reasonOf = (method: string, made: ReturnType<typeof makeOffers>): NoOfferReason | undefined =>
  made.without.find((one) => one.method === method)?.reason;
const offerOf = (method: string, made: ReturnType<typeof makeOffers>) =>
  made.offers.filter((one) => one.method === method);

describe('offers for a basket', () => {
  it('are of each method that can be kept, with its time and its fee', () => {
    const made = makeOffers(request({ store: 'shop' }), world({ collectAt: [place('shop')] }));
    expect(made.without).toEqual([]);
    expect(made.offers.map(({ method, feeMinor }) => [method, feeMinor])).toEqual([
      ['courier', 1000],
      ['same_city', 1100],
      ['guide_visit', 0],
      ['pickup', 0],
      ['carry_out', 0],
    ]);
    expect(made.offers.every(({ earliestMs, latestMs }) => NOW_MS <= earliestMs && earliestMs <= latestMs)).toBe(true);
  });

  it('could be collected within the hour, though a part of it was brought overnight', () => {
    const shares = [
      { location: 'shop', lines: [LINES[0]!] },
      { location: 'dc', lines: [LINES[1]!] },
    ];
    const bringTo = [place('shop')];
    const [pickup] = offerOf('pickup', makeOffers(request(), world({ plan: () => ({ shares }), bringTo })));
    const brought = pickup!.parcels.find(({ from }) => from === 'dc')!;
    expect(pickup).toMatchObject({ isAfterTransfer: true, earliestMs: brought.earliestMs });
    expect(pickup!.earliestMs).toBeGreaterThan(NOW_MS + 12 * 3_600_000);
  });

  it('asked a fee in yuan of a shop in Ohio, and offered nothing for its dollars', () => {
    const ways = makeOffers(request({ currency: 'USD' }), world({ collectAt: [place('shop')] }));
    expect(ways.offers.map(({ method }) => method)).toEqual(['courier', 'same_city', 'guide_visit', 'pickup']);
  });

  it('are kept by the last of several parcels, each of which is paid for', () => {
    const shares = [
      { location: 'near', lines: [LINES[0]!] },
      { location: 'far', lines: [LINES[1]!] },
    ];
    const findPlace = (code: string) => place(code, { distanceM: code === 'far' ? 900_000 : 1000 });
    const [courier] = offerOf('courier', makeOffers(request(), world({ plan: () => ({ shares }), findPlace })));
    expect(courier).toMatchObject({ feeMinor: 1600, parcels: [{ from: 'near' }, { from: 'far' }] });
    const [near, far] = courier!.parcels;
    expect(near!.latestMs).toBeLessThan(far!.latestMs);
    expect([courier!.earliestMs, courier!.latestMs]).toEqual([near!.earliestMs, far!.latestMs]);
  });

  it('to collect are of each place and each way it hands over there', () => {
    const kerb = place('kerb', { collection: ['counter', 'kerbside'] });
    const box = place('box', { collection: ['locker'] });
    const made = offerOf('pickup', makeOffers(request(), world({ collectAt: [kerb, box] })));
    expect(made.map(({ store, collection }) => [store, collection])).toEqual([
      ['kerb', 'counter'],
      ['kerb', 'kerbside'],
      ['box', 'locker'],
    ]);
  });
});

describe('what is not there yet', () => {
  const DAY_MS = 24 * 3_600_000;
  const ARRIVES_MS = Date.parse('2026-06-10T08:00:00Z');
  const part = (location: string, lines: readonly WantedLine[], over: Partial<AheadPart> = {}): AheadPart => ({
    location,
    lines,
    arrivesAtMs: ARRIVES_MS,
    handlingDays: 2,
    ...over,
  });
  const awaiting = (over: Partial<AheadPart> = {}, more: Partial<OfferWorld> = {}) =>
    makeOffers(
      request(),
      world({
        plan: () => ({ shares: [] }),
        planAhead: (_, store, lines) => [part(store ?? 'dc', lines, over)],
        ...more,
      }),
    );

  it('is offered of a delivery with the time that the delivery allows, and marked so', () => {
    const made = awaiting();
    const [courier] = offerOf('courier', made);
    expect(courier).toMatchObject({
      isFromIncoming: true,
      feeMinor: 1000,
      parcels: [{ from: 'dc', arrivesAtMs: ARRIVES_MS, leavesAtMs: ARRIVES_MS + 2 * DAY_MS }],
    });
    expect(courier!.earliestMs).toBeGreaterThan(ARRIVES_MS + 2 * DAY_MS);
    expect(reasonOf('pickup', made)).toBe('out_of_stock');
    const there = offerOf('courier', makeOffers(request(), world()));
    expect(there[0]).not.toHaveProperty('isFromIncoming');
  });

  it('is sent by itself, and what is there at once', () => {
    const made = awaiting({}, { plan: () => ({ shares: [{ location: 'near', lines: [LINES[0]!] }] }) });
    const [courier] = offerOf('courier', made);
    expect(courier).toMatchObject({ isFromIncoming: true, feeMinor: 1600 });
    expect(courier!.parcels.map(({ from, lines, arrivesAtMs }) => [from, lines[0]!.lineId, arrivesAtMs])).toEqual([
      ['near', '1', undefined],
      ['dc', '2', ARRIVES_MS],
    ]);
    expect(courier!.earliestMs).toBeLessThan(ARRIVES_MS);
    expect(courier!.latestMs).toBeGreaterThan(ARRIVES_MS);
    expect(sayOffer(courier!, 'CNY', 'en', String)).toContain('a part is there, the rest arrives at the shop on Wed');
    expect(sayOffer(courier!, 'CNY', 'zh', String)).toContain('部分有货，其余 ');
  });

  it('is offered only where deliveries bring all that is missing', () => {
    const made = awaiting({ lines: [LINES[0]!] });
    expect([made.offers, reasonOf('courier', made)]).toEqual([[], 'out_of_stock']);
  });

  it('is collected where it is expected, unless it can be collected elsewhere now', () => {
    const awaitAt = () => [place('later')];
    const plan: OfferWorld['plan'] = (_, store) => (store === 'now' ? whole('now') : { shares: [] });
    const codes = (over: Partial<OfferWorld>) =>
      offerOf('pickup', awaiting({}, { plan, awaitAt, ...over })).map(({ store, isFromIncoming }) => [
        store,
        isFromIncoming,
      ]);
    expect(codes({})).toEqual([['later', true]]);
    expect(codes({ bringTo: [place('brought')] })).toEqual([
      ['brought', true],
      ['later', true],
    ]);
    expect(codes({ collectAt: [place('now')] })).toEqual([['now', undefined]]);
  });

  it('is offered by no day where nobody has told one, or the day is over', () => {
    for (const arrivesAtMs of [undefined, NOW_MS - DAY_MS]) {
      const made = awaiting({ arrivesAtMs });
      expect([made.offers, reasonOf('courier', made)]).toEqual([[], 'day_unknown']);
    }
    expect(offerOf('courier', awaiting({ arrivesAtMs: NOW_MS - 3_600_000, handlingDays: 0 }))).toMatchObject([
      { isFromIncoming: true },
    ]);
    expect(sayNoOffer({ method: 'courier', reason: 'day_unknown' }, 'en')).toContain('nobody can tell now when');
  });

  it('is told in words with its year, never as if it were there', () => {
    const [courier] = offerOf('courier', awaiting());
    expect(sayOffer(courier!, 'CNY', 'en', String)).toBe(
      'By courier: arrives at the shop on Wed, 10 Jun 2026, 08:00, then between Sat, 13 Jun 2026, 09:00 and Sat, 13 Jun 2026, 20:00, CN¥10.00.',
    );
    expect(sayOffer(courier!, 'CNY', 'zh', String)).toMatch(/^快递配送：货品 2026年6月10日.* 到货，之后预计 /);
  });
});

describe('no offer is made', () => {
  it('for a part, and what would be left over is said', () => {
    const shares = [{ location: 'dc', lines: [{ ...LINES[0]!, quantity: 1 }] }];
    const made = makeOffers(request(), world({ plan: () => ({ shares }) }));
    expect(made.offers).toEqual([]);
    expect(made.without[0]).toEqual({
      method: 'courier',
      reason: 'part_only',
      missing: [
        { lineId: '1', sku: 'A', quantity: 1 },
        { lineId: '2', sku: 'B', quantity: 1 },
      ],
    });
  });
  it.each<[NoOfferReason, string, Partial<OfferRequest>, Partial<OfferWorld>]>([
    ['no_destination', 'courier', { hasDestination: false }, {}],
    ['out_of_stock', 'same_city', {}, { plan: () => ({ shares: [] }) }],
    ['out_of_stock', 'pickup', {}, {}],
    ['no_terms', 'courier', { currency: 'JPY' }, {}],
    ['no_store', 'carry_out', {}, {}],
    ['closed', 'carry_out', { store: 'shop' }, { findPlace: (code) => place(code, { openingHours: [] }) }],
    ['no_promise', 'courier', {}, { findPlace: (code) => place(code, { openingHours: [] }) }],
    ['no_promise', 'courier', {}, { findPlace: () => undefined }],
  ])('%s: %s', (reason, method, asked, over) => {
    const made = makeOffers(request(asked), world(over));
    expect(reasonOf(method, made)).toBe(reason);
    expect(offerOf(method, made)).toEqual([]);
  });
});

describe('in words', () => {
  it('an offer is a sentence in both languages', () => {
    const made = makeOffers(
      request({ store: 'S1' }),
      world({ collectAt: [place('S1', { collection: ['kerbside'] })] }),
    );
    const say = (method: string, language: 'en' | 'zh') =>
      sayOffer(offerOf(method, made)[0]!, 'CNY', language, () => (language === 'en' ? 'Main Street' : '主街店'));
    expect(say('courier', 'en')).toBe('By courier: between Tue 2 Jun, 09:00 and Wed 3 Jun, 20:00, CN¥10.00.');
    expect(say('pickup', 'en')).toBe(
      'To collect at Main Street at the kerb, brought to the car: between Mon 1 Jun, 12:20 and Mon 1 Jun, 14:00, free.',
    );
    expect(say('pickup', 'zh')).toContain('到店自提，主街店，路边领取，送至车旁：预计 ');
    expect(say('carry_out', 'zh')).toBe('现场带走，主街店：即刻，免费。');
    expect(say('courier', 'zh')).toContain('¥10.00');
  });
  it('amounts have the digits of their currency, and an unknown zone is read as UTC', () => {
    const terms = DEFAULT_TERMS.flatMap((one) => (one.currency === 'CNY' ? [{ ...one, currency: 'JPY' }] : []));
    const findPlace = (code: string) => place(code, { timeZone: 'Nowhere/Atall' });
    const made = makeOffers(request({ currency: 'JPY' }), world({ terms, findPlace }));
    expect(sayOffer(offerOf('same_city', made)[0]!, 'JPY', 'en', String)).toContain('JP¥1,100.');
  });
  it('a reason says what to do where something can be done', () => {
    expect(sayNoOffer({ method: 'courier', reason: 'no_destination' }, 'en')).toBe(
      'By courier: not possible, tell where it goes to have it delivered.',
    );
    expect(sayNoOffer({ method: 'carry_out', reason: 'closed' }, 'zh')).toBe('现场带走：门店目前未营业。');
  });
});
