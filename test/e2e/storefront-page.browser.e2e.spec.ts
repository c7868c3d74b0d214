import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './real-chromium.js';
import { WholeSystem } from './whole-system.js';

describe('the storefront page in a real Chromium', () => {
  const system = new WholeSystem();
  let browser: Browser;
  let page: Page;
  const send = (id: string, type: string, quantity: number) =>
    system.call('POST', '/api/inventory/deltas', [
      { id, source: 'page', type, sku: 'TEA', location: 'dc-1', quantity, occurredAt: '2026-01-01T00:00:00Z' },
    ]);

  beforeAll(async () => {
    await system.start();
    await system.call('PUT', '/api/catalog/locations/dc-1', {
      code: 'dc-1',
      name: 'Lyon',
      type: 'regional_dc',
      city: 'Lyon',
      region: 'south',
      latitude: 45.7,
      longitude: 4.8,
    });
    for (let i = 0; i < 40; i++)
      await system.call('PUT', `/api/catalog/products/P${i}`, { sku: `P${i}`, name: `Product number ${i}` });
    await system.call('PUT', '/api/catalog/products/TEA', {
      sku: 'TEA',
      name: 'Green tea',
      nameZh: '绿茶',
      brand: 'House',
    });
    await send('open', 'receipt', 12);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1100, height: 800 }, locale: 'en-US' });
    await page.goto(system.address);
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    await system.stop();
  }, 60_000);

  const tea = () => page.locator('.row', { hasText: 'TEA' });
  const shot = async (name: string) => {
    const folder = process.env['SHELFLINE_PICTURES'];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };

  it('finds a product and shows its units live, falling and recovering', async () => {
    await page.getByRole('searchbox').fill('green');
    await tea().locator('.available', { hasText: '12' }).waitFor();
    await page.locator('.badge.live').waitFor();
    await send('s1', 'sale', 5);
    await tea().locator('.available.down', { hasText: '7' }).waitFor();
    await send('r1', 'receipt', 30);
    await tea().locator('.available.up', { hasText: '37' }).waitFor();
    expect(await tea().locator('.status').textContent()).toBe('In stock');
    await page.getByTestId('latency').waitFor();
    await shot('desktop');
  }, 60_000);

  it('speaks Chinese', async () => {
    expect(await page.title()).toBe('Live stock · Shelfline');
    await page.getByRole('button', { name: '中文' }).click();
    await page.waitForFunction(() => document.title === '实时库存 · Shelfline');
    await page.locator('.row', { hasText: '绿茶' }).waitFor();
    await page.locator('.head', { hasText: '可售' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await shot('chinese');
    await page.getByRole('button', { name: 'English' }).click();
  }, 30_000);

  it('says of an address that there is no such page, and leads to those there are', async () => {
    const lost = await browser.newPage({ locale: 'en-US' });
    const answer = await lost.goto(`${system.address}/stores/12?x=1`);
    expect(answer!.status()).toBe(404);
    await lost.getByRole('heading', { name: 'There is no page at /stores/12.' }).waitFor();
    expect(await lost.title()).toBe('No such page · Shelfline');
    const links = lost.locator('.page-list a');
    expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual([
      '/',
      '/store',
      '/docs',
    ]);
    await lost.getByRole('button', { name: '中文' }).click();
    await lost.getByRole('heading', { name: '网址 /stores/12 没有页面。' }).waitFor();
    await lost.getByRole('button', { name: 'English' }).click();
    await links.first().click();
    await lost.locator('.row').first().waitFor();
    expect(await lost.title()).toBe('Live stock · Shelfline');
    expect((await lost.goto(`${system.address}/store/`))!.status()).toBe(200);
    await lost.close();
  }, 30_000);

  it('lets a newcomer sell one, and the command it shows does the same', async () => {
    await tea().click();
    await page.getByText('Try it').click();
    await page.getByRole('combobox', { name: 'Place' }).locator('option', { hasText: 'Lyon · 37' }).waitFor({
      state: 'attached',
    });
    await page.getByRole('button', { name: 'Sell 1' }).click();
    await tea().locator('.available.down', { hasText: '36' }).waitFor();
    const command = await page.locator('.curl pre').textContent();
    expect(execFileSync('sh', ['-c', command!], { encoding: 'utf8', stdio: 'pipe' })).toContain('"accepted":1');
    await tea().locator('.available', { hasText: '35' }).waitFor();
    await shot('try-it');
    await page.getByText('Try it').click();
    await send('back', 'receipt', 2);
    await tea().locator('.available', { hasText: '37' }).waitFor();
  }, 30_000);

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('searchbox').fill('');
    await page.locator('.row').nth(5).waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const height = await page.getByRole('searchbox').evaluate((element) => element.getBoundingClientRect().height);
    expect(height).toBeGreaterThanOrEqual(44);
    await shot('phone');
  }, 30_000);

  it('says when it lost its connection, and goes on by itself', async () => {
    await page.setViewportSize({ width: 1100, height: 800 });
    await page.getByRole('searchbox').fill('green');
    await system.kill('gateway');
    await page.locator('.badge.waiting, .badge.connecting').waitFor();
    await send('while-away', 'sale', 1).catch(() => undefined);
    system.startService('gateway');
    await system.untilReady();
    await send('after', 'sale', 1);
    await page.locator('.badge.live').waitFor({ timeout: 60_000 });
    await tea().locator('.available', { hasText: '36' }).waitFor({ timeout: 30_000 });
    expect(await page.locator('.badge.live').count()).toBe(1);
    expect(await page.locator('main.stale').count()).toBe(0);
  }, 150_000);
});
