import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStore, type StoreConnection } from '@shelfline/client/store';
import { connectStorefront, type Problem } from '@shelfline/client/storefront';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './real-chromium.js';
import { stockPlace } from './stocked-place.js';
import { until, WholeSystem } from './whole-system.js';

const PHONE = { width: 375, height: 740 };

describe('the page of a tracking link in a real Chromium', () => {
  const system = new WholeSystem();
  let browser: Browser;
  let phone: Page;
  let screen: StoreConnection;
  let serial = 0;
  const tokenOf = async (query: string) => {
    const response = await fetch(`${system.address}/api/auth/dev-token?${query}`);
    return ((await response.json()) as { token: string }).token;
  };
  const place = async (over: object = {}) => {
    const orderId = `page-${++serial}`;
    const lines = [{ lineId: '1', sku: 'COAT', quantity: 1, unitPriceMinor: 1990 }];
    const more = { channel: 'web', placedAt: new Date().toISOString(), currency: 'EUR', method: 'pickup' };
    const order = { orderId, lines, store: 'near', promisedBy: '2027-03-01T18:00:00Z', ...more, ...over };
    const { body } = await system.call<{ placed: number }>('POST', '/api/orders', order, 'integrator');
    expect(body.placed).toBe(1);
    const link = await system.call<{ url: string; token: string }>('GET', `/api/orders/${orderId}/tracking-link`);
    return { orderId, taskId: `${orderId}/1`, ...link.body };
  };
  const work = async (taskId: string, ...steps: ('accept' | 'pick' | 'pack' | 'ready')[]) => {
    await until(() => screen.get(taskId), `${taskId} at the store`);
    for (const step of steps) expect(await screen[step](taskId)).toMatchObject({ ok: true });
  };
  const details = (token: string | undefined) =>
    fetch(`${system.address}/api/orders/tracked`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  const shot = async (name: string) => {
    const folder = process.env['SHELFLINE_PICTURES'];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await phone.screenshot({ path: join(folder, `track-${name}.png`), fullPage: true });
  };
  const headline = (text: string) => phone.getByRole('heading', { name: text, exact: true }).waitFor();

  beforeAll(async () => {
    await system.start();
    const product = { sku: 'COAT', name: 'Green coat', nameZh: '绿色大衣' };
    await stockPlace(system, { code: 'near', facts: { name: 'Store near', nameZh: '附近门店' }, product, units: 20 });
    screen = connectStore({ url: system.address, token: () => tokenOf('role=store&store=near') });
    browser = await launchChromium();
    phone = await browser.newPage({ viewport: PHONE, locale: 'en-US' });
    // A customer has no token but his link: the page may not depend on one that development hands out.
    await phone.route('**/api/auth/**', (route) => route.abort());
  }, 150_000);
  afterAll(async () => {
    screen?.close();
    await browser?.close();
    await system.stop();
  }, 60_000);

  it('follows each step live, then shows the code that opens the parcel at the counter', async () => {
    const { orderId, taskId, url, token } = await place();
    expect(url).toBe(`${system.address}/track#track=${token}`);
    await phone.goto(url);
    await headline('Passed to a store');
    await phone.getByText('1 × Green coat').waitFor();
    await phone.getByText(/^Promised by/).waitFor();
    await work(taskId, 'accept', 'pick');
    await headline('Being collected from the shelves');
    await shot('picking');
    expect(await phone.locator('.pickup-code').count()).toBe(0);
    await work(taskId, 'pack', 'ready');
    await headline('Ready to collect');
    const digits = (await phone.locator('.digits').textContent())!.replaceAll(' ', '');
    expect(digits).toMatch(/^\d{6}$/);
    await phone.locator('svg.qr').waitFor();
    const overflow = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await shot('ready');
    await phone.getByRole('button', { name: '中文' }).click();
    await headline('可以取货了');
    await phone.getByText('1 × 绿色大衣').waitFor();
    await shot('ready-zh');
    await phone.getByRole('button', { name: 'English' }).click();
    expect(await screen.handOver(taskId, { code: digits })).toMatchObject({ ok: true, state: 'HANDED_OVER' });
    await headline('All done');
    await phone.locator('.pickup-code').waitFor({ state: 'detached' });
    const { body } = await system.call('GET', `/api/orders/${orderId}`);
    expect(body).toMatchObject({ state: 'COMPLETED' });
  }, 90_000);

  it('tells the code to nobody but the holder of this order’s link', async () => {
    const [mine, other] = [await place(), await place()];
    await work(mine.taskId, 'accept', 'pick', 'pack', 'ready');
    const { waiting } = (await (await details(mine.token)).json()) as { waiting: { code: string; qr: string }[] };
    expect(waiting).toHaveLength(1);
    const answers = [await details(other.token), await details(await system.token('storefront'))];
    answers.push(await details(`${mine.token}x`), await details(undefined));
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 401]);
    for (const answer of answers) expect(await answer.text()).not.toContain(waiting[0]!.code);
    expect(answers[0]!.headers.get('cache-control')).toBe('no-store');
    const seen: object[] = [];
    const follower = connectStorefront({ url: system.address, token: mine.token });
    follower.track(mine.token, (order) => seen.push(order));
    await until(() => (seen.length > 0 ? true : undefined), 'the order is pushed');
    expect(JSON.stringify(seen)).not.toContain(waiting[0]!.code);
    follower.close();
  }, 60_000);

  it('is let in by the link alone, for its order and no stock', async () => {
    const { token } = await place();
    const problems: Problem[] = [];
    const follower = connectStorefront({ url: system.address, token });
    follower.onProblem((problem) => problems.push(problem));
    follower.subscribe(['COAT'], () => {});
    const problem = await until(() => problems[0], 'stock is refused');
    expect(problem).toMatchObject({ status: 403, detail: expect.stringContaining('shows its order and no stock') });
    expect(follower.state).toBe('live');
    follower.close();
    const store = connectStore({ url: system.address, token });
    const refusals: Problem[] = [];
    store.onProblem((refusal) => refusals.push(refusal));
    expect(await until(() => refusals[0], 'no store screen for a link')).toMatchObject({ status: 401 });
    store.close();
  }, 60_000);

  it('says what is wrong with an address that opens no order', async () => {
    await phone.goto('about:blank');
    await phone.goto(`${system.address}/track`);
    await phone.getByText('This address names no order.').waitFor();
    await phone.goto(`${system.address}/track#track=not-a-link`);
    await phone.getByText('This link does not open an order.').waitFor();
    expect(await phone.locator('.tracked').count()).toBe(0);
    await shot('refused');
  }, 60_000);
});
