import { z } from 'zod';
import { CalendarDate, Units } from './identifiers.js';

/**
 * Stock is kept per lot where movements name one. A level never holds more lots than this: the one that came first then
 * loses its name, and its units count among those without a lot.
 */
export const MOST_LOTS = 200;
/** Serial numbers a level remembers; the one that came first is forgotten then (its movements are kept). */
export const MOST_SERIALS = 2000;

/** A control character or half of a surrogate pair weighs up to six bytes in JSON, and no label shows it. */
const labelled = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, { error: 'must not contain control characters' });

export const LotCode = labelled.describe('Lot or batch as the maker writes it; names are compared byte for byte');
export const ExpiryDate = CalendarDate.describe('Last day on which units of the lot may be promised, YYYY-MM-DD');
export const SerialNumbers = z
  .array(labelled)
  .max(1000)
  .describe('Serial numbers of the units that moved, as many as are known; no more than quantity of them take effect');

/** Units of one lot at one level, as they stand. Absent figures are 0. */
export const LotLevel = z.looseObject({
  lot: LotCode,
  expiresOn: ExpiryDate.optional(),
  receivedAt: z.iso.datetime().describe('When units of it first came here'),
  onHand: z.int().describe('Below 0 where more of the lot left than was known to be there'),
  damaged: z.int().optional(),
  qualityControl: z.int().optional(),
});
export type LotLevel = z.infer<typeof LotLevel>;
export const LotLevels = z
  .array(LotLevel)
  .max(MOST_LOTS)
  .describe('Lots of which something is there; onHand less their sum has no lot. Absent where no lot was ever named');
export const ExpiredUnits = z
  .int()
  .min(1)
  .describe('Units of lots past their last day, neither damaged nor in quality control: not available. Absent = 0');

/** What a movement did to one lot: signed changes, stored with it and never recomputed. Absent figures are 0. */
export const LotEffect = z.looseObject({
  lot: LotCode,
  onHand: z.int().optional(),
  damaged: z.int().optional(),
  qualityControl: z.int().optional(),
});
export type LotEffect = z.infer<typeof LotEffect>;
export const LOT_BUCKETS = ['onHand', 'damaged', 'qualityControl'] as const;
export type LotBucket = (typeof LOT_BUCKETS)[number];

/** Of what was fulfilled, which lots it was picked from. */
export const PickedLots = z
  .array(z.looseObject({ lot: LotCode, quantity: Units }))
  .max(MOST_LOTS)
  .describe('Lots that were picked; units beyond them are taken like those of a sale that names no lot');

/** Lots as a recount finds them, or as a level showed them. */
export const RecountedLots = z
  .array(z.looseObject({ lot: LotCode, onHand: z.int(), damaged: z.int(), qualityControl: z.int() }))
  .max(MOST_LOTS);
export type RecountedLots = z.infer<typeof RecountedLots>;
