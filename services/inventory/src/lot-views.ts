import { z } from 'zod';
import { dayAt } from './domain/calendar-day.js';
import type { LocationFacts } from './domain/reference.js';
import { type LotRow, unlottedUnits } from './lot-queries.repository.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What REST shows of a lot at a level. */
const LotView = z.object({
  sku: z.string(),
  location: z.string(),
  lot: z.string().nullable().describe('null: units without a lot'),
  expiresOn: z.string().nullable(),
  daysLeft: z
    .int()
    .nullable()
    .describe('Days until its last one, by the calendar of the place: 0 on that day, below 0 when it is past'),
  receivedAt: z.string().nullable().describe('When units of it first came here'),
  ageDays: z.int().nullable().describe('Whole days since then'),
  onHand: z.int(),
  damaged: z.int(),
  qualityControl: z.int(),
  serials: z.array(z.string()).describe('Serial numbers that are known to stand there'),
});
export const LotsPage = z.object({ items: z.array(LotView), next: z.string().nullable() });

export function lotView(
  { level, layer }: LotRow,
  location: LocationFacts | undefined,
  nowMs: number,
): z.infer<typeof LotView> {
  const serials = (level.serials ?? []).filter(([, lot]) => lot === (layer?.lot ?? '')).map(([serial]) => serial);
  const common = { sku: level.sku, location: level.location, serials };
  if (!layer) {
    const dates = { expiresOn: null, daysLeft: null, receivedAt: null, ageDays: null };
    return { ...common, ...dates, lot: null, onHand: unlottedUnits(level), damaged: 0, qualityControl: 0 };
  }
  const { lot, expiresOn, receivedAt, onHand, damaged, qualityControl } = layer;
  const today = Date.parse(dayAt(location, nowMs));
  return {
    ...common,
    lot,
    expiresOn,
    daysLeft: expiresOn === null ? null : Math.round((Date.parse(expiresOn) - today) / DAY_MS),
    receivedAt: receivedAt.toISOString(),
    ageDays: Math.max(0, Math.floor((nowMs - receivedAt.getTime()) / DAY_MS)),
    onHand,
    damaged,
    qualityControl,
  };
}
