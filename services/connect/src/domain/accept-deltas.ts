import { EARLIEST_OCCURRED_AT_MS, MAX_CLOCK_AHEAD_MS } from '@shelfline/contracts/identifiers';
import { sayIssues } from '@shelfline/contracts/issue-words';
import {
  FeedHeartbeat,
  isCommandType,
  isFactType,
  STOCK_FACT_TYPES,
  StockFact,
} from '@shelfline/contracts/stock-delta';
import { type Reason, type Rejection, rejection } from './delta-rejection.js';
import { findUnstorable, jsonBytes, MAX_ITEM_BYTES } from './json-bounds.js';
import { type UnreadField, UnreadFields } from './unread-fields.js';

export type AcceptedDelta = StockFact | FeedHeartbeat;
export type Acceptance =
  | { readonly ok: true; readonly delta: AcceptedDelta }
  | { readonly ok: false; readonly reason: Reason };

/** One item from outside: a record for `inventory.deltas`, or the reason why it is none. */
export function acceptDelta(item: unknown, nowMs: number): Acceptance {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return refuse('invalid', 'the item must be an object');
  const { type } = item as { type?: unknown };
  const kind = refuseType(type);
  if (kind) return { ok: false, reason: kind };
  if ('heldFor' in item)
    return refuse(
      'command_refused',
      'heldFor promises stock, which is for services alone; leave it out, and use POST /api/inventory/reservations',
    );
  const unstorable = findUnstorable(item);
  if (unstorable !== undefined) return refuse('invalid', unstorable);
  const bytes = jsonBytes(item);
  if (bytes > MAX_ITEM_BYTES)
    return refuse('too_large', `the item has ${bytes} bytes as JSON; at most ${MAX_ITEM_BYTES} are taken`);
  const checked = type === 'heartbeat' ? FeedHeartbeat.safeParse(item) : StockFact.safeParse(item);
  if (!checked.success) return refuse('invalid', sayIssues(checked.error.issues, item, 'the item'));
  const occurredAtMs = Date.parse(checked.data.occurredAt);
  if (occurredAtMs > nowMs + MAX_CLOCK_AHEAD_MS)
    return refuse(
      'future_date',
      `occurredAt is ${checked.data.occurredAt}, more than 24 hours ahead; check the clock of the source`,
    );
  if (!(occurredAtMs >= EARLIEST_OCCURRED_AT_MS))
    return refuse('too_old', `occurredAt is ${checked.data.occurredAt}; nothing before 1990 is taken`);
  return { ok: true, delta: checked.data };
}

export interface AcceptedItem {
  readonly index: number;
  readonly delta: AcceptedDelta;
}
export interface AcceptedItems {
  readonly accepted: readonly AcceptedItem[];
  readonly rejected: readonly Rejection[];
  /** Of those that are accepted. */
  readonly unreadFields: readonly UnreadField[];
}

/** Each item on its own, in order; a bad one never takes a good one with it. */
export function acceptDeltas(items: readonly unknown[], nowMs: number): AcceptedItems {
  const accepted: AcceptedItem[] = [];
  const rejected: Rejection[] = [];
  const unread = new UnreadFields();
  const seen = new Map<string, number>();
  items.forEach((item, index) => {
    const acceptance = acceptDelta(item, nowMs);
    if (!acceptance.ok) {
      rejected.push(rejection(index, item, acceptance.reason));
      return;
    }
    const { delta } = acceptance;
    const name = `${delta.source}|${delta.id}`;
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, index);
      accepted.push({ index, delta });
      unread.note(delta);
      return;
    }
    const same = JSON.stringify(items[first]) === JSON.stringify(item);
    const detail = same
      ? `the same as item ${first}; it is counted once`
      : `source and id are those of item ${first}, the content is not; give each event an id of its own`;
    rejected.push(rejection(index, item, { type: 'duplicate_in_request', detail }));
  });
  return { accepted, rejected, unreadFields: unread.list() };
}

function refuseType(type: unknown): Reason | undefined {
  if (type === 'heartbeat' || isFactType(type)) return undefined;
  if (isCommandType(type))
    return {
      type: 'command_refused',
      detail: `${type} changes promises, not stock; use POST /api/inventory/reservations and the addresses below it`,
    };
  const known = `known types: ${[...STOCK_FACT_TYPES, 'heartbeat'].join(', ')}`;
  if (type === undefined) return { type: 'invalid', detail: `type is missing; ${known}` };
  if (typeof type !== 'string') return { type: 'invalid', detail: `type must be a text; ${known}` };
  return { type: 'unknown_type', detail: `"${type.slice(0, 40)}" is not known; ${known}` };
}

const refuse = (type: Reason['type'], detail: string): Acceptance => ({ ok: false, reason: { type, detail } });
