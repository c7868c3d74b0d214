import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@shelfline/contracts/topics';
import { issueDevToken, writeDevKeyFiles } from '@shelfline/service-kit/auth';
import { loadConfig } from '@shelfline/service-kit/config';
import { bootstrap, type RunningService } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { Table } from '@shelfline/streaming/table';
import mongoose, { type Connection } from 'mongoose';
import { buildCatalog } from './catalog.module.js';
import { CatalogConfig } from './config.js';

const PARTITIONS = 3;
interface Published {
  readonly name: string;
  readonly version: number;
}

const until = async (condition: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const deadline = Date.now() + 40_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

describe('the catalog on real servers', () => {
  const prefix = `cat-${randomUUID().slice(0, 8)}.`;
  const database = `it_${prefix.replace(/\W/g, '')}`;
  let keys: { privateKey: string; publicKeys: string };
  let opsToken: string;
  let service: RunningService;
  let kafka: KafkaPort;
  let products: Table<Published>;
  let connection: Connection;
  const crashes: Error[] = [];

  const start = async (): Promise<RunningService> => {
    const started = await bootstrap({
      name: 'catalog',
      description: 'test',
      bodyLimitBytes: 16 * 1024 * 1024,
      handleSignals: false,
      config: loadConfig(CatalogConfig, {
        PORT: '0',
        KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
        MONGODB_URI: process.env['MONGODB_URI'],
        MONGODB_DATABASE: database,
        TOPIC_PREFIX: prefix,
        TOPIC_PARTITIONS: String(PARTITIONS),
        GROUP_SESSION_TIMEOUT_MS: '6000',
        AUTH_JWKS_FILE: keys.publicKeys,
        LOG_LEVEL: 'error',
      }),
      build: buildCatalog,
    });
    await until(async () => (await fetch(`${started.address}/health/ready`)).ok, 'the service is ready');
    return started;
  };
  const tokenOf = (role: 'ops' | 'storefront') =>
    issueDevToken(
      JSON.parse(readFileSync(keys.privateKey, 'utf8')),
      { sub: 'test', role },
      { issuer: 'shelfline-dev', audience: 'shelfline', ttlSeconds: 600 },
    );
  const call = async (
    method: string,
    path: string,
    {
      body,
      headers = {},
      token = opsToken,
      at = service,
    }: {
      body?: unknown;
      headers?: Record<string, string>;
      token?: string;
      at?: RunningService;
    } = {},
  ) => {
    const isText = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${at.address}/api/catalog/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined };
  };

  beforeAll(async () => {
    keys = await writeDevKeyFiles(mkdtempSync(join(tmpdir(), 'catalog-')));
    opsToken = await tokenOf('ops');
    service = await start();
    kafka = await connectKafka({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'it' });
    connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName: database }).asPromise();
    products = new Table({
      kafka,
      topic: TOPICS.products,
      topicName: `${prefix}${TOPICS.products.name}`,
      decode: ({ value }) => JSON.parse(value!.toString()) as Published,
      onCrash: (error) => crashes.push(error),
    });
    await products.start();
  });
  afterAll(async () => {
    await service?.lifecycle.stop();
    await products?.stop();
    await kafka?.close();
    await connection?.dropDatabase();
    await connection?.close();
    if (crashes.length > 0) throw crashes[0]!;
  });

  it('a product put is read, found by its Chinese name and published', async () => {
    const put = await call('PUT', 'products/tea%2F1', { body: { sku: 'tea/1', name: 'Tea', nameZh: '锡兰红茶' } });
    expect([put.status, put.json.result]).toEqual([200, 'applied']);
    const { version } = put.json;
    expect((await call('GET', 'products/tea%2F1')).json).toMatchObject({ sku: 'tea/1', unit: 'piece', version });
    const found = await call('GET', `products?search=${encodeURIComponent('红茶')}`, {
      token: await tokenOf('storefront'),
    });
    expect(found.json.items).toEqual([expect.objectContaining({ sku: 'tea/1' })]);
    await until(() => products.get('tea/1')?.version === version, 'the product is on the topic');
    expect(
      (await call('PUT', 'products/tea%2F1', { body: { nameZh: '锡兰红茶', name: 'Tea', sku: 'tea/1' } })).json,
    ).toEqual({
      result: 'unchanged',
      code: 'tea/1',
      version,
    });
  });

  it('of two who change the same version, one is told', async () => {
    const { version } = (await call('PUT', 'products/race', { body: { sku: 'race', name: 'v1' } })).json;
    const headers = { 'if-match': `"${version}"` };
    const answers = await Promise.all(
      ['a', 'b'].map((name) => call('PUT', 'products/race', { body: { sku: 'race', name }, headers })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    const twice = await call('PUT', 'products/race', {
      body: { sku: 'race', name: 'c' },
      headers: { 'if-none-match': '*' },
    });
    expect(twice.json).toMatchObject({ status: 412, type: 'urn:shelfline:problem:version-conflict' });
  });

  it('removed it leaves the topic, and comes back with a higher version', async () => {
    const before = (await call('PUT', 'products/gone', { body: { sku: 'gone', name: 'x' } })).json;
    expect((await call('DELETE', 'products/gone')).json).toMatchObject({ result: 'applied' });
    expect((await call('GET', 'products/gone')).status).toBe(404);
    expect((await call('DELETE', 'products/gone')).status).toBe(404);
    await until(() => products.get('gone') === undefined, 'the tombstone arrived');
    const after = (await call('PUT', 'products/gone', { body: { sku: 'gone', name: 'x' } })).json;
    expect(after.version).toBeGreaterThan(before.version);
    await until(() => products.get('gone')?.version === after.version, 'it is back');
  });

  it('answers each item of a bulk on its own, and the same bulk again with unchanged', async () => {
    const items = Array.from({ length: 1000 }, (_, i) => ({ sku: `bulk-${i}`, name: i === 500 ? '' : `Product ${i}` }));
    const first = await call('POST', 'products/bulk', { body: items });
    expect(first.json).toMatchObject({
      accepted: 999,
      unchanged: 0,
      pending: 0,
      rejected: [{ index: 500, code: 'bulk-500', detail: expect.stringMatching(/^name: /) }],
    });
    expect((await call('POST', 'products/bulk', { body: items })).json).toMatchObject({ accepted: 0, unchanged: 999 });
    await until(() => products.get('bulk-999') !== undefined, 'the last is on the topic');
    expect((await call('POST', 'products/bulk', { body: Array(5001).fill({}) })).status).toBe(400);
    const seen = new Set<string>();
    let cursor = '';
    do {
      const page = (await call('GET', `products?search=bulk&limit=300${cursor}`)).json;
      for (const { sku } of page.items) seen.add(sku);
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(seen.size).toBe(999);
  });

  it('puts the product first whose SKU or GTIN was typed, and shows it once', async () => {
    const items = [
      { sku: 'A-42', name: 'Fortytwo, an exact42 case' },
      { sku: 'exact42-b', name: 'Its prefix' },
      { sku: 'EXACT42', name: 'Typed in full', gtin: '4006381333931' },
      { sku: 'Z-42', name: 'Another exact42' },
    ];
    await call('POST', 'products/bulk', { body: items });
    const skus = async (query: string) => {
      const { items: found, next } = (await call('GET', `products?${query}`)).json;
      return { skus: found.map(({ sku }: { sku: string }) => sku), next };
    };
    const all = ['EXACT42', 'A-42', 'Z-42', 'exact42-b'];
    expect(await skus('search=exact42')).toEqual({ skus: all, next: null });
    expect((await skus('search=EXACT42')).skus).toEqual(all);
    expect((await skus('search=4006381333931')).skus).toEqual(['EXACT42']);
    for (const limit of [1, 2, 3]) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await skus(`search=exact42&limit=${limit}${cursor}`);
        seen.push(...page.skus);
        cursor = page.next === null ? '' : `&cursor=${page.next}`;
      } while (cursor !== '');
      expect(seen).toEqual(all);
    }
  });

  it('who may only read may not write; faults name their fields', async () => {
    const token = await tokenOf('storefront');
    expect((await call('PUT', 'products/x', { body: { sku: 'x', name: 'x' }, token })).status).toBe(403);
    const bad = await call('PUT', 'locations/s1', { body: { code: 's1', type: 'kiosk', timeZone: 'Mars/One' } });
    expect(bad.status).toBe(400);
    expect(bad.json.errors.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['type', 'name', 'city', 'region', 'latitude', 'longitude']),
    );
    expect((await call('GET', 'products?limit=0')).status).toBe(400);
  });

  it('a channel naming a place nobody knows is taken with a warning', async () => {
    const body = { code: 'web', name: 'Web', pools: [{ code: 'main', locations: ['nowhere'] }] };
    const put = await call('PUT', 'channels/web', { body });
    expect(put.json).toMatchObject({ result: 'applied', warnings: [{ field: 'pools[0].locations[0]' }] });
  });

  it('records straight to the topic are handled alike, unreadable ones put aside', async () => {
    const key = 'products/direct';
    const change = { id: 'd1', source: 'erp', kind: 'products', code: 'direct', entity: { sku: 'direct', name: 'D' } };
    const send = (k: string, value: string) =>
      kafka.send(`${prefix}${TOPICS.catalogChanges.name}`, partitionFor(k, PARTITIONS), [{ key: k, value }]);
    await send(key, '{"half');
    await send('products/other', JSON.stringify(change));
    await send(key, JSON.stringify(change));
    await until(() => products.get('direct')?.name === 'D', 'it is published');
    const letters = () => connection.collection('dead_letters').find({}).toArray();
    await until(async () => (await letters()).length === 2, 'both others are dead letters');
    expect(new Set((await letters()).map(({ reason }) => reason))).toEqual(new Set(['not_json', 'wrong_key']));
    expect((await call('GET', 'changes/erp/d1')).json).toMatchObject({ result: 'applied', code: 'direct' });
  });

  it('an export is imported again without a change; a file that is no UTF-8 is refused', async () => {
    await call('PUT', 'products/formula', {
      body: { sku: 'formula', name: '=SUM(A1)', attributes: { 'Vol. (l)': '-1+2' } },
    });
    const csv = (await call('GET', 'products/export')).text;
    expect(csv).toContain("'=SUM(A1)");
    const rows = csv.trim().split('\r\n').length - 1;
    const again = await call('POST', 'products/import', { body: csv });
    expect(again.json).toMatchObject({ rows, applied: 0, unchanged: rows, rejected: 0, rejectedRows: [] });
    const bad = await call('POST', 'products/import', { body: 'sku,name\nok,Fine\nbad,\ncut,Cut,off\n' });
    expect(bad.json).toMatchObject({ rows: 3, applied: 1, rejectedRows: [{ line: 3 }, { line: 4 }] });
    const gbk = await call('POST', 'products/import', { body: Buffer.from('sku,name\na,\xb2\xe8\n', 'latin1') });
    expect(gbk.json).toMatchObject({ status: 400, detail: expect.stringMatching(/UTF-8/) });
    expect((await call('POST', 'products/import', { body: 'name\nx\n' })).json.detail).toMatch(/missing: sku/);
    expect((await call('POST', 'products/import', { body: [] })).status).toBe(415);
    expect((await call('POST', 'products/import')).status).toBe(415);
  });

  it('knows after a restart what it knew before', async () => {
    const before = (await call('GET', 'products?limit=500')).json;
    await service.lifecycle.stop();
    service = await start();
    expect((await call('GET', 'products?limit=500')).json).toEqual(before);
    const put = await call('PUT', 'products/tea%2F1', { body: { sku: 'tea/1', name: 'Tea', nameZh: '锡兰红茶' } });
    expect(put.json.result).toBe('unchanged');
  });

  it('two processes work side by side, and one goes on alone', async () => {
    const second = await start();
    const bulk = (at: RunningService, name: string) =>
      call('POST', 'products/bulk', { at, body: Array.from({ length: 600 }, (_, i) => ({ sku: `two-${i}`, name })) });
    const answers = await Promise.all([bulk(service, 'first'), bulk(second, 'second')]);
    for (const { json } of answers) expect(json).toMatchObject({ accepted: 600, pending: 0, rejected: [] });
    const leaving = bulk(second, 'third');
    await service.lifecycle.stop();
    service = second;
    expect((await leaving).json).toMatchObject({ rejected: [] });
    await until(
      () => Array.from({ length: 600 }, (_, i) => products.get(`two-${i}`)?.name).every((name) => name === 'third'),
      'the topic holds the last state of each',
    );
    const stored = (await call('GET', 'products?search=two&limit=500')).json;
    for (const { sku, version } of stored.items) expect(products.get(sku)?.version).toBe(version);
  });
});
