import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { type JWK, UnsecuredJWT } from 'jose';
import { z } from 'zod';
import { issueDevToken, writeDevKeyFiles } from './auth.js';
import { Roles } from './auth-decorators.js';
import { commonConfig, loadConfig } from './config.js';
import { bootstrap, type RunningService } from './http.js';

const Search = z.object({ since: z.string().optional(), limit: z.coerce.number().default(5) });
const Greeting = z.object({ name: z.string().min(1), count: z.int().max(10) });

@Controller('api/greetings')
class GreetingController {
  @Get()
  all(): string[] {
    return ['hello'];
  }
  @Post()
  @Roles('integrator')
  add(@Body({ schema: Greeting }) greeting: z.infer<typeof Greeting>): { name: string } {
    return { name: greeting.name };
  }
  @Get('found/:name')
  found(@Query({ schema: Search }) search: z.infer<typeof Search>): object {
    return search;
  }
  @Get('broken')
  broken(): never {
    throw new Error('the secret password is swordfish');
  }
}

describe('a service made of the kit', () => {
  let service: RunningService;
  let key: JWK;
  const token = (role: 'ops' | 'integrator' | 'storefront', ttlSeconds = 60) =>
    issueDevToken(key, { sub: 'test', role }, { issuer: 'shelfline-dev', audience: 'shelfline', ttlSeconds });
  const call = async (path: string, init: RequestInit = {}, bearer?: string) => {
    const response = await fetch(service.address + path, {
      ...init,
      headers: {
        ...(init.body ? { 'content-type': 'application/json' } : {}),
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      },
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      text,
      json: () => JSON.parse(text),
    };
  };

  beforeAll(async () => {
    const files = await writeDevKeyFiles(mkdtempSync(join(tmpdir(), 'kit-')));
    key = JSON.parse(readFileSync(files.privateKey, 'utf8'));
    const config = loadConfig(z.object(commonConfig), {
      KAFKA_BROKERS: 'none:1',
      MONGODB_URI: 'mongodb://user:swordfish@none',
      MONGODB_DATABASE: 'none',
      AUTH_JWKS_FILE: files.publicKeys,
      LOG_LEVEL: 'error',
    });
    service = await bootstrap({
      name: 'greeter',
      description: 'test',
      config,
      bodyLimitBytes: 2000,
      handleSignals: false,
      build: async ({ health }) => {
        health.addReadiness('kafka', () => ({ ready: false, detail: 'not caught up' }));
        return { controllers: [GreetingController], providers: [] };
      },
    });
  });
  afterAll(() => service.lifecycle.stop());

  it('answers who has a token, and nobody else', async () => {
    expect((await call('/api/greetings')).status).toBe(401);
    expect((await call('/api/greetings', {}, await token('storefront'))).json()).toEqual(['hello']);
    const expired = await call('/api/greetings', {}, await token('storefront', -100));
    expect(expired.status).toBe(401);
    expect(expired.json().detail).toMatch(/expired/);
    const none = new UnsecuredJWT({ role: 'ops', sub: 'x' })
      .setExpirationTime('1h')
      .setIssuer('shelfline-dev')
      .setAudience('shelfline')
      .encode();
    expect((await call('/api/greetings', {}, none)).status).toBe(401);
  });

  it('lets only the roles named, and ops, do what is theirs', async () => {
    const body = JSON.stringify({ name: 'ann', count: 1 });
    expect((await call('/api/greetings', { method: 'POST', body }, await token('storefront'))).status).toBe(403);
    expect((await call('/api/greetings', { method: 'POST', body }, await token('integrator'))).status).toBe(201);
    expect((await call('/api/greetings', { method: 'POST', body }, await token('ops'))).status).toBe(201);
  });

  it('refuses bad input with Problem Details that name the fields', async () => {
    const answer = await call('/api/greetings', { method: 'POST', body: '{"name":"","count":99}' }, await token('ops'));
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ status: 400, type: 'urn:shelfline:problem:invalid' });
    expect(
      answer
        .json()
        .errors.map((e: { path: string }) => e.path)
        .sort(),
    ).toEqual(['count', 'name']);
    expect((await call('/api/greetings', { method: 'POST', body: '{"name":' }, await token('ops'))).status).toBe(400);
    expect(
      (
        await call(
          '/api/greetings',
          { method: 'POST', body: JSON.stringify({ name: 'x'.repeat(3000) }) },
          await token('ops'),
        )
      ).status,
    ).toBe(413);
    expect((await call('/nowhere')).status).toBe(404);
  });

  it('refuses a parameter that it does not know, and names those it does', async () => {
    const bearer = await token('ops');
    expect((await call('/api/greetings/found/x?since=now', {}, bearer)).json()).toEqual({ since: 'now', limit: 5 });
    const answer = await call('/api/greetings/found/x?sinse=now&limit=1', {}, bearer);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({
      detail: expect.stringMatching(/^sinse is no parameter of this address; it takes since, limit\./),
      errors: [{ path: 'sinse' }],
    });
  });

  it.each([
    ['DELETE', '/api/greetings', 'GET, HEAD, POST'],
    ['POST', '/api/greetings/found/a%2Fb?limit=1', 'GET, HEAD'],
    ['PATCH', '/health/ready', 'GET, HEAD'],
  ])('says which methods an address takes: %s %s', async (method, path, allowed) => {
    const answer = await fetch(service.address + path, {
      method,
      headers: { authorization: `Bearer ${await token('ops')}` },
    });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
    expect(await answer.json()).toMatchObject({
      status: 405,
      detail: expect.stringContaining(`It takes ${allowed}, not ${method}`),
    });
  });

  it.each(['/api/greetings/found', '/api/greetingsx', '/'])(
    'knows no method of what is not there: %s',
    async (path) => {
      expect((await call(path, { method: 'PUT' }, await token('ops'))).status).toBe(404);
    },
  );

  it('shows nothing of its insides when it fails', async () => {
    const answer = await call('/api/greetings/broken', {}, await token('ops'));
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/swordfish|Error:/);
  });

  it('tells health, metrics and its API without a token', async () => {
    expect((await call('/health/live')).status).toBe(200);
    const ready = await call('/health/ready');
    expect([ready.status, ready.json().checks.kafka.detail]).toEqual([503, 'not caught up']);
    expect((await call('/metrics')).text).toMatch(
      /shelfline_http_request_duration_seconds_bucket\{.*route="\/api\/greetings"/,
    );
    expect((await call('/metrics/own')).text).toMatch(/^shelfline_ready\{/m);
    expect((await call('/openapi.json')).json().openapi).toBe('3.1.0');
  });
});
