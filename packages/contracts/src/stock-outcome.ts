import { z } from 'zod';
import { ArrivalNotice, Awaited, DeliveryMovedNotice } from './incoming.js';
import { Version } from './stock-level.js';

/** One share of a reservation: units promised at a location. */
export const Allocation = z.looseObject({ location: z.string(), quantity: z.int().min(1) });
export type Allocation = z.infer<typeof Allocation>;

export const ReservationState = z.enum(['ACTIVE', 'COMMITTED', 'FULFILLED', 'RELEASED', 'EXPIRED']);
export type ReservationState = z.infer<typeof ReservationState>;

/** Answer to a stock command, or notice of a shortfall, or of goods that are waited for: they came, or come on another day. Topic `inventory.outcomes` (key: sku), never conflated. */
export const StockOutcome = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('reservation'),
    id: z.string(),
    source: z.string(),
    sku: z.string(),
    reservationId: z.string(),
    command: z.string(),
    result: z.enum(['accepted', 'partial', 'refused', 'unchanged']),
    state: ReservationState.optional(),
    allocations: z.array(Allocation),
    awaited: z.array(Awaited).optional().describe('Of a reservation against incoming, what has not come yet'),
    shortUnits: z.int().min(0),
    reason: z
      .string()
      .optional()
      .describe(
        'Why it is refused or partial. Of an accepted fulfil, what does not agree with what was known: lot_short, picked_beyond_held, serial_unknown; of an unchanged one, fulfilled_before: the lots and serial numbers it names are not recorded',
      ),
    version: Version,
  }),
  z.looseObject({
    type: z.literal('shortfall'),
    id: z.string(),
    source: z.string(),
    sku: z.string(),
    location: z.string(),
    shortUnits: z.int().min(1),
    of: z
      .literal('incoming')
      .optional()
      .describe('Less is expected than was promised against it; the reservations it names are RELEASED'),
    endangered: z.array(z.looseObject({ reservationId: z.string(), quantity: z.int() })),
    version: Version,
  }),
  ArrivalNotice,
  DeliveryMovedNotice,
]);
export type StockOutcome = z.infer<typeof StockOutcome>;
export type ReservationOutcome = Extract<StockOutcome, { type: 'reservation' }>;
export type ShortfallNotice = Extract<StockOutcome, { type: 'shortfall' }>;
