import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KnownPaths } from './known-paths.js';
import { type Logger, requestScope } from './logger.js';
import { latencyBuckets, type Metrics } from './metrics.js';
import { type ProblemError, problem, toProblem } from './problem.js';
import { type OpenSpan, openServerSpan } from './tracing.js';
import { readBodiesAway } from './unread-body.js';

export interface ServerOptions {
  readonly bodyLimitBytes: number;
  /** A request that has not arrived wholly by then is cut off (408). */
  readonly requestTimeoutMs: number;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface HttpServer {
  readonly adapter: FastifyAdapter;
  readonly requests: RequestsInFlight;
  readonly paths: KnownPaths;
}

/** Fastify with one way of reading JSON, request ids, spans, timings, and a count of what is being answered. */
export function createHttpServer({ bodyLimitBytes, requestTimeoutMs, log, metrics }: ServerOptions): HttpServer {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    trustProxy: 'loopback',
    genReqId: requestIdOf,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const details = toProblem(error);
      void reply.status(details.status).header('content-type', PROBLEM_TYPE).send(details);
    },
    clientErrorHandler: answerUnreadable,
    // The last step of a stop; whoever owns open sockets has said goodbye by then.
    forceCloseConnections: true,
  });
  const fastify: FastifyInstance = adapter.getInstance();
  const paths = new KnownPaths();
  paths.listen(fastify);
  readJson(fastify);
  readBodiesAway(fastify);
  const requests = new RequestsInFlight(fastify);
  nameRequests(fastify);
  timeRequests(fastify, metrics, log);
  return { adapter, requests, paths };
}

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What is no HTTP, or did not arrive in time, never becomes a request; it gets the same kind of answer. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const statusCode = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }[error.code ?? ''] ?? 400;
  const body = JSON.stringify(toProblem({ statusCode }));
  socket.end(
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const SANE_ID = /^[\w.:-]{1,64}$/;

/** The caller's own id where it is one that may stand in a log line. */
function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i;

/** Fastify's own parser turns bytes that are not UTF-8 into replacement characters, so a SKU could change unseen. */
function readJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    // Whoever signs a body signs its bytes.
    Object.assign(request, { rawBody: body });
    if (body.length === 0) return done(null, undefined);
    if (isPacked(request.headers['content-encoding'], body)) return done(packed());
    if (!isUtf8(body)) return done(notUtf8());
    const text = body.toString('utf8');
    void parse(request, text, (error, value) => (error ? done(notJson(text)) : done(null, value)));
  });
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const isPacked = (encoding: string | undefined, body: Buffer): boolean =>
  (encoding !== undefined && encoding !== 'identity') || body.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);

const packed = (): ProblemError =>
  problem(
    415,
    'unsupported',
    'The body is compressed',
    'JSON is taken uncompressed only, without content-encoding; nothing of it was taken. Send it unpacked. A large CSV ' +
      'file may be gzip: /api/connect/imports.',
  );

const notUtf8 = (): ProblemError =>
  problem(
    400,
    'invalid-encoding',
    'The body is not valid UTF-8',
    'It holds bytes that stand for no character. Encode it as UTF-8 and send it again; nothing of it was taken.',
  );

function notJson(text: string): ProblemError {
  let reason = 'It holds a key that is not taken (__proto__ or constructor).';
  try {
    JSON.parse(text);
  } catch (error) {
    reason = `${(error as Error).message}.`;
  }
  return problem(
    400,
    'invalid-json',
    'The body is not valid JSON',
    `${reason} Correct it and send it again; nothing of it was taken.`,
  );
}

/** Counts what is being answered, so that a stop can wait for it. */
export class RequestsInFlight {
  private count = 0;
  private stopping = false;
  private wake: () => void = () => {};

  constructor(private readonly fastify: FastifyInstance) {
    fastify.addHook('onRequest', (_request, reply, done) => {
      this.count += 1;
      reply.raw.once('close', () => {
        this.count -= 1;
        if (this.count === 0) this.wake();
      });
      done();
    });
    // Node leaves a connection open that was busy when the server closed; its client would send the next one into it.
    // Said last: an answer that is passed on brings its own word, and the stop may begin while one is being made.
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.stopping) reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** Takes no new connection and waits for requests begun, at most `graceMs`. Upgraded sockets are left to their owner. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    const { server } = this.fastify;
    if (server.listening) server.close();
    if (this.count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Gives log lines of a request its id, and the request a span under the caller's. */
function nameRequests(fastify: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const span = openServerSpan(request.method, request.headers['traceparent']);
    if (span) spans.set(request, span);
    done();
  });
  // Not in `onRequest`: the context would be lost where the body's last chunk arrives.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    requestScope.run({ requestId: request.id }, () => (span ? span.run(done) : done()));
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    spans.get(request)?.end(routeOf(request), reply.statusCode);
    done();
  });
}

const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'none';

function timeRequests(fastify: FastifyInstance, metrics: Metrics, log: Logger): void {
  const seconds = metrics.histogram({
    name: 'shelfline_http_request_duration_seconds',
    help: 'HTTP requests by route, method and status class',
    labelNames: ['route', 'method', 'status'],
    buckets: latencyBuckets,
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    const { statusCode, elapsedTime } = reply;
    seconds.observe({ route, method: request.method, status: `${Math.floor(statusCode / 100)}xx` }, elapsedTime / 1000);
    const failed = statusCode >= 500;
    if (failed || log.isLevelEnabled('debug'))
      log[failed ? 'warn' : 'debug'](
        { requestId: request.id, method: request.method, route, status: statusCode, ms: Math.round(elapsedTime) },
        'request',
      );
    done();
  });
}
