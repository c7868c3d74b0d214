import { EARLIEST_OCCURRED_AT_MS, MAX_CLOCK_AHEAD_MS } from '@shelfline/contracts/identifiers';
import { sayIssues } from '@shelfline/contracts/issue-words';
import {
  FeedHeartbeat,
  isCommandType,
  isFactType,
  StockCommand,
  type StockDelta,
  StockFact,
} from '@shelfline/contracts/stock-delta';
import { type ReceivedRecord, valueTextOf } from '@shelfline/streaming/kafka-port';
import type { Parsed } from '@shelfline/streaming/stream';
import { z } from 'zod';
import { canonicalJson, requireStorable, UnstorableError } from './canonical-json.js';
import { contentHashOf } from './stored-message.js';

// Compiled: a plain parse costs five times as much, and this runs for every record.
const fact = z.compile(StockFact);
const command = z.compile(StockCommand);
const heartbeat = z.compile(FeedHeartbeat);
/** Its movement, which is larger by its effects, must still fit into one record of a megabyte. */
const MAX_DELTA_BYTES = 512 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Or begins with a mark of its order of bytes, which is left out then. */
const mayBeNoUtf8 = (text: string): boolean => text.includes('\ufffd') || text.startsWith('\ufeff');
/** So many characters are few enough for whatever is bounded, whether each is of one byte or of three. */
const SHORT = 10_000;

const invalid = (reason: string, detail: string): Parsed<StockDelta> => ({ kind: 'invalid', reason, detail });

/** Reads a record of `inventory.deltas`; what cannot be applied as it stands says why. */
export function parseDelta(record: ReceivedRecord): Parsed<StockDelta> {
  const text = valueTextOf(record);
  if (text === null) return invalid('no_value', 'the record has no value');
  const bytes = text.length > SHORT ? record.value!.length : text.length;
  if (bytes > MAX_DELTA_BYTES)
    return invalid('too_large', `the value has ${bytes} bytes, a delta at most ${MAX_DELTA_BYTES}`);
  let raw: unknown;
  try {
    raw = JSON.parse(mayBeNoUtf8(text) ? utf8.decode(record.value!) : text);
  } catch (error) {
    return invalid(error instanceof SyntaxError ? 'not_json' : 'not_utf8', (error as Error).message.slice(0, 200));
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return invalid('not_an_object', 'the value must be one JSON object');
  const { type } = raw as { type?: unknown };
  const schema = isFactType(type) ? fact : isCommandType(type) ? command : type === 'heartbeat' ? heartbeat : undefined;
  if (!schema) return invalid('unknown_type', `type ${JSON.stringify(type)?.slice(0, 60)} is not known`);
  const unstorable = whyUnstorable(raw, bytes);
  if (unstorable !== undefined) return invalid('not_storable', unstorable);
  const result = schema.safeParse(raw);
  if (!result.success) return invalid('invalid', sayIssues(result.error.issues, raw, 'the delta'));
  const message = result.data as StockDelta;
  const problem = check(message, record);
  if (problem) return invalid(...problem);
  const id = `${message.source}/${message.id}`;
  // A heartbeat goes to every partition under one id, and each takes it for itself.
  if (message.type === 'heartbeat') return new ReadDelta(`${id}@${record.partition}`, message, true);
  return new ReadDelta(id, message);
}

/** Its hash is asked for only where two deltas of one id meet: working it out would cost each what reading it does. */
class ReadDelta {
  readonly kind = 'message';
  constructor(
    readonly id: string,
    readonly message: StockDelta,
    readonly anyPartition?: true,
  ) {}
  get contentHash(): string {
    return contentHashOf(this.message);
  }
}

/** A number such as 1e20 is longer when it is written again, but no longer than so many times. */
const MOST_LONGER = 6;

function whyUnstorable(raw: object, bytes: number): string | undefined {
  try {
    requireStorable(raw);
    if (bytes * MOST_LONGER > MAX_DELTA_BYTES && canonicalJson(raw).length > MAX_DELTA_BYTES)
      return `written out it has more than ${MAX_DELTA_BYTES} characters`;
  } catch (error) {
    if (error instanceof UnstorableError) return error.message;
    throw error;
  }
  return undefined;
}

function check(
  message: StockDelta,
  { key, timestampMs }: ReceivedRecord,
): [reason: string, detail: string] | undefined {
  if ('occurredAt' in message && message.type !== 'reserve') {
    const occurredAtMs = Date.parse(message.occurredAt as string);
    if (Number.isNaN(occurredAtMs)) return ['invalid', 'occurredAt is no instant'];
    if (occurredAtMs > timestampMs + MAX_CLOCK_AHEAD_MS)
      return ['future_date', 'occurredAt is more than a day ahead of its arrival'];
    if (occurredAtMs < EARLIEST_OCCURRED_AT_MS) return ['past_date', 'occurredAt is before 1990'];
  }
  if (message.type === 'heartbeat') return undefined;
  if (message.type === 'reserve' && Number.isNaN(Date.parse(message.expiresAt)))
    return ['invalid', 'expiresAt is no instant'];
  if (key !== message.sku)
    return ['wrong_key', 'the key of the record must be the sku, since it orders what happens to it'];
  return undefined;
}
