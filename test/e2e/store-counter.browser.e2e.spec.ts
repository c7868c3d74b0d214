import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './real-chromium.js';
import { countStock, openPlaces } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const PHONE = { width: 375, height: 740 };
const ORDER = 'bought-1';

describe('returns and transfers at a store in a real Chromium', () => {
  const system = new WholeSystem();
  let browser: Browser;
  let phone: Page;
  const post = (path: string, body: unknown) => system.call('POST', path, body, 'integrator');
  const levelAt = async (location: string) => {
    const path = `/api/inventory/levels?sku=COAT&location=${location}`;
    const { body } = await system.call<{ items: { onHand: number }[] }>('GET', path);
    return body.items[0]?.onHand ?? 0;
  };
  const shot = async (name: string) => {
    const folder = process.env['SHELFLINE_PICTURES'];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await phone.screenshot({ path: join(folder, `returns-${name}.png`) });
  };
  const takeIn = async (number: string, units: number) => {
    await phone.getByRole('textbox').fill(number);
    await phone.getByRole('button', { name: 'Look it up' }).click();
    await phone.getByLabel('Pieces of Green coat on the counter').fill(String(units));
    await phone.getByRole('button', { name: 'Take it in' }).click();
    await phone.locator('[data-return][data-state="RECEIVED"]').waitFor();
  };

  beforeAll(async () => {
    await system.start();
    const near = { name: 'Store near', type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 };
    const dc = {
      name: 'Warehouse',
      type: 'ecommerce_dc',
      city: 'Paris',
      region: 'centre',
      latitude: 48.85,
      longitude: 2.35,
    };
    await openPlaces(system, { near, dc });
    await countStock(system, { sku: 'COAT', name: 'Green coat', nameZh: '绿色大衣' }, { dc: 9 });
    const lines = [{ lineId: '1', sku: 'COAT', quantity: 3, unitPriceMinor: 1990 }];
    const more = { channel: 'web', currency: 'EUR', method: 'courier', channelOrder: 'TM-1' };
    const order = { orderId: ORDER, lines, placedAt: new Date().toISOString(), ...more };
    await post('/api/orders', { ...order, destination: { city: 'Paris' } });
    for (const action of ['accept', 'pick', 'pack', 'ship'])
      await post('/api/orders/tasks', { taskId: `${ORDER}/1`, store: 'dc', action });
    browser = await launchChromium();
    phone = await browser.newPage({ viewport: PHONE, locale: 'en-US' });
    await phone.goto(`${system.address}/store?store=near`);
    await phone.getByRole('button', { name: 'Returns' }).click();
    await phone.getByText('Nothing waits to be decided.').waitFor();
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    await system.stop();
  }, 60_000);

  it('takes back by the marketplace’s number what another place sent, and puts it on its own shelf', async () => {
    await takeIn('TM-1', 2);
    await shot('taken-in');
    const overflow = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await phone.getByRole('button', { name: 'Decide' }).click();
    await phone.getByText(/To be paid back: €39\.80/).waitFor();
    await phone.locator('[data-return]').waitFor({ state: 'detached' });
    await until(async () => ((await levelAt('near')) === 2 ? true : undefined), 'it stands in the store');
    await shot('decided');
  }, 60_000);

  it('gives back what was not sold there, and is still so after a reload', async () => {
    await takeIn(ORDER, 1);
    await phone.reload();
    await phone.getByRole('button', { name: 'Returns' }).click();
    await phone.getByLabel('Condition of Green coat').selectOption({ label: 'Not what we sold' });
    expect(await phone.getByLabel('What becomes of Green coat').inputValue()).toBe('hand_back');
    await phone.getByRole('button', { name: 'Decide' }).click();
    await phone.getByText('Decided: nothing is paid back.').waitFor();
    expect(await levelAt('near')).toBe(2);
  }, 60_000);

  it('sends and takes in what is transferred, with what is damaged and what is missing', async () => {
    const lines = [{ lineId: '1', sku: 'COAT', quantity: 4 }];
    const request = { transferId: 't-1', from: 'dc', to: 'near', purpose: 'replenishment', lines };
    expect((await system.call('POST', '/api/transfers', request)).status).toBe(200);
    expect((await system.call('POST', '/api/transfers/t-1/approve', {})).status).toBe(200);
    const card = (state: string) => phone.locator(`[data-transfer="t-1"][data-state="${state}"]`);
    await phone.goto(`${system.address}/store?store=dc`);
    await phone.getByRole('button', { name: 'Transfers' }).click();
    await card('APPROVED').getByText('4 × Green coat').waitFor({ timeout: 30_000 });
    await phone.getByRole('button', { name: 'It has left' }).click();
    await card('IN_TRANSIT').waitFor();
    await phone.goto(`${system.address}/store?store=near`);
    await phone.getByRole('button', { name: 'Transfers' }).click();
    await card('IN_TRANSIT').getByText('From Warehouse · On its way').waitFor();
    await phone.getByLabel('Pieces of Green coat that came').fill('3');
    await phone.getByLabel('Damaged ones among them of Green coat').fill('1');
    await shot('transfer');
    await phone.getByRole('button', { name: 'Take it in' }).click();
    await card('IN_TRANSIT').getByText('1 × Green coat').waitFor();
    await phone.getByRole('button', { name: 'Nothing more comes' }).click();
    await phone.getByText('Nothing is on its way to or from this store.').waitFor();
    const { body } = await system.call('GET', '/api/transfers/t-1');
    expect(body).toMatchObject({
      state: 'CLOSED',
      discrepancies: [
        { kind: 'damaged', units: 1 },
        { kind: 'short', units: 1, reason: 'did not arrive' },
      ],
    });
    await phone.getByRole('button', { name: 'Returns' }).click();
  }, 90_000);

  it('says in words what it does not know, and in Chinese', async () => {
    await phone.getByRole('textbox').fill('nobody-1');
    await phone.getByRole('button', { name: 'Look it up' }).click();
    await phone.getByText('Nothing that may come back was found under “nobody-1”.').waitFor();
    await phone.getByRole('button', { name: '中文' }).click();
    expect(await phone.getByRole('button', { name: '查询' }).count()).toBe(1);
    await shot('chinese');
  }, 60_000);
});
