import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { availabilityKey } from '@shelfline/contracts/identifiers';
import { versionOf } from '@shelfline/contracts/stock-level';
import type { StockView } from '@shelfline/contracts/storefront-protocol';
import { TOPICS } from '@shelfline/contracts/topics';
import { issueDevToken, type TokenClaims, writeDevKeyFiles } from '@shelfline/service-kit/auth';
import { bootstrap, type RunningService } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { topicName } from '@shelfline/streaming/topics-setup';
import { type JWK, UnsecuredJWT } from 'jose';
import { io, type Socket } from 'socket.io-client';
import { readConfig } from '../config.js';
import { gatewayParts } from '../gateway.module.js';

const PARTITIONS = 3;
const prefix = `gateway-int-${process.pid}-${Date.now()}.`;
const topic = topicName(TOPICS.availability, prefix);
const brokers = process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092';

let kafka: KafkaPort;
let gateway: RunningService;
let key: JWK;
let upstreamRequests: {
  method?: string | undefined;
  url?: string | undefined;
  body: string;
  headers: NodeJS.Dict<string | string[]>;
}[] = [];
const upstream = createServer((received, response) => {
  const chunks: Buffer[] = [];
  received.on('data', (chunk: Buffer) => chunks.push(chunk));
  received.on('end', () => {
    const { method, url, headers } = received;
    // A scrape of the gateway asks its upstreams whether they are ready.
    if (!url?.startsWith('/health'))
      upstreamRequests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"fine":true}');
  });
});

const token = (claims: Partial<TokenClaims> = {}, ttlSeconds = 60): Promise<string> =>
  issueDevToken(
    key,
    { sub: 'test', role: 'storefront', ...claims },
    { issuer: 'shelfline-dev', audience: 'shelfline', ttlSeconds },
  );

async function put(sku: string, offset: number, place = { channel: 'web', region: 'all' }): Promise<void> {
  const value = {
    sku,
    ...place,
    available: offset,
    status: 'in_stock',
    version: versionOf(1, offset),
    asOf: new Date().toISOString(),
    producedAtMs: Date.now(),
  };
  await kafka.send(topic, partitionFor(sku, PARTITIONS), [
    { key: availabilityKey(sku, place.channel, place.region), value: JSON.stringify(value) },
  ]);
}

interface Screen {
  readonly socket: Socket;
  readonly views: StockView[];
  readonly numbers: number[];
  /** Resolves once this SKU was seen at this offset. */
  sees(sku: string, offset: number): Promise<void>;
  ask(event: string, body: unknown): Promise<Record<string, unknown> & { stock: StockView[] }>;
}
const open: Socket[] = [];

async function screen(auth: object, options: object = {}): Promise<Screen> {
  const socket = io(`${gateway.address}/storefront`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth,
    ...options,
  });
  open.push(socket);
  const views: StockView[] = [];
  const numbers: number[] = [];
  const waiting = new Set<() => void>();
  socket.on('stock', (news: StockView[], { seq }: { seq: number }) => {
    views.push(...news);
    numbers.push(seq);
    for (const check of waiting) check();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    socket,
    views,
    numbers,
    sees: (sku, offset) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!views.some((view) => view.sku === sku && view.version === versionOf(1, offset))) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    ask: (event, body) => socket.timeout(5000).emitWithAck(event, body),
  };
}

const refusal = async (auth: object): Promise<unknown> => {
  try {
    await screen(auth);
  } catch (error) {
    return (error as { data?: unknown }).data;
  }
  throw new Error('it was let in');
};

beforeAll(async () => {
  kafka = await connectKafka({ brokers: brokers.split(','), clientId: 'gateway-int' });
  const files = await writeDevKeyFiles(mkdtempSync(join(tmpdir(), 'gateway-int-')));
  key = JSON.parse(readFileSync(files.privateKey, 'utf8')) as JWK;
  await new Promise<void>((resolve) => {
    upstream.listen(0, '127.0.0.1', resolve);
  });
  const { port } = upstream.address() as { port: number };
  const config = readConfig({
    KAFKA_BROKERS: brokers,
    TOPIC_PREFIX: prefix,
    TOPIC_PARTITIONS: String(PARTITIONS),
    AUTH_JWKS_FILE: files.publicKeys,
    AUTH_DEV_KEY_FILE: files.privateKey,
    SHELFLINE_MODE: 'development',
    LOG_LEVEL: 'error',
    PORT: '0',
    INVENTORY_URL: `http://127.0.0.1:${port}`,
    CONNECT_URL: `http://127.0.0.1:${port}`,
    CATALOG_URL: 'http://127.0.0.1:1',
    PUSH_TICK_MS: '5',
    EVICT_AFTER_MS: '300',
    EVICT_AT_BYTES: '4000000',
    LAG_WAIT_MS: '300',
    MESSAGES_PER_SECOND: '5',
    MESSAGE_BURST: '10',
  });
  gateway = await bootstrap({
    name: 'gateway',
    description: 'test',
    config,
    handleSignals: false,
    build: async (kit) =>
      gatewayParts(
        kit,
        await connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'gateway-int-own', log: kit.log }),
      ),
  });
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.disconnect();
});
afterAll(async () => {
  await gateway?.lifecycle.stop();
  await kafka?.close();
  upstream.close();
});

describe('a storefront', () => {
  it('gets a snapshot, then changes with running numbers, and resumes from what it holds', async () => {
    await put('A', 1);
    await put('B', 2);
    const first = await screen({ token: await token() });
    const since = (offset: number) => versionOf(1, offset);
    const answer = await first.ask('subscribe', { skus: ['A', 'B', 'C'] });
    expect(answer).toMatchObject({ ok: true, epoch: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(answer.stock.map(({ sku }) => sku)).toEqual(['A', 'B', 'C']);
    await put('A', 3);
    await put('C', 4);
    await Promise.all([first.sees('A', 3), first.sees('C', 4)]);
    expect(first.numbers).toEqual(first.numbers.map((_, i) => i + 1));
    first.socket.disconnect();
    await put('A', 5);
    const again = await screen({ token: await token() });
    const resumed = await again.ask('subscribe', { skus: ['A', 'C'], since: { A: since(5), C: since(4) } });
    expect(resumed.stock).toEqual([]);
    const later = await again.ask('subscribe', { skus: ['A', 'C'], since: { A: since(3), C: since(4) } });
    expect(later.stock.map(({ sku, available }) => [sku, available])).toEqual([['A', 5]]);
    expect(later['epoch']).toBe(answer['epoch']);
  });

  it('gets only what it watches, and nothing a zombie wrote', async () => {
    const mine = await screen({ token: await token() });
    await mine.ask('subscribe', { skus: ['watched', 'left'] });
    expect(await mine.ask('unsubscribe', { skus: ['left'] })).toEqual({ ok: true });
    await put('left', 10);
    await put('unwatched', 10);
    await put('watched', 10);
    await mine.sees('watched', 10);
    await put('watched', 9);
    await put('watched', 11);
    await mine.sees('watched', 11);
    expect(mine.views.map(({ sku, version }) => [sku, version % 2 ** 40])).toEqual([
      ['watched', 10],
      ['watched', 11],
    ]);
  });

  it('keeps to the place its token is for', async () => {
    const app = await screen({ token: await token({ channel: 'app', region: 'east' }) });
    await app.ask('subscribe', { skus: ['scoped'] });
    await put('scoped', 1);
    await put('scoped', 2, { channel: 'app', region: 'east' });
    await app.sees('scoped', 2);
    expect(app.views).toHaveLength(1);
    expect(await app.ask('subscribe', { skus: ['scoped'], channel: 'web' })).toMatchObject({ ok: false, status: 403 });
  });

  it('is told when this instance is behind what it has seen', async () => {
    const mine = await screen({ token: await token() });
    const answer = await mine.ask('subscribe', { skus: ['A'], since: { A: versionOf(1, 999) } });
    expect(answer).toMatchObject({ ok: false, type: 'urn:shelfline:problem:behind', status: 503 });
  });
});

describe('who may come in', () => {
  it('nobody without a valid token', async () => {
    const none = new UnsecuredJWT({ role: 'storefront', sub: 'x' })
      .setExpirationTime('1h')
      .setIssuer('shelfline-dev')
      .setAudience('shelfline')
      .encode();
    for (const auth of [
      {},
      { token: '' },
      { token: 'rubbish' },
      { token: none },
      { token: await token({}, -60) },
      { token: 7 },
    ])
      expect(await refusal(auth)).toMatchObject({ status: 401, title: expect.any(String), detail: expect.any(String) });
    const foreign = await issueDevToken(
      key,
      { sub: 'x', role: 'storefront' },
      { issuer: 'else', audience: 'shelfline', ttlSeconds: 60 },
    );
    expect(await refusal({ token: foreign })).toMatchObject({ status: 401 });
    expect(await refusal({ token: await token({ role: 'customer' as 'ops' }) })).toMatchObject({ status: 401 });
  });

  it('no page of another origin, and nobody at the default namespace', async () => {
    const withOrigin = (origin: string) => screen({ token: 'x' }, { extraHeaders: { origin } });
    await expect(withOrigin('https://evil.example')).rejects.toThrow('websocket error');
    await expect(withOrigin('http://localhost:3000')).rejects.toMatchObject({ data: { status: 401 } });
    const root = io(gateway.address, { transports: ['websocket'], reconnection: false, forceNew: true });
    open.push(root);
    const error = await new Promise<Error>((resolve) => root.once('connect_error', resolve));
    expect(error.message).toContain('/storefront');
  });

  it('until the token expires', async () => {
    const mine = await screen({ token: await token({}, 1) });
    const said = new Promise((resolve) => mine.socket.once('expired', resolve));
    const reason = await new Promise((resolve) => mine.socket.once('disconnect', resolve));
    expect(await said).toMatchObject({ status: 401, title: 'The token has expired' });
    expect(reason).toBe('io server disconnect');
  });

  it('not to flood', async () => {
    const mine = await screen({ token: await token() });
    const gone = new Promise((resolve) => mine.socket.once('disconnect', resolve));
    const answers: Promise<unknown>[] = [];
    for (let i = 0; i < 15; i++) answers.push(mine.ask('unsubscribe', { skus: ['A'] }));
    const refusedAnswers = (await Promise.all(answers)).filter((a) => (a as { status?: number }).status === 429);
    expect(refusedAnswers.length).toBeGreaterThan(0);
    for (let i = 0; i < 40; i++) mine.socket.emit('unsubscribe', { skus: ['A'] });
    expect(await gone).toBe('io server disconnect');
  });
});

describe('a socket that stops reading', () => {
  it('is ended with a reason, and others are served meanwhile', async () => {
    const skus = Array.from({ length: 500 }, (_, i) => `slow-${'x'.repeat(54)}-${i}`);
    const healthy = await screen({ token: await token() });
    await healthy.ask('subscribe', { skus });
    const slow = await stalledSocket(await token(), skus);
    const gone = new Promise<void>((resolve) => {
      slow.once('close', () => resolve());
    });
    let offset = 0;
    const isEvicted = async (): Promise<boolean> =>
      (await metrics()).includes('shelfline_gateway_evicted_total{reason="stalled"');
    while (!(await isEvicted())) {
      offset++;
      await Promise.all(
        Array.from({ length: PARTITIONS }, (_, partition) => {
          const records = skus
            .filter((sku) => partitionFor(sku, PARTITIONS) === partition)
            .map((sku) => ({
              key: availabilityKey(sku, 'web', 'all'),
              value: JSON.stringify({
                sku,
                available: offset,
                status: 'low',
                version: versionOf(1, offset),
                asOf: new Date().toISOString(),
              }),
            }));
          return records.length > 0 ? kafka.send(topic, partition, records) : Promise.resolve(0);
        }),
      );
    }
    await healthy.sees(skus[7]!, offset);
    slow.resume();
    await gone;
    expect(healthy.socket.connected).toBe(true);
  });
});

const metrics = async (): Promise<string> => (await fetch(`${gateway.address}/metrics`)).text();

/** Joins and subscribes, then never reads again. */
async function stalledSocket(jwt: string, skus: readonly string[]) {
  const { port } = new URL(gateway.address);
  const socket = connectTcp(Number(port), '127.0.0.1');
  const send = (text: string): void => {
    const payload = Buffer.from(text);
    const head = Buffer.alloc(payload.length > 125 ? 8 : 6);
    head[0] = 0x81;
    head[1] = 0x80 | (payload.length > 125 ? 126 : payload.length);
    if (payload.length > 125) head.writeUInt16BE(payload.length, 2);
    socket.write(Buffer.concat([head, payload]));
  };
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  const until = (marker: string): Promise<void> =>
    new Promise((resolve) => {
      let seen = '';
      const onData = (data: Buffer): void => {
        seen += data.toString('latin1');
        if (!seen.includes(marker)) return;
        socket.off('data', onData);
        resolve();
      };
      socket.on('data', onData);
    });
  await until('"sid"');
  send(`40/storefront,${JSON.stringify({ token: jwt })}`);
  await until('40/storefront,');
  send(`42/storefront,0${JSON.stringify(['subscribe', { skus }])}`);
  await until('43/storefront,0');
  socket.pause();
  return socket;
}

describe('the front door', () => {
  const call = (path: string, init: RequestInit = {}) => fetch(gateway.address + path, init);

  it('passes requests through as they are', async () => {
    upstreamRequests = [];
    const body = JSON.stringify([{ id: '1', note: 'ä' }]);
    const answer = await call('/api/inventory/deltas', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: 'Bearer x', 'x-forwarded-for': '203.0.113.9' },
    });
    expect([answer.status, await answer.json()]).toEqual([202, { fine: true }]);
    await call('/api/connect/imports?kind=counts', {
      method: 'POST',
      body: 'a,b\n1,2\n',
      headers: { 'content-type': 'text/csv' },
    });
    await call('/api/inventory/levels?sku=A%20B&limit=2');
    expect(upstreamRequests.map(({ method, url, body: sent }) => [method, url, sent])).toEqual([
      ['POST', '/api/inventory/deltas', body],
      ['POST', '/api/connect/imports?kind=counts', 'a,b\n1,2\n'],
      ['GET', '/api/inventory/levels?sku=A%20B&limit=2', ''],
    ]);
    expect(upstreamRequests[0]!.headers).toMatchObject({
      authorization: 'Bearer x',
      'content-type': 'application/json',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'http',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/),
    });
  });

  it('passes large bodies of any kind, also from a client that asks first', async () => {
    upstreamRequests = [];
    const { port } = new URL(gateway.address);
    const bytes = 3_000_000;
    for (const type of ['text/plain', 'application/json', 'application/octet-stream']) {
      const sent = request({
        port,
        path: '/api/connect/imports',
        method: 'POST',
        headers: { 'content-type': type, 'content-length': bytes, expect: '100-continue' },
      });
      const answered = new Promise<number | undefined>((resolve) =>
        sent.once('response', (r) => resolve(r.resume().statusCode)),
      );
      sent.once('continue', () => sent.end(Buffer.alloc(bytes, 'x')));
      sent.flushHeaders();
      expect(await answered).toBe(202);
    }
    expect(upstreamRequests.map(({ body }) => body.length)).toEqual([bytes, bytes, bytes]);
  });

  it('says which part does not answer, and what is not there', async () => {
    const down = await call('/api/catalog/products');
    expect(down.status).toBe(503);
    expect(down.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await down.json()).toMatchObject({ type: 'urn:shelfline:problem:unavailable', part: 'catalog' });
    expect((await call('/api/nothing')).status).toBe(404);
    expect((await call('/nothing')).status).toBe(404);
    const ready = await call('/health/ready');
    expect([ready.status, (await ready.json()) as object]).toEqual([
      503,
      expect.objectContaining({
        checks: expect.objectContaining({ table: { ready: true }, catalog: expect.objectContaining({ ready: false }) }),
      }),
    ]);
    expect((await call('/health/ready/own')).status).toBe(200);
    expect((await call('/health/live')).status).toBe(200);
  });

  it('hands out tokens for development, and the keys that check them', async () => {
    const answer = await call('/api/auth/dev-token?role=storefront&channel=app&ttl=30');
    const { token: jwt } = (await answer.json()) as { token: string };
    const mine = await screen({ token: jwt });
    expect(await mine.ask('subscribe', { skus: ['A'], channel: 'web' })).toMatchObject({ status: 403 });
    expect((await call('/api/auth/dev-token?role=king')).status).toBe(400);
    expect(await (await call('/api/auth/jwks')).json()).toMatchObject({ keys: [{ kty: 'OKP' }] });
  });
});
