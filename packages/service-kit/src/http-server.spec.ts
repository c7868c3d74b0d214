import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { CurrentPrincipal, issueDevToken, type Principal } from './auth.js';
import { Public } from './auth-decorators.js';
import { bootstrap, type RunningService } from './http.js';
import { requestScope } from './logger.js';
import { serviceConfig } from './testing/service-config.js';

const Item = z.strictObject({ sku: z.string().min(1), quantity: z.int().min(0).max(1_000_000) });

@Public()
@Controller('api/items')
class ItemController {
  @Post()
  add(@Body({ schema: z.array(Item).min(1) }) items: z.infer<typeof Item>[]): unknown {
    return { items, requestId: requestScope.getStore()?.requestId };
  }
  @Get()
  list(@Query('limit', { schema: z.coerce.number().int().max(100).default(20) }) limit: number): { limit: number } {
    return { limit };
  }
}

@Controller('api/me')
class MeController {
  @Get()
  me(@CurrentPrincipal() principal: Principal): Principal {
    return principal;
  }
}

describe('HTTP', () => {
  let service: RunningService;
  let app: NestFastifyApplication;
  let token: string;
  beforeAll(async () => {
    const { config, key } = await serviceConfig();
    token = await issueDevToken(
      key,
      { sub: 'screen', role: 'storefront', channel: 'web' },
      { issuer: config.AUTH_ISSUER, audience: config.AUTH_AUDIENCE, ttlSeconds: 60 },
    );
    service = await bootstrap({
      name: 'items',
      description: 'Items',
      config,
      bodyLimitBytes: 1000,
      handleSignals: false,
      build: async () => ({ controllers: [ItemController, MeController], providers: [] }),
    });
    ({ app } = service);
  });
  afterAll(() => service.lifecycle.stop());

  const post = async (payload: string | Buffer, headers: Record<string, string> = {}) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/items',
      payload,
      headers: { 'content-type': 'application/json', ...headers },
    });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  };
  const one = JSON.stringify([{ sku: 'A-1', quantity: 3 }]);

  it('reads JSON in UTF-8, under any JSON type', async () => {
    expect((await post('[{"sku":"青岛","quantity":3}]')).body.items).toEqual([{ sku: '青岛', quantity: 3 }]);
    for (const type of ['application/json; charset=utf-8', 'application/cloudevents-batch+json'])
      expect((await post(one, { 'content-type': type })).status).toBe(201);
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d]), 'invalid-encoding', /UTF-8/],
    ['a cut-off body', '[{"sku":"A-1"', 'invalid-json', /JSON.*nothing of it was taken/],
    ['no JSON at all', 'sku=A-1', 'invalid-json', /not valid JSON/],
    ['a prototype in disguise', '[{"sku":"A","quantity":1,"__proto__":{"admin":true}}]', 'invalid-json', /__proto__/],
    ['an empty body', '', 'invalid', /errors/],
  ])('refuses %s with 400', async (_, payload, slug, detail) => {
    const { status, headers, body } = await post(payload);
    expect([status, body.type]).toEqual([400, `urn:shelfline:problem:${slug}`]);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body.detail).toMatch(detail);
  });

  it('told-as-bad-utf8: says of a compressed body that it is compressed', async () => {
    for (const headers of [{}, { 'content-encoding': 'gzip' }] as Record<string, string>[])
      expect(await post(gzipSync(one), headers)).toMatchObject({
        status: 415,
        body: { title: 'The body is compressed', detail: expect.stringMatching(/Send it unpacked/) },
      });
  });

  it('names what is wrong in the fields: unknown, of the wrong type, fractional, negative, huge', async () => {
    const wrong = [
      { sku: 'A', quantity: 1, colour: 'red' },
      { sku: 7, quantity: 1 },
      { sku: 'A', quantity: 1.5 },
      { sku: 'A', quantity: -1 },
      { sku: 'A', quantity: 1e300 },
    ];
    const { status, body } = await post(JSON.stringify(wrong));
    expect(status).toBe(400);
    const paths = (body.errors as { path: string; message: string }[]).map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['[0]', '[1].sku', '[2].quantity', '[3].quantity', '[4].quantity']));
    expect(JSON.stringify(body)).toContain('colour');
    const query = await app.inject('/api/items?limit=1000');
    expect([query.statusCode, query.json().status]).toEqual([400, 400]);
  });

  it('refuses what is too large with 413 and the limit, read or not', async () => {
    const { status, body } = await post(JSON.stringify([{ sku: 'x'.repeat(2000), quantity: 1 }]));
    expect([status, body.type, body.limitBytes]).toEqual([413, 'urn:shelfline:problem:too-large', 1000]);
  });

  it('refuses other types with 415, and unknown addresses with 404', async () => {
    expect(await post(one, { 'content-type': 'text/plain' })).toMatchObject({ status: 415, body: { status: 415 } });
    const nowhere = await app.inject('/nowhere');
    expect([nowhere.statusCode, nowhere.headers['content-type']]).toEqual([
      404,
      expect.stringMatching(/problem\+json/),
    ]);
    const address = await app.inject('/api/items/%ff');
    expect([address.statusCode, address.headers['content-type']]).toEqual([
      400,
      expect.stringMatching(/problem\+json/),
    ]);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['endless headers', `GET / HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('answers %s with a problem too', async (_, bytes, status) => {
    const socket = connect(Number(new URL(service.address).port), '127.0.0.1');
    socket.write(bytes);
    const answer = String(await new Promise<Buffer>((resolve) => socket.once('data', resolve)));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*problem\\+json.*"status":${status}`, 's'));
    socket.destroy();
  });

  it('keeps the caller’s request id where it may stand in a log, and makes one else', async () => {
    const kept = await post(one, { 'x-request-id': 'till-7.42' });
    expect([kept.headers['x-request-id'], kept.body.requestId]).toEqual(['till-7.42', 'till-7.42']);
    const made = await post(one, { 'x-request-id': 'x'.repeat(500) });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells a handler who asks, and a stranger how to ask', async () => {
    const known = await app.inject({ url: '/api/me', headers: { authorization: `Bearer ${token}` } });
    expect(known.json()).toMatchObject({ sub: 'screen', role: 'storefront', channel: 'web' });
    const unknown = await app.inject('/api/me');
    expect([unknown.statusCode, unknown.headers['www-authenticate']]).toEqual([401, 'Bearer realm="shelfline"']);
  });

  it('describes itself in OpenAPI 3.1 with the same schemas, and shows that to people', async () => {
    const document = (await app.inject('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    const body = JSON.stringify(document.paths['/api/items'].post.requestBody);
    expect(body).toContain('quantity');
    const page = await app.inject('/docs');
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, expect.stringMatching(/html/)]);
    expect((await app.inject('/docs/swagger-ui.css')).statusCode).toBe(200);
  });

  it('counts requests by route, not by address', async () => {
    await app.inject('/api/items?limit=7');
    const text = (await app.inject('/metrics')).body;
    const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
    expect([...routes]).toEqual(expect.arrayContaining(['/api/items', 'none']));
    for (const route of routes) expect(route).not.toMatch(/limit|nowhere/);
  });
});
