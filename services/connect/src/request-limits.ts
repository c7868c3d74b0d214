import { problem, toProblem } from '@shelfline/service-kit/problem';
import { hasBody } from '@shelfline/service-kit/unread-body';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ConnectMetrics } from './connect-metrics.js';

/** A body that is not an upload has arrived by then, or the sender is holding a place for nothing. */
const BODY_ARRIVAL_MS = 30_000;

export const UPLOADS_PATH = '/api/connect/imports';

export interface RequestLimits {
  readonly deltasAtOnce: number;
  readonly uploadsAtOnce: number;
}
type Gate = 'deltas' | 'uploads';

/**
 * Bounds what is at work at once before a body is read, so that memory is bounded too: requests × 5 MiB. Beyond that the
 * sender hears at once that it should come again.
 */
export function limitRequests(
  fastify: FastifyInstance,
  { deltasAtOnce, uploadsAtOnce }: RequestLimits,
  metrics: ConnectMetrics,
): void {
  const limits: Readonly<Record<Gate, number>> = { deltas: deltasAtOnce, uploads: uploadsAtOnce };
  const atWork: Record<Gate, number> = { deltas: 0, uploads: 0 };
  const waiting = new WeakMap<FastifyRequest, NodeJS.Timeout>();

  fastify.addHook('onRequest', (request, reply, done) => {
    const gate = gateOf(request);
    if (gate !== 'uploads' && hasBody(request))
      waiting.set(
        request,
        setTimeout(() => request.raw.destroy(), BODY_ARRIVAL_MS),
      );
    reply.raw.once('close', () => clearTimeout(waiting.get(request)));
    if (!gate) {
      done();
      return;
    }
    if (atWork[gate] >= limits[gate]) {
      metrics.refusedBusy.inc({ kind: gate });
      refuse(reply, gate);
      return;
    }
    atWork[gate]++;
    reply.raw.once('close', () => atWork[gate]--);
    done();
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    clearTimeout(waiting.get(request));
    done();
  });
}

function gateOf({ method, url }: FastifyRequest): Gate | undefined {
  if (method !== 'POST') return undefined;
  const path = url.split('?', 1)[0];
  if (path === '/api/inventory/deltas') return 'deltas';
  return path === UPLOADS_PATH ? 'uploads' : undefined;
}

function refuse(reply: FastifyReply, gate: Gate): void {
  const what = gate === 'deltas' ? 'requests' : 'uploads';
  const details = toProblem(
    problem(
      503,
      'busy',
      'Too many at once',
      `As many ${what} as this service takes at once are at work. Nothing was taken; send it again in a few seconds.`,
    ),
  );
  void reply
    .status(503)
    .header('retry-after', '2')
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(details);
}
