import { PassThrough, type Readable, type Transform } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How long the rest of a body is read and thrown away after its answer. */
const READ_AWAY_MS = 30_000;

/**
 * An answer given before the whole body has arrived (413, 401, 503 …) reaches its sender only when the rest is read: a
 * connection that is closed with bytes unread is reset, which takes the answer with it, and a sender that sees no
 * answer sends again for ever. So the connection is kept, and the rest read and thrown away, for a bounded time.
 */
export function readBodiesAway(fastify: FastifyInstance, readAwayMs: number = READ_AWAY_MS): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (isUnread(request)) readAway(request, reply, readAwayMs);
    done(null, payload);
  });
}

export const hasBody = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const isUnread = ({ raw }: FastifyRequest): boolean => raw.complete === false && !raw.destroyed && hasBody(raw);

function readAway({ raw }: FastifyRequest, reply: FastifyReply, readAwayMs: number): void {
  // Fastify and proxies set it to close; Node would then close without reading on.
  reply.removeHeader('connection');
  const timer = setTimeout(() => raw.destroy(), readAwayMs).unref();
  raw.once('close', () => clearTimeout(timer));
  raw.once('end', () => clearTimeout(timer));
  raw.on('error', () => {});
  raw.unpipe();
  raw.resume();
}

/**
 * A body to give to a pipeline that may fail: what becomes of the copy does not touch the connection, over which the
 * answer has to go. What becomes of the body does become of the copy.
 */
export function bodyApart(body: Readable, apart: Transform = new PassThrough()): Transform {
  // Nobody may be listening yet, or any more.
  apart.on('error', () => {});
  body.once('error', (error) => apart.destroy(error));
  body.once('close', () => {
    if (!body.readableEnded) apart.destroy(new BodyCutShort());
  });
  body.pipe(apart);
  return apart;
}

class BodyCutShort extends Error {
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE';
}
