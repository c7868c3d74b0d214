import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './real-chromium.js';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const PHONE = { width: 375, height: 740 };
/** The shortest that can be set: a cart that nobody touches is emptied after a minute. */
const KEEP_MS = '60000';

describe('a member’s cart in a real Chromium', () => {
  const system = new WholeSystem();
  let browser: Browser;
  let phone: Page;
  let desk: Page;
  const line = (page: Page, sku: string) => page.locator(`.member-cart [data-basket="${sku}"]`);
  const quantity = (page: Page) => line(page, 'COAT').getByRole('spinbutton');
  const untilQuantity = (page: Page, wanted: string) =>
    until(
      async () => ((await quantity(page).count()) > 0 && (await quantity(page).inputValue()) === wanted) || undefined,
      `${wanted} on the screen`,
    );
  const byAnotherChannel = async (sku: string, add: number) => {
    const changes = { channel: 'market', changes: [{ sku, add }] };
    return (await system.call('PATCH', '/api/orders/carts/m-1', changes, 'integrator')).status;
  };
  const overflowOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const shot = async (name: string, page = phone) => {
    const folder = process.env['SHELFLINE_PICTURES'];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `cart-${name}.png`) });
  };

  beforeAll(async () => {
    await system.start({ orders: { CART_KEEP_MS: KEEP_MS } });
    const product = { sku: 'COAT', name: 'Green coat', nameZh: '绿色大衣' };
    await stockPlace(system, { code: 'near', facts: { name: 'Store near' }, product, units: 20 });
    await system.call('PUT', '/api/catalog/products/SOCKS', { sku: 'SOCKS', name: 'Socks' });
    await system.call('PUT', '/api/catalog/channels/market', { code: 'market', name: 'Market', pools: [] });
    browser = await launchChromium();
    phone = await browser.newPage({ viewport: PHONE, locale: 'en-US' });
    desk = await browser.newPage({ viewport: { width: 1100, height: 800 }, locale: 'en-US' });
    await phone.goto(system.address);
    await phone.locator('.row', { hasText: 'COAT' }).click();
    await phone.getByText('Member’s cart').click();
    await phone.getByRole('textbox', { name: 'Member' }).fill('m-1');
    await phone.getByRole('button', { name: 'Show the cart' }).click();
    await phone.getByText('The cart is empty.').waitFor();
    await desk.goto(`${system.address}/#member=m-1`);
    await desk.getByText('Member’s cart').click();
    await until(
      async () => ((await byAnotherChannel('SOCKS', 1)) === 200 ? true : undefined),
      'carts know the catalog',
    );
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    await system.stop();
  }, 60_000);

  it('is the same on both screens as soon as either, or another channel, changes it', async () => {
    for (const page of [phone, desk]) await line(page, 'SOCKS').getByText('through Market').waitFor();
    await phone.getByRole('button', { name: 'Put Green coat in the cart' }).click();
    await line(desk, 'COAT').getByText('through web').waitFor();
    await quantity(desk).fill('3');
    await untilQuantity(phone, '3');
    await phone.getByRole('button', { name: 'Remove Socks' }).click();
    for (const page of [phone, desk]) await line(page, 'SOCKS').waitFor({ state: 'detached' });
    expect(await byAnotherChannel('COAT', 1)).toBe(200);
    for (const page of [phone, desk]) await untilQuantity(page, '4');
    expect(await phone.locator('.kept-for').textContent()).toMatch(/Kept for \d:\d\d more/);
    await shot('both');
    expect(await overflowOf(phone)).toBeLessThanOrEqual(0);
    for (const button of await phone.locator('.member-cart').getByRole('button').all())
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  }, 90_000);

  it('is ordered as it stands, and is empty on the other screen', async () => {
    await phone.getByRole('button', { name: 'Check out' }).click();
    await quantity(desk).fill('2');
    await phone.locator('.checkout [data-basket="COAT"]').getByText('× 2').waitFor();
    await phone.getByRole('combobox', { name: 'City' }).fill('lyon');
    await phone.locator('[data-offer="courier"]', { hasText: /between .* and/ }).click();
    await shot('checkout');
    expect(await overflowOf(phone)).toBeLessThanOrEqual(0);
    await phone.getByRole('button', { name: 'Place the order' }).click();
    const heading = phone.getByRole('heading', { name: /^Order web-/ });
    const orderId = (await heading.textContent())!.replace('Order ', '');
    await desk.getByText('The cart is empty.').waitFor();
    await desk.getByText(`Order ${orderId} was made of this cart.`).waitFor();
    await phone.locator('.order-progress[data-state="ROUTED"]').waitFor();
    const { body } = await system.call('GET', `/api/orders/${orderId}`);
    expect(body).toMatchObject({ memberId: 'm-1', lines: [{ sku: 'COAT', quantity: 2 }] });
  }, 90_000);

  it('is ordered ahead where only a delivery can keep it, and says so before and after', async () => {
    await system.call('PUT', '/api/catalog/products/LAMP', { sku: 'LAMP', name: 'Lamp' });
    const pools = [{ code: 'all', locationTypes: ['store'] }];
    const presale = [{ skus: ['LAMP'], locationTypes: ['store'], handlingDays: 1 }];
    await system.call('PUT', '/api/catalog/channels/web', { code: 'web', name: 'Web', pools, presale });
    const delivery = { id: 'd-1', source: 'supplier', type: 'expect', sku: 'LAMP', location: 'near', quantity: 5 };
    const expectedAt = '2030-04-01T08:00:00.000Z';
    const told = { ...delivery, reference: 'PO-1', expectedAt, occurredAt: new Date().toISOString() };
    await system.call('POST', '/api/inventory/deltas', [told], 'integrator');
    await until(async () => ((await byAnotherChannel('LAMP', 2)) === 200 ? true : undefined), 'carts know the lamp');
    await phone.getByRole('button', { name: 'Another order' }).click();
    await phone.getByText('Member’s cart').click();
    await line(phone, 'LAMP').getByText('None available now').waitFor();
    await phone.getByRole('button', { name: 'Check out' }).click();
    await phone.getByRole('combobox', { name: 'City' }).fill('lyon');
    const offer = phone.locator('[data-offer="courier"][data-from-incoming]');
    await offer.getByText('Ordered ahead.').waitFor({ timeout: 60_000 });
    await offer.getByText(/arrives at the shop on .*2030.*, then between .* and/).click();
    await shot('ahead');
    await phone.getByRole('button', { name: 'Place the order' }).click();
    await phone.getByText(/2 units are promised of a delivery .* leave on April [12], 2030/).waitFor();
    const heading = phone.getByRole('heading', { name: /^Order web-/ });
    const orderId = (await heading.textContent())!.replace('Order ', '');
    const { body } = await system.call('GET', `/api/orders/${orderId}`);
    expect(body).toMatchObject({
      reason: 'awaiting_delivery',
      lines: [{ awaitedUnits: 2, expectedAt: '2030-04-02T08:00:00.000Z' }],
    });
  }, 120_000);

  it('stayed on open screens when it had expired', async () => {
    await phone.getByRole('button', { name: 'Another order' }).click();
    await phone.getByText('Member’s cart').click();
    await phone.getByRole('button', { name: 'Put Green coat in the cart' }).click();
    for (const page of [phone, desk]) await line(page, 'COAT').waitFor();
    await phone.getByRole('button', { name: '中文' }).click();
    await phone.getByText('还将保留 0:').waitFor();
    await desk.getByText('The cart was emptied').waitFor({ timeout: 120_000 });
    await phone.getByText('已被清空').waitFor();
    await shot('expired');
    // Who comes later finds none.
    const { body } = await system.call('GET', '/api/orders/carts/m-1?channel=web', undefined, 'integrator');
    expect(body).toMatchObject({ lines: [], version: 0 });
  }, 180_000);
});
