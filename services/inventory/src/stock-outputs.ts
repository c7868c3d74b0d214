import { availabilityKey, levelKey } from '@shelfline/contracts/identifiers';
import { REPLY_KEY_FIELDS, ReplyTo } from '@shelfline/contracts/stock-delta';
import type { Availability, StockLevel } from '@shelfline/contracts/stock-level';
import type { ReservationOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import { JsonText } from '@shelfline/streaming/json-text';
import type { OutputRecord } from '@shelfline/streaming/stream';
import { arrivalsShown } from './arrivals-shown.js';
import type { Shown } from './domain/availability.js';
import { instantOf } from './domain/instant.js';
import type { Level } from './domain/stock.js';
import { lotsShown } from './lot-documents.js';
import type { LevelToStore } from './stock-documents.js';
import type { StockEntry } from './stock-entry.js';

const output = (
  topic: OutputRecord['topic'],
  key: string,
  type: string,
  value: object | JsonText,
  headers?: Readonly<Record<string, string>>,
): OutputRecord => ({ topic, key, partition: 'same', type, value, ...(headers ? { headers } : {}) });

export function levelOutput(sku: string, level: Level, shown: LevelToStore['shown']): OutputRecord {
  const value: StockLevel = {
    sku,
    location: level.location,
    onHand: level.onHand,
    reserved: level.reserved,
    damaged: level.damaged,
    qualityControl: level.qualityControl,
    incoming: level.incoming,
    safetyStock: shown.safetyStock,
    available: shown.available,
    version: level.version,
    asOf: instantOf(level.asOfMs),
    countedAt: level.countedAtMs === null ? null : new Date(level.countedAtMs).toISOString(),
    confidence: shown.confidence,
    unreferenced: shown.unreferenced,
  };
  if (level.promisedIncoming !== undefined) value.promisedIncoming = level.promisedIncoming;
  Object.assign(value, arrivalsShown(level));
  if (level.lots !== undefined) value.lots = lotsShown(level.lots);
  if (shown.expired !== undefined) value.expired = shown.expired;
  return output(TOPICS.levels, levelKey(sku, level.location), 'inventory.level', value);
}

export function availabilityOutput(
  sku: string,
  { channel, region, available, status }: Shown,
  cause: { version: number; atMs: number; headers?: Readonly<Record<string, string>> },
): OutputRecord {
  const value: Availability = {
    sku,
    channel,
    region,
    available,
    status,
    version: cause.version,
    asOf: instantOf(cause.atMs),
    producedAtMs: cause.atMs,
  };
  return output(
    TOPICS.availability,
    availabilityKey(sku, channel, region),
    'inventory.availability',
    value,
    cause.headers,
  );
}

/** Its parts are written already. */
const movementOf = ({ openContent, effectsText, id, version }: StockEntry): JsonText =>
  new JsonText(`${openContent},"effects":${effectsText}}`, id, version);

/** What stored entries say to the world: movements, answers and shortfalls. */
export function entryOutputs(entries: readonly StockEntry[]): OutputRecord[] {
  const outputs: OutputRecord[] = [];
  for (const entry of entries) {
    if (entry.effects.length > 0)
      outputs.push(output(TOPICS.movements, entry.sku, 'inventory.movement', movementOf(entry)));
    if (entry.answer || entry.shortfalls || entry.arrivals) outputs.push(...answerOutputs(entry));
  }
  return outputs;
}

/** The answer alone: what a repeated command is sent again. */
export function answerOutputs(entry: StockEntry): OutputRecord[] {
  const { sku, shortfalls, arrivals } = entry;
  const outputs: OutputRecord[] = [];
  const answer = outcomeOf(entry);
  if (answer) outputs.push(replyOutput(entry, answer) ?? output(TOPICS.outcomes, sku, 'inventory.outcome', answer));
  for (const shortfall of shortfalls ?? [])
    outputs.push(output(TOPICS.outcomes, sku, 'inventory.shortfall', shortfall));
  for (const notice of arrivals ?? []) outputs.push(output(TOPICS.outcomes, sku, `inventory.${notice.type}`, notice));
  return outputs;
}

/** The answer to the command that this entry is of, as it is told; undefined when the entry is of no command. */
export function outcomeOf(entry: StockEntry): ReservationOutcome | undefined {
  const { id, source, sku, type, reservationId, answer, version } = entry;
  if (!answer || reservationId === undefined) return undefined;
  return { type: 'reservation', id, source, sku, reservationId, command: type, ...answer, version };
}

/** Where a command may have its answer sent. */
export const REPLY_TOPICS = new Map<string, { topic: OutputRecord['topic']; keyField: string }>([
  [TOPICS.orderIntake.name, { topic: TOPICS.orderIntake, keyField: REPLY_KEY_FIELDS['orders.intake'] }],
  [TOPICS.transferIntake.name, { topic: TOPICS.transferIntake, keyField: REPLY_KEY_FIELDS['transfers.intake'] }],
]);

/**
 * Straight to the partition of whoever asked, if he said where: brought there by somebody else it would be a record, an
 * entry and a transaction more. Under the command's id: told again, it is a repeat.
 */
function replyOutput({ message }: StockEntry, answer: ReservationOutcome): OutputRecord | undefined {
  const { data: replyTo } = ReplyTo.safeParse(message['replyTo']);
  const reply = replyTo && REPLY_TOPICS.get(replyTo.topic);
  if (!reply) return undefined;
  const { id, reservationId, command, result, shortUnits, allocations, awaited, reason } = answer;
  const value = {
    type: 'reservation_answered',
    id,
    source: 'inventory',
    [reply.keyField]: replyTo.key,
    reservationId,
    command,
    result,
    shortUnits,
    allocations,
    ...(awaited === undefined ? {} : { awaited }),
    ...(reason === undefined ? {} : { reason }),
  };
  return {
    topic: reply.topic,
    key: replyTo.key,
    partition: { by: replyTo.key },
    type: 'inventory.reservation_answered',
    value,
  };
}
