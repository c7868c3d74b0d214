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
/** Nor does a label show a blank at an end, by which the same lot would be another one. */
const told = labelled
  .regex(/^[^\u2028\u2029\ufeff]*$/u, { error: 'must not contain line breaks' })
  .regex(/^(?!\s)[^]*(?<!\s)$/u, { error: 'must not begin or end with a blank' });

/** As it may lie in a ledger that was begun when blanks at the ends were taken. */
export const KnownLot = labelled;
export const LotCode = told.describe('Lot or batch as the maker writes it; names are compared byte for byte');
/** Earlier ones are slips (0001-01-01 is how some systems write "none"), and would make good stock unsellable. */
const EARLIEST_EXPIRY = '1990-01-01';
export const ExpiryDate = CalendarDate.refine((day) => day >= EARLIEST_EXPIRY, {
  error: `must not be before ${EARLIEST_EXPIRY}; leave it out when there is none`,
}).describe(`Last day on which units of the lot may be promised, YYYY-MM-DD, not before ${EARLIEST_EXPIRY}`);
export const SerialNumbers = z
  .array(told)
  .max(1000)
  .refine((serials) => new Set(serials).size === serials.length, { error: 'must name each serial number once' })
  .meta({ uniqueItems: true })
  .describe('Serial numbers of the units that moved, as many as are known: each once, no more than units');

/** Units of one lot at one level, as they stand. Absent figures are 0. */
export const LotLevel = z.looseObject({
  lot: KnownLot,
  expiresOn: CalendarDate.optional(),
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
  lot: KnownLot,
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
  .array(z.looseObject({ lot: KnownLot, onHand: z.int(), damaged: z.int(), qualityControl: z.int() }))
  .max(MOST_LOTS);
export type RecountedLots = z.infer<typeof RecountedLots>;
