import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { versionOf } from '@shelfline/contracts/stock-level';
import { GatewayUnderTest } from '../testing/gateway-under-test.js';
import { Screens } from '../testing/screens.js';
import { stalledSocket } from '../testing/stalled-socket.js';

let gateway: GatewayUnderTest;
const screens = new Screens(() => gateway.address);

beforeAll(async () => {
  gateway = await GatewayUnderTest.start('storefront');
});
afterEach(() => screens.closeAll());
afterAll(() => gateway?.stop());

describe('a storefront', () => {
  it('gets a snapshot, then changes with running numbers, and resumes from what it holds', async () => {
    await gateway.put(['A'], 1);
    await gateway.put(['B'], 2);
    const first = await screens.connect({ token: await gateway.token() });
    const since = (offset: number) => versionOf(1, offset);
    const answer = await first.ask('subscribe', { skus: ['A', 'B', 'C'] });
    expect(answer).toMatchObject({ ok: true, epoch: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(answer.stock.map(({ sku }) => sku)).toEqual(['A', 'B', 'C']);
    await gateway.put(['A'], 3);
    await gateway.put(['C'], 4);
    await Promise.all([first.sees('A', 3), first.sees('C', 4)]);
    expect(first.numbers).toEqual(first.numbers.map((_, i) => i + 1));
    first.socket.disconnect();
    await gateway.put(['A'], 5);
    const again = await screens.connect({ token: await gateway.token() });
    const resumed = await again.ask('subscribe', { skus: ['A', 'C'], since: { A: since(5), C: since(4) } });
    expect(resumed.stock).toEqual([]);
    const later = await again.ask('subscribe', { skus: ['A', 'C'], since: { A: since(3), C: since(4) } });
    expect(later.stock.map(({ sku, available }) => [sku, available])).toEqual([['A', 5]]);
    expect(later['epoch']).toBe(answer['epoch']);
  });

  it('gets only what it watches, and nothing a zombie wrote', async () => {
    const mine = await screens.connect({ token: await gateway.token() });
    await mine.ask('subscribe', { skus: ['watched', 'left'] });
    expect(await mine.ask('unsubscribe', { skus: ['left'] })).toEqual({ ok: true });
    await gateway.put(['left'], 10);
    await gateway.put(['unwatched'], 10);
    await gateway.put(['watched'], 10);
    await mine.sees('watched', 10);
    await gateway.put(['watched'], 9);
    await gateway.put(['watched'], 11);
    await mine.sees('watched', 11);
    expect(mine.views.map(({ sku, version }) => [sku, version % 2 ** 40])).toEqual([
      ['watched', 10],
      ['watched', 11],
    ]);
  });

  it('keeps to the place its token is for', async () => {
    const app = await screens.connect({ token: await gateway.token({ channel: 'app', region: 'east' }) });
    await app.ask('subscribe', { skus: ['scoped'] });
    await gateway.put(['scoped'], 1);
    await gateway.put(['scoped'], 2, { channel: 'app', region: 'east' });
    await app.sees('scoped', 2);
    expect(app.views).toHaveLength(1);
    expect(await app.ask('subscribe', { skus: ['scoped'], channel: 'web' })).toMatchObject({ ok: false, status: 403 });
  });

  it('is told when this instance is behind what it has seen', async () => {
    const mine = await screens.connect({ token: await gateway.token() });
    const answer = await mine.ask('subscribe', { skus: ['A'], since: { A: versionOf(1, 999) } });
    expect(answer).toMatchObject({ ok: false, type: 'urn:shelfline:problem:behind', status: 503 });
  });
});

describe('a socket that stops reading', () => {
  it('is ended with a reason, and others are served meanwhile', async () => {
    const skus = Array.from({ length: 500 }, (_, i) => `slow-${'x'.repeat(54)}-${i}`);
    const healthy = await screens.connect({ token: await gateway.token() });
    await healthy.ask('subscribe', { skus });
    const slow = await stalledSocket(gateway.address, await gateway.token(), skus);
    const gone = new Promise<void>((resolve) => {
      slow.once('close', () => resolve());
    });
    let offset = 0;
    const isEvicted = async (): Promise<boolean> =>
      (await (await gateway.call('/metrics')).text()).includes('shelfline_gateway_evicted_total{reason="stalled"');
    while (!(await isEvicted())) {
      offset++;
      await gateway.put(skus, offset);
    }
    await healthy.sees(skus[7]!, offset);
    slow.resume();
    await gone;
    expect(healthy.socket.connected).toBe(true);
  });
});
