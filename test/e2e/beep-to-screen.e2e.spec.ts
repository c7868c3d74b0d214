import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectStorefront, type StockView } from '@shelfline/client/storefront';
import { UnsecuredJWT } from 'jose';
import { io, type Socket } from 'socket.io-client';
import { until, WholeSystem } from './whole-system.js';

const LOCATION = { type: 'regional_dc', city: 'Lyon', region: 'south', latitude: 45.7, longitude: 4.8 };
const delta = (id: string, over: object = {}) => ({
  id,
  source: 'e2e',
  type: 'receipt',
  sku: 'A',
  location: 'dc-1',
  quantity: 10,
  occurredAt: '2026-01-01T00:00:00Z',
  ...over,
});

interface LevelRow {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly unreferenced: boolean;
}

describe('a till’s beep reaches a storefront’s screen', () => {
  const system = new WholeSystem();
  const opened: { close(): void }[] = [];
  const openSocket = (token: string): Socket => {
    const socket = io(`${system.address}/storefront`, {
      transports: ['websocket'],
      auth: { token },
      forceNew: true,
      reconnection: false,
    });
    opened.push(socket);
    return socket;
  };
  const levelOf = async (sku: string, location: string): Promise<LevelRow | undefined> =>
    (await system.call<{ items: LevelRow[] }>('GET', `/api/inventory/levels?sku=${sku}&location=${location}`)).body
      .items[0];
  const untilOnHand = (sku: string, location: string, units: number) =>
    until(
      async () => ((await levelOf(sku, location))?.onHand === units ? true : undefined),
      `${units} of ${sku} at ${location}`,
    );
  const send = (...deltas: object[]) =>
    system.call<{ accepted: number; rejected: { index: number; type: string }[] }>(
      'POST',
      '/api/inventory/deltas',
      deltas,
      'integrator',
    );

  beforeAll(async () => {
    await system.start();
    for (const code of ['dc-1', 'dc-2'])
      await system.call('PUT', `/api/catalog/locations/${code}`, { code, name: code, ...LOCATION });
    for (const sku of ['A', 'B', 'C', 'HOT'])
      await system.call('PUT', `/api/catalog/products/${sku}`, { sku, name: `Product ${sku}` });
  }, 120_000);
  afterEach(() => {
    for (const each of opened.splice(0)) each.close();
  });
  afterAll(() => system.stop(), 60_000);

  it('pushes what a delta by REST changed to who subscribed, and only forward', async () => {
    const seen: StockView[] = [];
    const connection = connectStorefront({ url: system.address, token: () => system.token('storefront') });
    opened.push(connection);
    connection.subscribe(['A'], (views) => seen.push(...views));
    expect((await send(delta('open-A'))).body).toEqual({ accepted: 1, rejected: [] });
    await until(() => (seen.at(-1)?.available === 10 ? true : undefined), 'the receipt on the screen');
    await send(delta('sale-1', { type: 'sale', quantity: 3, occurredAt: '2026-01-02T00:00:00Z' }));
    await until(() => (seen.at(-1)?.available === 7 ? true : undefined), 'the sale on the screen');
    expect(seen.map(({ version }) => version)).toEqual(seen.map(({ version }) => version).toSorted((a, b) => a - b));
    const { body } = await system.call<{ outcome: string }>('GET', '/api/inventory/deltas/e2e/sale-1');
    expect(body.outcome).toBe('applied');
  });

  it('answers subscribe with the snapshot, epoch and Problem Details, as the interface says', async () => {
    const socket = openSocket(await system.token('storefront'));
    const subscribe = (request: object) => socket.timeout(5000).emitWithAck('subscribe', request);
    const answer = await subscribe({ skus: ['A'] });
    expect(answer).toMatchObject({
      ok: true,
      epoch: expect.any(String),
      stock: [{ sku: 'A', available: 7, status: 'in_stock', version: expect.any(Number), asOf: expect.any(String) }],
    });
    // The catalog's changes of a moment ago may still raise its version: whoever knows the newest is told nothing.
    let version: number = answer.stock[0].version;
    await until(async () => {
      const { stock } = await subscribe({ skus: ['A'], since: { A: version } });
      if (stock.length === 0) return true;
      expect(stock[0].version).toBeGreaterThan(version);
      version = stock[0].version;
      return undefined;
    }, 'nothing newer than what is known');
    const refusal = await subscribe({ skus: [] });
    expect(refusal).toMatchObject({ ok: false, status: 400, title: expect.any(String), detail: expect.any(String) });
  });

  it('refuses tokens that are none', async () => {
    const claims = { sub: 'x', role: 'ops', iss: 'shelfline-dev', aud: 'shelfline' };
    const none = new UnsecuredJWT(claims).setExpirationTime('1h').encode();
    const rest = await fetch(`${system.address}/api/inventory/levels`, {
      headers: { authorization: `Bearer ${none}` },
    });
    expect(rest.status).toBe(401);
    expect((await system.call('POST', '/api/inventory/deltas', [delta('no')], 'storefront')).status).toBe(403);
    expect((await system.call('GET', '/api/inventory/levels', undefined, null)).status).toBe(401);
    const socket = openSocket(none);
    const error = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    expect((error as Error & { data?: { status?: number } }).data?.status).toBe(401);
  });

  it('answers each item on its own and loses none of the good ones', async () => {
    const bad = [
      delta('b1', { quantity: -1 }),
      delta('b2', { quantity: 1.5 }),
      delta('b3', { quantity: 1e12 }),
      delta('b4', { occurredAt: '2999-01-01T00:00:00Z' }),
      delta('b5', { type: 'gift' }),
      delta('b6', { sku: 7 }),
      delta('b7', { occurredAt: 'yesterday' }),
    ];
    const { status, body } = await send(...bad, delta('good', { sku: 'B', quantity: 4 }));
    expect([status, body.accepted, body.rejected.map(({ index }) => index)]).toEqual([202, 1, [0, 1, 2, 3, 4, 5, 6]]);
    await untilOnHand('B', 'dc-1', 4);
    expect((await system.call('POST', '/api/inventory/deltas', '{"not":"an array"}', 'integrator')).status).toBe(400);
    expect((await system.call('POST', '/api/inventory/deltas', '[{', 'integrator')).status).toBe(400);
    expect(
      (await system.call('POST', '/api/inventory/deltas', new Uint8Array([0x5b, 0xff, 0xfe, 0x5d]), 'integrator'))
        .status,
    ).toBe(400);
    expect((await system.call('POST', '/api/inventory/deltas', 'x'.repeat(6 * 1024 * 1024), 'integrator')).status).toBe(
      413,
    );
  });

  it('applies a repeat once, and puts the same id with other content aside', async () => {
    await send(delta('twice', { sku: 'C', quantity: 5 }));
    await send(delta('twice', { sku: 'C', quantity: 5 }), delta('twice', { sku: 'C', quantity: 6 }));
    await send(delta('last', { sku: 'C', quantity: 1 }));
    await untilOnHand('C', 'dc-1', 6);
    const { body } = await system.call<{ outcome: string }>('GET', '/api/inventory/deltas/e2e/twice');
    expect(body.outcome).toBe('applied');
  });

  it('applies facts about what the catalog does not know, lists them, and promises them once it does', async () => {
    await send(delta('new', { sku: 'NEW', quantity: 9 }));
    await untilOnHand('NEW', 'dc-1', 9);
    const listed = await system.call<{ items: { sku: string }[] }>('GET', '/api/inventory/levels?unreferenced=true');
    expect(listed.body.items.map(({ sku }) => sku)).toContain('NEW');
    expect((await system.call('GET', '/api/inventory/availability?sku=NEW')).status).toBe(404);
    const refused = await system.call('POST', '/api/inventory/reservations', {
      id: 'r-new',
      lines: [{ sku: 'NEW', quantity: 1, locations: ['dc-1'] }],
      mode: 'all_or_nothing',
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
    expect(refused.status).toBe(409);
    await system.call('PUT', '/api/catalog/products/NEW', { sku: 'NEW', name: 'Now known' });
    const shown = await until(async () => {
      const answer = await system.call<{ available: number }>('GET', '/api/inventory/availability?sku=NEW');
      return answer.status === 200 ? answer.body : undefined;
    }, 'NEW is promised');
    expect(shown.available).toBe(9);
    expect((await levelOf('NEW', 'dc-1'))?.unreferenced).toBe(false);
  });

  it('reserves what stands there and no more, whoever asks, and gives back', async () => {
    await send(delta('hot', { sku: 'HOT', quantity: 20 }));
    await untilOnHand('HOT', 'dc-1', 20);
    const expiresAt = new Date(Date.now() + 600_000).toISOString();
    const reserve = (id: string, quantity = 1) =>
      system.call<{ lines: { reserved: number; short: number }[] }>('POST', '/api/inventory/reservations', {
        id,
        lines: [{ sku: 'HOT', quantity, locations: ['dc-1'] }],
        mode: 'all_or_nothing',
        expiresAt,
      });
    const answers = await Promise.all(Array.from({ length: 64 }, (_, i) => reserve(`hot-${i}`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(44);
    const won = answers.findIndex(({ status }) => status === 200);
    expect((await reserve(`hot-${won}`)).status).toBe(200);
    expect(await levelOf('HOT', 'dc-1')).toMatchObject({ onHand: 20, reserved: 20, available: 0 });
    expect((await system.call('DELETE', `/api/inventory/reservations/hot-${won}`)).status).toBe(200);
    expect(await levelOf('HOT', 'dc-1')).toMatchObject({ reserved: 19, available: 1 });
    const short = await reserve('hot-short', 5);
    expect([short.status, short.body.lines[0]?.short]).toEqual([409, 4]);
  });

  it('lets holds end when their time is over', async () => {
    await send(delta('exp', { sku: 'A', location: 'dc-2', quantity: 2 }));
    await untilOnHand('A', 'dc-2', 2);
    const expiresAt = new Date(Date.now() + 2500).toISOString();
    const held = await system.call<{ lines: { reserved: number }[] }>('POST', '/api/inventory/reservations', {
      id: 'short-hold',
      lines: [{ sku: 'A', quantity: 2, locations: ['dc-2'] }],
      mode: 'all_or_nothing',
      expiresAt,
    });
    // Not looked for in the level: that lasts for a moment, and a busy machine may look when it is over.
    expect([held.status, held.body.lines[0]?.reserved]).toEqual([200, 2]);
    await until(async () => ((await levelOf('A', 'dc-2'))?.reserved === 0 ? true : undefined), 'the hold ended');
  });

  it('tells a past level and its movements', async () => {
    const past = await system.call<{ items: LevelRow[] }>(
      'GET',
      '/api/inventory/levels?sku=A&location=dc-1&at=2026-01-01T12:00:00Z',
    );
    expect(past.body.items[0]?.onHand).toBe(10);
    const movements = await system.call<{ items: { type: string }[]; next: string | null }>(
      'GET',
      '/api/inventory/movements?sku=A&location=dc-1&limit=1',
    );
    expect([movements.body.items[0]?.type, typeof movements.body.next]).toEqual(['sale', 'string']);
  });

  it('ends exact after the ledger was killed ten times, with a tenth sent twice and some out of order', async () => {
    const rows = gunzipSync(readFileSync(join(import.meta.dirname, '../data/pos-lines-2017-w01-w08.csv.gz')))
      .toString()
      .split('\n')
      .slice(0, 6001);
    const expected = new Map<string, number>();
    for (const row of rows.slice(1)) {
      const [, store, , , product, quantity] = row.split(',');
      if (Number(quantity) > 0)
        expected.set(`${product}@store-${store}`, (expected.get(`${product}@store-${store}`) ?? 0) - Number(quantity));
    }
    const [header, ...lines] = rows;
    const importCsv = async (rowsToSend: string[]): Promise<string> => {
      const csv = [header, ...rowsToSend].join('\n');
      const { status, body } = await system.call<{ id: string }>(
        'POST',
        '/api/connect/imports?kind=pos-lines',
        csv,
        'integrator',
        'text/csv',
      );
      expect(status).toBe(202);
      return body.id;
    };
    const imports = [
      await importCsv([...lines.slice(3000), ...lines.slice(0, 3000)]),
      await importCsv(lines.filter((_, i) => i % 10 === 0)),
    ];
    for (let i = 0; i < 10; i++) {
      await system.kill('inventory');
      system.startService('inventory');
      await new Promise((resolve) => setTimeout(resolve, 150 * i));
    }
    for (const id of imports)
      await until(async () => {
        const { body } = await system.call<{ state: string }>('GET', `/api/connect/imports/${id}`);
        return body.state === 'completed' ? true : undefined;
      }, 'the import completed');
    await system.untilReady();
    await until(
      async () => {
        const levels = await system.levels();
        return [...expected].every(([key, units]) => levels.get(key) === units) ? true : undefined;
      },
      'levels equal the recount',
      90_000,
    );
    const { body: report } = await system.call<{ driftUnits: number }>('GET', '/api/inventory/verify');
    expect(report.driftUnits).toBe(0);
  }, 240_000);
});
