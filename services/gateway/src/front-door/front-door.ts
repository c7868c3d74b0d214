import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import httpProxy from '@fastify/http-proxy';
import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemError, problem, toProblem } from '@shelfline/service-kit/problem';
import { currentTraceparent } from '@shelfline/service-kit/tracing';
import { hasBody } from '@shelfline/service-kit/unread-body';
import type { Log } from '@shelfline/streaming/log';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { passingBody, tooLarge } from './passing-body.js';
import { BEGINNINGS, bodyLimitBytes, type Part, partFor } from './routing.js';

export interface FrontDoorOptions {
  readonly upstreams: Readonly<Record<Part, string>>;
  readonly rateLimitPerMinute: number;
  readonly upstreamTimeoutMs: number;
  readonly uploadTimeoutMs: number;
  readonly log: Log;
}

const pathOf = (url: string): string => url.split('?', 1)[0]!;

const NOTHING_HERE = problem(
  404,
  'not-found',
  'There is nothing here',
  `Paths begin with ${BEGINNINGS.slice(0, -1).join(', ')} or ${BEGINNINGS.at(-1)}; /docs describes them.`,
);

function sendProblem(reply: FastifyReply, error: unknown): void {
  const details = toProblem(error);
  if (details.status === 503) void reply.header('retry-after', '2');
  void reply.code(details.status).header('content-type', 'application/problem+json; charset=utf-8').send(details);
}

/** A trace begins here unless the caller brought one. */
const traceparentOf = ({ headers }: FastifyRequest): string => {
  const given = headers['traceparent'];
  if (typeof given === 'string') return given;
  return currentTraceparent() ?? `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
};

const unavailable = (part: Part) =>
  problem(
    503,
    'unavailable',
    'Part of the service is not available',
    `The ${part} service does not answer. Nothing may be assumed about this request: send it again in a few seconds, ` +
      'with the same ids.',
    { part },
  );

/**
 * One address for the REST of all services. Bodies pass through as streams, never read here, so an upload of any size
 * uses constant memory; what is allowed is the services' decision.
 */
export async function openFrontDoor(app: NestFastifyApplication, options: FrontDoorOptions): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  app.getHttpServer().requestTimeout = options.uploadTimeoutMs;
  addSecurityHeaders(fastify);
  await fastify.register(rateLimit, {
    max: options.rateLimitPerMinute,
    timeWindow: 60_000,
    allowList: (request) => !request.url.startsWith('/api/'),
    errorResponseBuilder: () =>
      problem(429, 'too-many-requests', 'Too many requests', 'Wait a little and put more items into one request.'),
  });
  await fastify.register(async (scope) => {
    // The parsers of this service's own routes would read bodies that only pass through.
    scope.removeAllContentTypeParsers();
    scope.addHook('preParsing', (request, _reply, body, done) => {
      // Of a GET nobody reads it.
      if (!hasBody(request) || request.method === 'GET' || request.method === 'HEAD') return done(null, body);
      return done(null, passingBody(body as Readable, bodyLimitBytes(request.method, pathOf(request.url))));
    });
    await scope.register(httpProxy, proxyOptions(options));
  });
}

/** A service that ends a request for whose body it waited this long is not the one that is slow. */
const STALLED_AFTER_MS = 20_000;
const STALLED = problem(
  408,
  'timeout',
  'The body did not arrive in time',
  'The request announced more than it sent, and then nothing came. Nothing of it was taken; send it again.',
);

const causeOf = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message);

/**
 * An order's request lasts until it is decided, so that many are open at once; and a busy service takes one new
 * connection a turn of its event loop (libuv), so that they are kept, for less long than a service keeps them (72 s).
 */
const LASTING_CONNECTIONS = { connections: 1024, pipelining: 1, keepAliveTimeout: 60_000 };

const proxyOptions = ({ upstreams, upstreamTimeoutMs, log }: FrontDoorOptions) => {
  const partOf = (request: FastifyRequest): Part | undefined => partFor(pathOf(request.url));
  return {
    upstream: '',
    prefix: '/api',
    rewritePrefix: '/api',
    disableRequestLogging: true,
    undici: { ...LASTING_CONNECTIONS, headersTimeout: upstreamTimeoutMs, bodyTimeout: upstreamTimeoutMs },
    // A repeated request is the caller's decision, who knows its ids.
    retryDelay: () => null,
    preHandler: (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      const limitBytes = bodyLimitBytes(request.method, pathOf(request.url));
      if (!partOf(request)) sendProblem(reply, NOTHING_HERE);
      else if (limitBytes !== undefined && Number(request.headers['content-length'] ?? 0) > limitBytes)
        sendProblem(reply, tooLarge(limitBytes));
      else done();
    },
    replyOptions: {
      getUpstream: (request: unknown) => upstreams[partOf(request as FastifyRequest)!],
      rewriteRequestHeaders: (request: unknown, headers: Record<string, unknown>) => {
        const { ip, protocol, host } = request as FastifyRequest;
        // This server has answered an `expect: 100-continue` already; undici refuses to pass it on.
        const { expect: _answered, ...passed } = headers;
        return {
          ...passed,
          'x-forwarded-for': ip,
          'x-forwarded-proto': protocol,
          'x-forwarded-host': host,
          traceparent: traceparentOf(request as FastifyRequest),
        };
      },
      onError: (reply: unknown, { error }: { error: Error }) => {
        const answer = reply as FastifyReply;
        const part = partOf(answer.request)!;
        if (error.cause instanceof ProblemError) {
          sendProblem(answer, error.cause);
          return;
        }
        if (answer.request.raw.complete === false && hasBody(answer.request) && answer.elapsedTime > STALLED_AFTER_MS) {
          sendProblem(answer, STALLED);
          return;
        }
        log.warn({ part, reason: causeOf(error) }, 'a service did not answer');
        sendProblem(answer, unavailable(part));
      },
    },
  } as unknown as Parameters<typeof httpProxy>[1];
};

/** Styles are written by the component library at run time; scripts only ever come from here. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

function addSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    void reply.headers({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    done(null, payload);
  });
}
