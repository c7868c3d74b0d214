import { LotEffect } from '@shelfline/contracts/lot';
import { StockLevel } from '@shelfline/contracts/stock-level';
import { z } from 'zod';
import { arrivalsShown } from './arrivals-shown.js';
import { NOTES } from './domain/stock.js';
import { lotsShown, toTraces } from './lot-documents.js';
import { type LevelDocument, toLevel } from './stock-documents.js';
import type { StockEntry } from './stock-entry.js';
import { type ConflictDocument, MOST_CONFLICTS } from './stock-queries.repository.js';

/** What REST shows of stored documents. */
const LevelView = StockLevel;
export const LevelsPage = z.object({ items: z.array(LevelView), next: z.string().nullable() });

const EffectView = z.object({
  location: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  damaged: z.int(),
  qualityControl: z.int(),
  incoming: z.int(),
  promisedIncoming: z.int().optional(),
  onHandAfter: z.int(),
  reservedAfter: z.int(),
  lots: z.array(LotEffect).optional(),
});
/** Of facts, of answers to commands, and what is noted of either. */
export const MOVEMENT_OUTCOMES = ['applied', 'accepted', 'partial', 'refused', 'unchanged', ...NOTES] as const;
const AnswerView = z.object({
  shortUnits: z.int(),
  reason: z.string().nullable().describe('Why it is refused or partial, or what is noted of it'),
});
const MovementView = z.object({
  id: z.string(),
  source: z.string(),
  type: z.string(),
  sku: z.string(),
  quantity: z.int().nullable(),
  occurredAt: z.string(),
  recordedAt: z.string(),
  reference: z.string().nullable(),
  reason: z.string().nullable(),
  version: z.int(),
  reservationId: z.string().optional(),
  lot: z.string().optional(),
  expiresOn: z.string().optional(),
  serials: z.array(z.string()).optional(),
  outcome: z.string().describe(`What came of it: ${MOVEMENT_OUTCOMES.join(', ')}`),
  answer: AnswerView.optional().describe('To a command'),
  effects: z.array(EffectView),
});
export const MovementsPage = z.object({ items: z.array(MovementView), next: z.string().nullable() });
const ConflictView = z.object({
  at: z.string(),
  position: z.string().describe('Of the record; also the id of its dead letter'),
  reason: z.string(),
  detail: z.string(),
});
export const OutcomeView = MovementView.extend({
  conflicts: z
    .array(ConflictView)
    .max(MOST_CONFLICTS)
    .describe(`What came under the same id with other content, newest first, ${MOST_CONFLICTS} at the most`),
});

export const conflictView = ({ _id, recordedAt }: ConflictDocument): z.infer<typeof ConflictView> => ({
  at: recordedAt.toISOString(),
  position: _id,
  reason: 'conflict',
  detail:
    'Its content differs from that of the delta that is applied under this id, so nothing of it was applied. If it ' +
    'was another event, send it with an id of its own; to correct the first, send a delta that does.',
});

export const Drift = z.object({
  sku: z.string(),
  location: z.string(),
  lot: z.string().optional().describe('The lot of the level that differs; absent = the level itself'),
  bucket: z.string(),
  stored: z.int(),
  fromMovements: z.int(),
});
export const VerifyReport = z.object({
  levels: z.int(),
  movements: z.int(),
  driftUnits: z.int(),
  drifts: z.array(Drift).describe('The first hundred'),
  durationMs: z.int(),
});
export type Drift = z.infer<typeof Drift>;
export type VerifyReport = z.infer<typeof VerifyReport>;

export const levelView = (level: LevelDocument): z.infer<typeof LevelView> => ({
  sku: level.sku,
  location: level.location,
  onHand: level.onHand,
  reserved: level.reserved,
  damaged: level.damaged,
  qualityControl: level.qualityControl,
  incoming: level.incoming,
  safetyStock: level.safetyStock,
  available: level.available,
  version: level.version,
  asOf: level.asOf.toISOString(),
  countedAt: level.countedAt?.toISOString() ?? null,
  confidence: level.confidence,
  unreferenced: level.unreferenced,
  ...(level.promisedIncoming === undefined ? {} : { promisedIncoming: level.promisedIncoming }),
  ...arrivalsShown(toLevel(level)),
  ...(level.lots === undefined ? {} : { lots: lotsShown(toTraces(level).lots ?? []) }),
  ...(level.expired === undefined ? {} : { expired: level.expired }),
});

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const TOLD_IF_THERE = ['reservationId', 'lot', 'expiresOn', 'serials'] as const;

export const movementView = ({ message, ...movement }: StockEntry): z.infer<typeof MovementView> => ({
  id: movement.id,
  source: movement.source,
  type: movement.type,
  sku: movement.sku,
  quantity: typeof message['quantity'] === 'number' ? message['quantity'] : null,
  occurredAt: textOrNull(message['occurredAt']) ?? new Date(movement.atMs).toISOString(),
  recordedAt: new Date(movement.recordedAtMs).toISOString(),
  reference: textOrNull(message['reference']),
  reason: textOrNull(message['reason']),
  version: movement.version,
  ...TOLD_IF_THERE.reduce(
    (told, name) => (message[name] === undefined ? told : { ...told, [name]: message[name] }),
    {},
  ),
  outcome: movement.outcome,
  ...(movement.answer
    ? { answer: { shortUnits: movement.answer.shortUnits, reason: movement.answer.reason ?? null } }
    : {}),
  effects: movement.effects.map((effect) => ({
    location: effect.location,
    onHand: effect.onHand ?? 0,
    reserved: effect.reserved ?? 0,
    damaged: effect.damaged ?? 0,
    qualityControl: effect.qualityControl ?? 0,
    incoming: effect.incoming ?? 0,
    ...(effect.promisedIncoming === undefined ? {} : { promisedIncoming: effect.promisedIncoming }),
    onHandAfter: effect.onHandAfter,
    reservedAfter: effect.reservedAfter,
    ...(effect.lots === undefined ? {} : { lots: [...effect.lots] }),
  })),
});
