import { ChannelCode, Instant, LocationCode, ReservationId, Sku } from '@shelfline/contracts/identifiers';
import { MOST_LOTS, PickedLots, SerialNumbers } from '@shelfline/contracts/lot';
import { ReservationMode } from '@shelfline/contracts/stock-delta';
import { ReservationState } from '@shelfline/contracts/stock-outcome';
import { z } from 'zod';

/** What REST takes and shows of reservations. */
const MAX_LINES = 100;

/** Fields nobody knows are refused: a misspelt `locations` would let the ledger choose where it reserves. */
const Line = z
  .strictObject({
    sku: Sku,
    quantity: z.int().min(1).max(1_000_000),
    locations: z.array(LocationCode).min(1).max(500).optional(),
    channel: ChannelCode.optional(),
  })
  .refine(({ locations, channel }) => locations === undefined || channel === undefined, {
    error: 'must name locations or a channel, not both',
  });
export const ReservationBody = z
  .strictObject({
    id: ReservationId,
    lines: z.array(Line).min(1).max(MAX_LINES),
    mode: ReservationMode.default('all_or_nothing'),
    expiresAt: Instant,
  })
  .refine(({ lines }) => new Set(lines.map(({ sku }) => sku)).size === lines.length, {
    error: 'must name each SKU in one line only',
    path: ['lines'],
  });

const PickedLine = z.strictObject({
  sku: Sku,
  lots: z.array(PickedLots.element.strict()).max(MOST_LOTS).optional(),
  serials: SerialNumbers.optional(),
});
export const FulfilBody = z
  .strictObject({
    lines: z
      .array(PickedLine)
      .max(MAX_LINES)
      .refine((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length, {
        error: 'must name each SKU in one line only',
      })
      .default([])
      .describe(
        'Lots and serial numbers that were picked, where they are known; other units leave the earliest last day first',
      ),
  })
  .default({ lines: [] });

export const ReleaseQuery = z.object({
  sku: z
    .union([z.array(Sku).max(MAX_LINES), Sku.transform((one) => [one])])
    .default([])
    .describe('SKUs whose request may still be on its way: it is refused when it comes'),
});

const AllocationView = z.object({ location: z.string(), quantity: z.int() });
export const ReservedView = z.object({
  id: z.string(),
  lines: z.array(
    z.object({
      sku: z.string(),
      requested: z.int(),
      reserved: z.int(),
      short: z.int(),
      allocations: z.array(AllocationView),
      reason: z.string().optional(),
    }),
  ),
});
export const StateView = z.object({
  id: z.string(),
  lines: z.array(
    z.object({
      sku: z.string(),
      state: ReservationState,
      allocations: z.array(AllocationView),
      expiresAt: z.string(),
      version: z.int(),
    }),
  ),
});
export const SteppedView = StateView.extend({
  state: ReservationState,
  noted: z
    .array(z.object({ sku: z.string(), reason: z.string(), detail: z.string() }))
    .optional()
    .describe('Of what was picked, what does not agree with what was known; absent where all of it does'),
});
export const ReleasedView = z.object({
  id: z.string(),
  released: z.array(z.string()).describe('SKUs of which nothing is held any more'),
  barred: z.array(z.string()).describe('SKUs named of which nothing was known: a request that comes late is refused'),
});
