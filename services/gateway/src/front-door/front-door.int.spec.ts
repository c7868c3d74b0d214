import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GatewayUnderTest } from '../testing/gateway-under-test.js';
import { Screens } from '../testing/screens.js';

let gateway: GatewayUnderTest;
const screens = new Screens(() => gateway.address);

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

beforeAll(async () => {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  gateway = await GatewayUnderTest.start('front-door', `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
});
beforeEach(() => {
  upstreamRequests = [];
});
afterEach(() => screens.closeAll());
afterAll(async () => {
  await gateway?.stop();
  upstream.close();
});

describe('the front door', () => {
  it('passes requests through as they are', async () => {
    const body = JSON.stringify([{ id: '1', note: 'ä' }]);
    const answer = await gateway.call('/api/inventory/deltas', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: 'Bearer x', 'x-forwarded-for': '203.0.113.9' },
    });
    expect([answer.status, await answer.json()]).toEqual([202, { fine: true }]);
    await gateway.call('/api/connect/imports?kind=counts', {
      method: 'POST',
      body: 'a,b\n1,2\n',
      headers: { 'content-type': 'text/csv' },
    });
    await gateway.call('/api/inventory/levels?sku=A%20B&limit=2');
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
    const down = await gateway.call('/api/catalog/products');
    expect(down.status).toBe(503);
    expect(down.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await down.json()).toMatchObject({ type: 'urn:shelfline:problem:unavailable', part: 'catalog' });
    expect((await gateway.call('/api/nothing')).status).toBe(404);
    expect((await gateway.call('/nothing')).status).toBe(404);
    const ready = await gateway.call('/health/ready');
    expect([ready.status, (await ready.json()) as object]).toEqual([
      503,
      expect.objectContaining({
        checks: expect.objectContaining({ table: { ready: true }, catalog: expect.objectContaining({ ready: false }) }),
      }),
    ]);
    expect((await gateway.call('/health/ready/own')).status).toBe(200);
    expect((await gateway.call('/health/live')).status).toBe(200);
  });

  it('describes its own REST beside that of the services', async () => {
    const answer = await gateway.call('/docs/gateway/openapi.json');
    const { paths } = (await answer.json()) as { paths: Record<string, { get: { parameters?: { name: string }[] } }> };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/auth/dev-token', '/api/auth/jwks', '/health/ready/own', '/metrics']),
    );
    expect(paths['/api/auth/dev-token']?.get.parameters?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['role', 'channel', 'region', 'store', 'member', 'ttl']),
    );
    const unknown = await gateway.call('/docs/nothing/openapi.json');
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      expect.objectContaining({ detail: expect.stringContaining('gateway') }),
    ]);
  });

  it('hands out tokens for development, and the keys that check them', async () => {
    const answer = await gateway.call('/api/auth/dev-token?role=storefront&channel=app&ttl=30');
    const { token: jwt } = (await answer.json()) as { token: string };
    const mine = await screens.connect({ token: jwt });
    expect(await mine.ask('subscribe', { skus: ['A'], channel: 'web' })).toMatchObject({ status: 403 });
    expect((await gateway.call('/api/auth/dev-token?role=king')).status).toBe(400);
    expect(await (await gateway.call('/api/auth/jwks')).json()).toMatchObject({ keys: [{ kty: 'OKP' }] });
  });
});
