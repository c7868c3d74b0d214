import { createHash } from 'node:crypto';
import { canonicalJson } from '@shelfline/contracts/canonical-json';
import { sayIssues } from '@shelfline/contracts/issue-words';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Parsed } from '@shelfline/streaming/stream';
import { strictJson } from '@shelfline/streaming/strict-json';
import type { z } from 'zod';

type Message = { readonly source: string; readonly id: string };

/** A record of a topic that is asked of; what is no message of it is said of `what`. Its id is `source/id`. */
export function readMessage<M extends Message>(
  record: ReceivedRecord,
  schema: z.ZodType<M>,
  { keyOf, what }: { readonly keyOf: (message: M) => string; readonly what: string },
): Parsed<M> {
  let sent: unknown;
  try {
    sent = strictJson(record);
  } catch {
    return { kind: 'invalid', reason: 'not_json', detail: 'the value is not JSON in UTF-8' };
  }
  const read = schema.safeParse(sent);
  if (!read.success) return { kind: 'invalid', reason: 'invalid', detail: sayIssues(read.error.issues, sent, what) };
  const message = read.data;
  const id = `${message.source}/${message.id}`;
  return { kind: 'message', id, contentHash: contentHashOf(message), message, partitionBy: keyOf(message) };
}

/** Tells a repeat from a conflict, whatever the spacing and the order of fields. */
export const contentHashOf = (content: unknown): string =>
  createHash('sha1').update(canonicalJson(content)).digest('base64url');
