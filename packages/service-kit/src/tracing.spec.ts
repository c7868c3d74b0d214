import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post } from '@nestjs/common';
import { z } from 'zod';
import { Public } from './auth-decorators.js';
import { bootstrap } from './http.js';
import { createLogger } from './logger.js';
import { serviceConfig } from './testing/service-config.js';
import {
  currentTraceparent,
  extractTraceparent,
  injectTraceparent,
  isTracing,
  openServerSpan,
  withSpan,
} from './tracing.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = `00-${TRACE}-00f067aa0ba902b7-01`;

interface Spans {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: { readonly spans: ReceivedSpan[] }[];
  }[];
}
interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

/** Receives OTLP as JSON, the encoding of the HTTP exporter in use. */
async function otlpReceiver() {
  const received: { path: string; body: Spans }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) as Spans });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const spans = () =>
    received.flatMap(({ body }) => body.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((scope) => scope.spans)));
  return { endpoint, received, spans, close: () => server.close() };
}

const seen: { header?: string; line?: string } = {};

@Public()
@Controller('api/deltas')
class DeltaController {
  @Post()
  async add(@Body({ schema: z.object({}) }) _body: object): Promise<object> {
    const log = createLogger({
      name: 'x',
      level: 'info',
      format: 'json',
      destination: { write: (line) => void (seen.line = line) },
    });
    await withSpan('publish', { 'messaging.destination.name': 'inventory.deltas' }, async () => {
      log.info('published');
      seen.header = injectTraceparent({ ce_id: '1' })['traceparent'] ?? '';
    });
    return {};
  }
}

describe('tracing that is off', () => {
  it('makes no span and adds no header', async () => {
    expect(isTracing()).toBe(false);
    expect(await withSpan('x', {}, async (span) => span ?? 'none')).toBe('none');
    expect(openServerSpan('GET', CALLER)).toBeUndefined();
    expect(injectTraceparent({ ce_id: '1' })).toEqual({ ce_id: '1' });
    expect(currentTraceparent()).toBeUndefined();
  });

  it('still reads the header from Kafka’s bytes and HTTP’s text', () => {
    expect(extractTraceparent({ traceparent: Buffer.from(CALLER) })).toBe(CALLER);
    expect(extractTraceparent({ traceparent: CALLER })).toBe(CALLER);
    expect(extractTraceparent({})).toBeUndefined();
  });
});

describe('tracing to an endpoint', () => {
  let receiver: Awaited<ReturnType<typeof otlpReceiver>>;
  beforeAll(async () => {
    receiver = await otlpReceiver();
  });
  afterAll(() => void receiver.close());

  it('carries the caller’s trace through the request into what it publishes, and its log line', async () => {
    const { config } = await serviceConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
    const service = await bootstrap({
      name: 'connect',
      description: '',
      config,
      handleSignals: false,
      build: async () => ({ controllers: [DeltaController], providers: [] }),
    });
    const response = await fetch(`${service.address}/api/deltas`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', traceparent: CALLER },
    });
    expect(response.status).toBe(201);
    await expect(withSpan('fails', {}, () => Promise.reject(new Error('no broker')))).rejects.toThrow('no broker');
    await service.lifecycle.stop();

    expect(isTracing()).toBe(false);
    const [server, publish] = ['POST /api/deltas', 'publish'].map((name) =>
      receiver.spans().find((s) => s.name === name),
    );
    expect(server).toMatchObject({ traceId: TRACE, parentSpanId: '00f067aa0ba902b7' });
    expect(publish).toMatchObject({ traceId: TRACE, parentSpanId: server?.spanId });
    expect(BigInt(server?.endTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(publish?.endTimeUnixNano ?? 0));
    expect(seen.header).toBe(`00-${TRACE}-${publish?.spanId}-01`);
    expect(JSON.parse(seen.line ?? '{}')).toMatchObject({ traceId: TRACE });
    expect(receiver.spans().map(({ name }) => name)).toContain('fails');
    expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
    expect(JSON.stringify(receiver.received[0]?.body)).toContain('shelfline-connect');
  });
});
