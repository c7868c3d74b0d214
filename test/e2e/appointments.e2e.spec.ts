import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection } from '@shelfline/client/store';
import { connectStorefront, type StorefrontConnection, type TrackedOrder } from '@shelfline/client/storefront';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const PER_SLOT = 3;

interface Slots {
  readonly slots: readonly { readonly start: string; readonly free: number }[];
}

describe('an appointment at a store', () => {
  const system = new WholeSystem();
  let screen: StoreConnection;
  let shop: StorefrontConnection;
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const [from, untilDay] = [Date.now(), Date.now() + 3 * DAY_MS].map((ms) => new Date(ms).toISOString());
  const slots = async () => {
    const path = `/api/orders/appointments/slots?store=salon&from=${from}&until=${untilDay}`;
    return (await system.call<Slots>('GET', path)).body.slots;
  };
  const book = (appointmentId: string, start: string, more: object = {}) =>
    system.call<{ start: string }>(
      'POST',
      '/api/orders/appointments',
      { appointmentId, store: 'salon', start, purpose: 'pickup', ...more },
      'integrator',
    );
  const step = (appointmentId: string, what: string, body: object = {}) =>
    system.call('POST', `/api/orders/appointments/${appointmentId}/${what}`, body, 'integrator');

  beforeAll(async () => {
    await system.start();
    const openingHours = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, opens: '00:00', closes: '24:00' }));
    const appointments = { slotMinutes: 60, perSlot: PER_SLOT, bookAheadDays: 7 };
    const facts = { name: 'Salon', openingHours, appointments };
    await stockPlace(system, { code: 'salon', facts, product: { sku: 'GOWN', name: 'Gown' }, units: 9 });
    screen = connectStore({ url: system.address, token: () => tokenOf('role=store&store=salon') });
    shop = connectStorefront({ url: system.address, token: () => tokenOf('role=storefront&channel=web') });
  }, 120_000);
  afterAll(async () => {
    screen?.close();
    shop?.close();
    await system.stop();
  }, 60_000);

  it('is never given to one too many, by however many it is wanted at once, and survives a kill', async () => {
    const { start } = (await until(async () => (await slots()).at(5), 'the slots'))!;
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => book(`rush-${i}`, start)));
    const taken = answers.flatMap(({ status }, i) => (status === 200 ? [i] : []));
    expect([taken.length, answers.filter(({ status }) => status === 409).length]).toEqual([PER_SLOT, 12 - PER_SLOT]);
    await system.kill('orders');
    system.startService('orders');
    await system.untilReady();
    expect((await slots()).find((slot) => slot.start === start)).toMatchObject({ free: 0 });
    expect((await step(`rush-${taken[0]}`, 'cancel')).status).toBe(200);
    expect((await book('late', start)).status).toBe(200);
    expect((await book('later', start)).status).toBe(409);
    // Refused under that name, it is corrected under it, or had once somebody gives his own back.
    const elsewhere = (await slots()).at(7)!.start;
    expect((await book('later', elsewhere)).status).toBe(200);
    expect((await book('later', elsewhere)).status).toBe(200);
    expect((await book('later', start)).status).toBe(409);
    expect((await book('latest', start)).status).toBe(409);
    expect((await step('late', 'cancel')).status).toBe(200);
    expect((await book('latest', start)).status).toBe(200);
  });

  it('is shown at the store and to the customer of the order it is for, as it is booked, moved and given back', async () => {
    const lines = [{ lineId: '1', sku: 'GOWN', quantity: 1, unitPriceMinor: 990 }];
    const order = { orderId: 'gown-1', channel: 'web', currency: 'EUR', method: 'pickup', store: 'salon', lines };
    const { body } = await system.call<{ items: { trackingToken: string }[] }>(
      'POST',
      '/api/orders',
      { ...order, placedAt: new Date().toISOString() },
      'integrator',
    );
    let followed: TrackedOrder | undefined;
    shop.track(body.items[0]!.trackingToken, (one) => {
      followed = one;
    });
    const shown = () => screen.tasks.find(({ orderId }) => orderId === 'gown-1')?.appointment?.start;
    const [first, second] = (await slots()).slice(20).map(({ start }) => start) as [string, string];
    expect((await book('fit-1', first, { orderId: 'gown-1' })).status).toBe(200);
    await until(() => shown() === first && followed?.appointment?.start === first, 'both see it');
    expect((await step('fit-1', 'move', { start: second })).status).toBe(200);
    await until(() => shown() === second && followed?.appointment?.start === second, 'both see that it was moved');
    const list = await system.call<{ items: { appointmentId: string }[] }>(
      'GET',
      `/api/orders/appointments?store=salon&from=${first}&until=${untilDay}`,
    );
    expect(list.body.items.map(({ appointmentId }) => appointmentId)).toContain('fit-1');
    const third = (await slots()).at(22)!.start;
    expect((await book('fit-3', third, { orderId: 'gown-1' })).status).toBe(200);
    await until(() => shown() === third && followed?.appointment?.start === third, 'both see the other one');
    expect((await step('fit-3', 'cancel')).status).toBe(200);
    await until(() => shown() === second && followed?.appointment?.start === second, 'both see the first one again');
    expect((await step('fit-1', 'cancel')).status).toBe(200);
    await until(() => followed?.appointment === undefined && shown() === undefined, 'both see that it is off');
    expect((await book('fit-2', first, { orderId: 'gown-9' })).status).toBe(404);
  });

  it('names its customer no more once he is taken out, but while he is still to come', async () => {
    const start = (await slots()).at(40)!.start;
    const who = { memberId: 'm-7', name: 'Mei', note: 'hem' };
    expect((await book('off-7', start, who)).status).toBe(200);
    expect((await book('to-come-7', start, who)).status).toBe(200);
    expect((await step('off-7', 'cancel')).status).toBe(200);
    const erased = await system.call('POST', '/api/orders/erase-member', { memberId: 'm-7', reason: 'asked for' });
    expect(erased).toMatchObject({ status: 200, body: { appointments: 1, appointmentsNotYet: ['to-come-7'] } });
    const get = (id: string) => system.call('GET', `/api/orders/appointments/${id}`, undefined, 'integrator');
    expect((await get('off-7')).body).not.toHaveProperty('name');
    expect((await get('off-7')).body).not.toHaveProperty('memberId');
    expect((await get('to-come-7')).body).toMatchObject({ name: 'Mei' });
  });
});
