import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './real-chromium.js';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const PHONE = { width: 375, height: 740 };

describe('what leaves a store, in a real Chromium', () => {
  const system = new WholeSystem();
  let browser: Browser;
  let phone: Page;
  const packed = async (orderId: string, over: object) => {
    const lines = [{ lineId: '1', sku: 'COAT', quantity: 1, unitPriceMinor: 1990 }];
    const order = { orderId, channel: 'web', currency: 'EUR', lines, placedAt: new Date().toISOString(), ...over };
    await system.call('POST', '/api/orders', order, 'integrator');
    const taskOf = async () =>
      (await system.call<{ tasks?: { store: string; state: string }[] }>('GET', `/api/orders/${orderId}`)).body
        .tasks?.[0];
    await until(taskOf, `a task of ${orderId}`);
    for (const action of ['accept', 'pick', 'pack'])
      await system.call('POST', '/api/orders/tasks', { taskId: `${orderId}/1`, store: 'near', action }, 'integrator');
    await until(async () => ((await taskOf())?.state === 'PACKED' ? true : undefined), `${orderId} packed`);
  };
  const shot = async (name: string) => {
    const folder = process.env['SHELFLINE_PICTURES'];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await phone.screenshot({ path: join(folder, `leaving-${name}.png`) });
  };
  const fitsPhone = async () => {
    const overflow = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  };

  beforeAll(async () => {
    await system.start({
      orders: {
        COURIER: 'simulator',
        COURIER_WEBHOOK_SECRETS: 'simulator:of-this-spec-and-no-other',
        COURIER_SIMULATOR_STEP_MS: '60000',
      },
    });
    const product = { sku: 'COAT', name: 'Green coat', nameZh: '绿色大衣' };
    await stockPlace(system, { code: 'near', facts: { name: 'Store near' }, product, units: 20 });
    browser = await launchChromium();
    phone = await browser.newPage({ viewport: PHONE, locale: 'en-US' });
    await phone.goto(`${system.address}/store?store=near`);
    await phone.locator('.badge.live').waitFor();
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    await system.stop();
  }, 60_000);

  it('is today’s round, in the order in which to go, with what was promised and why a stop is late', async () => {
    const door = (recipient: string, latitude: number) => ({
      method: 'same_city',
      destination: { city: 'Lyon', region: 'south', latitude, longitude: 4.85, recipient, phone: '+33 1' },
    });
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await packed('r-2', { ...door('Boris', 45.78), promisedBy: soon });
    await packed('r-1', { ...door('Anna', 45.77), promisedBy: soon });
    await packed('r-3', { ...door('Carla', 45.79), promisedBy: new Date(Date.now() - 3_600_000).toISOString() });
    const visit = { taskId: 'r-2/1', store: 'near', guide: 'Li' };
    expect((await system.call('POST', '/api/orders/visits', visit)).status).toBe(200);
    await phone.getByRole('button', { name: 'Today’s round' }).click();
    const stops = phone.locator('[data-stop]');
    await phone.locator('[data-stop="r-3/1"][data-late="over_before"]').getByText('Its time was over before').waitFor();
    await until(async () => ((await stops.count()) === 3 ? true : undefined), 'three stops');
    expect(await stops.first().getAttribute('data-stop')).toBe('r-3/1');
    await stops.nth(1).getByText('Promised to the customer by').waitFor();
    await phone.getByText(/3 stops, [\d.]+ km there and back/).waitFor();
    await phone.getByRole('combobox', { name: 'Who goes' }).selectOption('Li');
    await until(async () => ((await stops.count()) === 1 ? true : undefined), 'what Li brings');
    await phone.locator('[data-stop="r-2/1"]').getByText('Li brings it').waitFor();
    await shot('round');
    await fitsPhone();
    for (const tab of await phone.getByRole('navigation').getByRole('button').all()) {
      const { x, width, height } = (await tab.boundingBox())!;
      expect([x + width <= PHONE.width, height >= 44]).toEqual([true, true]);
    }
    const call = phone.getByRole('link', { name: 'Call +33 1' });
    expect([await call.getAttribute('href'), (await call.boundingBox())!.height >= 44]).toEqual(['tel:+33 1', true]);
    await phone.getByRole('button', { name: '中文' }).click();
    await phone.getByText(/3 站，往返/).waitFor();
    await phone.getByRole('button', { name: 'English' }).click();
  }, 90_000);

  it('is a parcel with its number and its label to print', async () => {
    await packed('p-1', {
      method: 'courier',
      destination: { city: 'Lyon', region: 'south', address: '1 rue X', recipient: 'Anna' },
    });
    await phone.getByRole('button', { name: 'Orders', exact: true }).click();
    const card = phone.locator('[data-task="p-1/1"]');
    await card.locator('[data-parcel="labelled"]').waitFor();
    const { body } = await system.call<{ tasks: { parcel: { tracking: string } }[] }>('GET', '/api/orders/p-1');
    await card.getByText(`Parcel ${body.tasks[0]!.parcel.tracking} (simulator)`).waitFor();
    await card.getByRole('button', { name: 'Show the label' }).click();
    const picture = card.getByRole('img', { name: /The label/ });
    await picture.waitFor();
    const widthPx = () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    expect(await until(async () => (await widthPx()) || undefined, 'the picture is drawn')).toBeGreaterThan(0);
    expect(await card.getByRole('link').getAttribute('href')).toMatch(/^blob:/);
    await shot('label');
    await fitsPhone();
  }, 90_000);
});
