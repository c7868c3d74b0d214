import { z } from 'zod';
import { LotEffect } from './lot.js';
import { Version } from './stock-level.js';

/**
 * What one record did to one level: signed changes and the balance after. Stored with the movement and never
 * recomputed, so a change of rules cannot rewrite history.
 */
export const LevelEffect = z.looseObject({
  location: z.string(),
  onHand: z.int().optional(),
  reserved: z.int().optional(),
  damaged: z.int().optional(),
  qualityControl: z.int().optional(),
  incoming: z.int().optional(),
  promisedIncoming: z.int().optional().describe('Promised against incoming; below 0 where it came, or was given back'),
  onHandAfter: z.int(),
  reservedAfter: z.int(),
  lots: z
    .array(LotEffect)
    .optional()
    .describe(
      'Which lots the units are of, a lot more than once where units came and others went; the rest has no lot',
    ),
});
export type LevelEffect = z.infer<typeof LevelEffect>;

/** Topic `inventory.movements` (key: sku): every record that changed a level, never conflated. */
export const StockMovement = z.looseObject({
  id: z.string(),
  source: z.string(),
  type: z.string(),
  sku: z.string(),
  occurredAt: z.iso.datetime({ offset: true }),
  recordedAt: z.iso.datetime(),
  version: Version,
  effects: z.array(LevelEffect),
});
export type StockMovement = z.infer<typeof StockMovement>;

/**
 * The effect of each kind on each bucket, in units of the record's quantity q: the one table that ledger, docs and
 * tests read. `open` = what is still expected of the same reference (the oldest expectation where none is named).
 */
export const MOVEMENT_EFFECTS = {
  expect: { incoming: '+q' },
  receipt: {
    onHand: '+q',
    incoming: '−min(q, open)',
    promisedIncoming: '−min(q, promised)',
    reserved: '+min(q, promised)',
  },
  sale: { onHand: '−q' },
  return: { onHand: '+q' },
  adjustment: {
    onHand: '+q (bucket on_hand)',
    damaged: '+q (bucket damaged)',
    qualityControl: '+q (bucket quality_control)',
  },
  count: { onHand: '= q + facts that occurred after the count' },
  damage: { damaged: '+q' },
  transfer_out: { onHand: '−q', incoming: '+q at toLocation' },
  transfer_in: {
    onHand: '+q',
    incoming: '−min(q, open)',
    promisedIncoming: '−min(q, promised)',
    reserved: '+min(q, promised)',
  },
  reserve: { reserved: '+q', promisedIncoming: '+q instead, where it is made against incoming' },
  release: { reserved: '−q' },
  reduce: { reserved: '−q beyond what is kept' },
  commit: {},
  fulfil: { reserved: '−q', onHand: '−q' },
  expire: { reserved: '−q' },
  move: { reserved: '−q at fromLocation, +q at toLocation' },
  ring_fence: {},
  repair: {},
} as const;
export type MovementKind = keyof typeof MOVEMENT_EFFECTS;
