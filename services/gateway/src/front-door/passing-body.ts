import { type Readable, Transform } from 'node:stream';
import { problem } from '@shelfline/service-kit/problem';
import { bodyApart } from '@shelfline/service-kit/unread-body';

export const tooLarge = (limitBytes: number) =>
  problem(
    413,
    'too-large',
    'The body is too large',
    `At most ${limitBytes} bytes are taken here, and nothing of it was. Send less at a time; many deltas also as a file to ` +
      '/api/connect/imports.',
    { limitBytes },
  );

/**
 * A body on its way to a service. A sender that does not say how much it sends (chunked) is stopped here at the limit:
 * were it the service, its refusal would meet a connection in the middle of writing and could be lost. That this copy
 * fails, or that a service answers early, does not touch the sender's connection, over which the answer goes back.
 */
export function passingBody(body: Readable, limitBytes: number | undefined): Readable {
  if (limitBytes === undefined) return bodyApart(body);
  let bytes = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limitBytes) done(tooLarge(limitBytes));
      else done(null, chunk);
    },
  });
  return bodyApart(body, bounded);
}
