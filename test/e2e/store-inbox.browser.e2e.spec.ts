import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './real-chromium.js';
import { stockPlace } from './stocked-place.js';
import { WholeSystem } from './whole-system.js';

const PHONE = { width: 375, height: 740 };

describe('a checkout and a store’s inbox in a real Chromium', () => {
  const system = new WholeSystem();
  let browser: Browser;
  let phone: Page;
  let till: Page;
  let customer: Page;
  let serial = 0;
  const place = async (over: object = {}) => {
    const orderId = `inbox-${++serial}`;
    const lines = [{ lineId: '1', sku: 'COAT', quantity: 1, unitPriceMinor: 1990 }];
    const more = { channel: 'web', placedAt: new Date().toISOString(), currency: 'EUR', method: 'courier' };
    const destination = { city: 'Lyon', region: 'south', address: '1 rue X', recipient: 'Anna' };
    const order = { orderId, lines, destination, ...more, ...over };
    const { body } = await system.call<{ placed: number }>('POST', '/api/orders', order, 'integrator');
    expect(body.placed).toBe(1);
    return orderId;
  };
  const card = (page: Page, orderId: string, state?: string) =>
    page.locator(`[data-task="${orderId}/1"]${state ? `[data-state="${state}"]` : ''}`);
  const press = (page: Page, orderId: string, name: string) =>
    card(page, orderId).getByRole('button', { name, exact: true }).click();
  const stateOf = async (orderId: string) =>
    (await system.call<{ state: string }>('GET', `/api/orders/${orderId}`)).body.state;
  const shot = async (name: string, page = phone) => {
    const folder = process.env['SHELFLINE_PICTURES'];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `inbox-${name}.png`) });
  };

  beforeAll(async () => {
    await system.start();
    const product = { sku: 'COAT', name: 'Green coat', nameZh: '绿色大衣' };
    await stockPlace(system, { code: 'near', facts: { name: 'Store near' }, product, units: 20 });
    browser = await launchChromium();
    phone = await browser.newPage({ viewport: PHONE, locale: 'en-US' });
    till = await browser.newPage({ viewport: { width: 1100, height: 800 }, locale: 'en-US' });
    customer = await browser.newPage({ viewport: PHONE, locale: 'en-US' });
    await customer.goto(system.address);
    await phone.goto(`${system.address}/store`);
    await phone.getByRole('combobox', { name: 'Store' }).selectOption('near');
    await till.goto(`${system.address}/store?store=near`);
    for (const page of [phone, till]) {
      await page.locator('.badge.live').waitFor();
      await page.getByText('Nothing to do at the moment.').waitFor();
    }
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    await system.stop();
  }, 60_000);

  it('rings, counts down, and is worked off step by step while both screens show the same', async () => {
    const orderId = await place();
    await card(phone, orderId, 'ASSIGNED').getByText('Green coat').waitFor();
    await phone.getByText('One new order waits to be accepted').waitFor();
    expect(await card(phone, orderId).locator('.countdown').textContent()).toMatch(/Accept within \d+:\d\d/);
    await phone.waitForFunction(() => document.title === '(1) Store inbox · Shelfline');
    await shot('new');
    await press(phone, orderId, 'Accept');
    await card(till, orderId, 'ACCEPTED').waitFor();
    await press(till, orderId, 'Start picking');
    await card(phone, orderId, 'PICKING').waitFor();
    await press(phone, orderId, 'Packed');
    await card(phone, orderId, 'PACKED').waitFor();
    await press(phone, orderId, 'Ship');
    await phone.getByLabel('Parcel number').fill('T-17');
    await press(phone, orderId, 'It has left');
    await card(phone, orderId, 'SHIPPED').waitFor();
    await press(phone, orderId, 'Delivered');
    for (const page of [phone, till]) await card(page, orderId).waitFor({ state: 'detached' });
    await phone.waitForFunction(() => document.title === 'Store inbox · Shelfline');
    const { body } = await system.call('GET', `/api/orders/${orderId}`);
    expect(body).toMatchObject({ state: 'COMPLETED', tasks: [{ tracking: 'T-17' }] });
  }, 90_000);

  it('shows who of the store brings what is brought, until it is cancelled', async () => {
    const orderId = await place({ method: 'same_city' });
    await card(phone, orderId, 'ASSIGNED').waitFor();
    const visit = { taskId: `${orderId}/1`, store: 'near', guide: 'Li', until: '2030-03-01T11:30:00Z' };
    expect((await system.call('POST', '/api/orders/visits', visit)).status).toBe(200);
    for (const page of [phone, till]) await card(page, orderId).getByText('Li brings it').waitFor();
    await card(phone, orderId).getByText('The customer is there until').waitFor();
    await system.call('POST', `/api/orders/${orderId}/cancel`, {}, 'integrator');
    for (const page of [phone, till]) await card(page, orderId).waitFor({ state: 'detached' });
  }, 60_000);

  it('hands over what is collected', async () => {
    const orderId = await place({ method: 'pickup', store: 'near', destination: undefined });
    for (const [name, state] of [
      ['Accept', 'ACCEPTED'],
      ['Start picking', 'PICKING'],
      ['Packed', 'PACKED'],
      ['Ready for pickup', 'READY_FOR_PICKUP'],
    ] as const) {
      await press(phone, orderId, name);
      await card(phone, orderId, state).waitFor();
    }
    await press(phone, orderId, 'Hand over');
    const { body } = await system.call<{ waiting: { code: string }[] }>('GET', `/api/orders/${orderId}/handover`);
    await phone.getByLabel('Code the customer shows').fill(body.waiting[0]!.code);
    await shot('hand-over');
    await press(phone, orderId, 'Hand it over');
    await card(phone, orderId).waitFor({ state: 'detached' });
    expect(await stateOf(orderId)).toBe('COMPLETED');
  }, 90_000);

  it('told of a wrong code at the top of the page, out of sight of who had typed it, and took codes when locked', async () => {
    const orderId = await place({ method: 'pickup', store: 'near', destination: undefined });
    for (const name of ['Accept', 'Start picking', 'Packed', 'Ready for pickup']) await press(phone, orderId, name);
    await press(phone, orderId, 'Hand over');
    const { body } = await system.call<{ waiting: { code: string }[] }>('GET', `/api/orders/${orderId}/handover`);
    const wrong = body.waiting[0]!.code === '000000' ? '000001' : '000000';
    const locked = card(phone, orderId).getByText('no code opens it any more').first();
    await phone.getByLabel('Code the customer shows').fill(wrong);
    await press(phone, orderId, 'Hand it over');
    await card(phone, orderId).getByRole('alert').getByText('This is not the code of this order').waitFor();
    await shot('wrong-code');
    await press(phone, orderId, 'Close this message');
    for (let tries = 1; tries < 5; tries++) {
      await press(phone, orderId, 'Hand it over');
      await (tries < 4 ? card(phone, orderId).getByRole('alert') : locked).waitFor();
    }
    expect(await card(phone, orderId).getByRole('button', { name: 'Hand over', exact: true }).isDisabled()).toBe(true);
    expect(await card(phone, orderId).getByLabel('Code the customer shows').count()).toBe(0);
    await shot('locked');
    await system.call('POST', `/api/orders/${orderId}/cancel`, {}, 'integrator');
    await card(phone, orderId).waitFor({ state: 'detached' });
  }, 90_000);

  it('said that there was nothing to do in a store that there is not', async () => {
    const page = await browser.newPage({ viewport: PHONE, locale: 'en-US' });
    await page.goto(`${system.address}/store?store=nowhere`);
    await page.getByRole('alert').getByText('There is no store nowhere.').waitFor();
    expect(await page.getByText('Nothing to do at the moment.').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Store' }).selectOption('near');
    await page.locator('.badge.live').waitFor();
    await page.close();
  }, 60_000);

  it('rejects with a reason, which goes with the order', async () => {
    const orderId = await place();
    await press(phone, orderId, 'Reject');
    await phone.getByLabel('Why can it not be done?').selectOption({ label: 'Damaged' });
    await shot('reject');
    await press(phone, orderId, 'Reject the order');
    await card(phone, orderId).waitFor({ state: 'detached' });
    const { body } = await system.call('GET', `/api/orders/${orderId}`);
    expect(body).toMatchObject({ tasks: [{ state: 'REJECTED', reason: 'Damaged' }] });
  }, 60_000);

  it('speaks Chinese and fits a phone', async () => {
    const orderId = await place();
    await phone.getByRole('button', { name: '中文' }).click();
    await card(phone, orderId).getByText('绿色大衣').waitFor();
    await press(phone, orderId, '接单');
    await card(phone, orderId, 'ACCEPTED').getByText('已接单').waitFor();
    const overflow = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    for (const button of await card(phone, orderId).getByRole('button').all())
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    await shot('chinese');
    await phone.getByRole('button', { name: 'English' }).click();
  }, 60_000);

  it('takes what a customer checks out, who follows each step of the store', async () => {
    await customer.locator('.row', { hasText: 'COAT' }).click();
    await customer.getByText('Basket and checkout').click();
    await customer.getByRole('button', { name: 'Add Green coat' }).click();
    const quantity = customer.getByLabel('Quantity of Green coat');
    // Jumped back to 1 when it was emptied, so that 2 made 12 of it.
    await quantity.press('Backspace');
    await quantity.press('2');
    expect(await quantity.inputValue()).toBe('2');
    await customer.locator('[data-basket="COAT"]', { hasText: /\d+ available/ }).waitFor();
    expect(await customer.getByRole('button', { name: 'Place the order' }).isDisabled()).toBe(true);
    await customer.locator('[data-offer="pickup"]', { hasText: 'Store near' }).waitFor();
    expect(await customer.locator('[data-offer="courier"]').count()).toBe(0);
    await customer.getByRole('combobox', { name: 'City' }).fill('lyon');
    await customer.locator('[data-offer="courier"]', { hasText: /between .* and/ }).waitFor();
    await customer.locator('[data-offer="pickup"]').first().click();
    await shot('checkout', customer);
    await customer.getByRole('button', { name: 'Place the order' }).click();
    const heading = customer.getByRole('heading', { name: /^Order web-/ });
    const orderId = (await heading.textContent())!.replace('Order ', '');
    await customer.getByText('Collect it at Store near').waitFor();
    await card(phone, orderId, 'ASSIGNED').getByText('2 × Green coat').waitFor();
    await press(phone, orderId, 'Accept');
    await customer.locator('.parcel[data-state="ACCEPTED"]').waitFor();
    await press(phone, orderId, 'Start picking');
    await customer.locator('.parcel[data-state="PICKING"]').waitFor();
    await shot('tracking', customer);
    const { body } = await system.call<{ promisedBy?: string }>('GET', `/api/orders/${orderId}`);
    expect(body.promisedBy).toMatch(/^\d{4}-/);
    const overflow = await customer.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }, 90_000);

  it('says when it is offline, holds what it showed, and is right again by itself', async () => {
    const orderId = await place();
    await card(phone, orderId, 'ASSIGNED').waitFor();
    await system.kill('gateway');
    await phone.getByText('No connection to the server.').waitFor();
    expect(await card(phone, orderId, 'ASSIGNED').count()).toBe(1);
    expect(await card(phone, orderId).getByRole('button', { name: 'Accept' }).isDisabled()).toBe(true);
    await shot('offline');
    system.startService('gateway');
    await system.untilReady();
    await phone.locator('.badge.live').waitFor({ timeout: 60_000 });
    await press(phone, orderId, 'Accept');
    await card(phone, orderId, 'ACCEPTED').waitFor();
    expect(await phone.getByText('No connection to the server.').count()).toBe(0);
    await card(till, orderId, 'ACCEPTED').waitFor({ timeout: 60_000 });
  }, 150_000);
});
