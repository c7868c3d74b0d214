import { z } from 'zod';
import {
  ChannelCode,
  EventId,
  Instant,
  LocationCode,
  ReservationId,
  SignedUnits,
  Sku,
  SourceName,
  Units,
} from './identifiers.js';
import { ExpectedAt, ReservedAgainst } from './incoming.js';
import { ExpiryDate, LotCode, PickedLots, RecountedLots, SerialNumbers } from './lot.js';
import { Version } from './stock-level.js';

/**
 * Every record of `inventory.deltas` (key: sku). Three groups share the topic so that one partition orders them:
 * facts (never refused), commands (promises, refused when stock is short; repairs) and upkeep (tick, heartbeat).
 * Objects are loose: fields a reader does not know are kept and stored with the movement.
 */
const factFields = {
  id: EventId,
  source: SourceName,
  sequence: z.int().min(0).optional().describe('Running number within the source; gaps raise a risk event'),
  sku: Sku,
  location: LocationCode,
  occurredAt: Instant,
  lot: LotCode.optional(),
  expiresOn: ExpiryDate.optional(),
  serials: SerialNumbers.optional(),
  reference: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Document at the source: order, delivery note, count sheet'),
  reason: z.string().min(1).max(200).optional(),
};

/** A serial number names one piece. Those beyond the units would have no effect, and nobody would hear of it. */
const hasUnitsOfSerials = ({ serials, quantity }: { serials?: readonly string[] | undefined; quantity: number }) =>
  serials === undefined || serials.length <= Math.abs(quantity);
const TOO_MANY_SERIALS = { path: ['serials'], error: 'must not be more than the units of quantity' };

const fact = <T extends string>(type: T) =>
  z.looseObject({ ...factFields, type: z.literal(type), quantity: Units }).refine(hasUnitsOfSerials, TOO_MANY_SERIALS);

export const Adjustment = z
  .looseObject({
    ...factFields,
    type: z.literal('adjustment'),
    quantity: SignedUnits,
    bucket: z
      .enum(['on_hand', 'damaged', 'quality_control'])
      .optional()
      .describe('What is corrected; on_hand unless told'),
  })
  .refine(hasUnitsOfSerials, TOO_MANY_SERIALS);
export const TransferOut = z
  .looseObject({
    ...factFields,
    type: z.literal('transfer_out'),
    quantity: Units,
    toLocation: LocationCode.optional(),
  })
  .refine(hasUnitsOfSerials, TOO_MANY_SERIALS)
  .refine(({ location, toLocation }) => location !== toLocation, {
    path: ['toLocation'],
    error: 'must be another place than location',
  });

export const Expectation = z
  .looseObject({
    ...factFields,
    type: z.literal('expect'),
    quantity: Units,
    withdrawn: z
      .boolean()
      .optional()
      .describe('These units of the document are no longer expected: lost on their way, or turned back'),
    expectedAt: ExpectedAt.optional(),
  })
  .refine(hasUnitsOfSerials, TOO_MANY_SERIALS);

/** Units that come for somebody: free for a moment, anybody could be promised them before he asks. */
export const HeldFor = z.looseObject({
  reservationId: ReservationId,
  quantity: z.int().min(1).max(1_000_000),
  mode: z.enum(['all_or_nothing', 'partial']),
  demand: z.enum(['online', 'carry_out']).optional(),
  expiresAt: Instant.describe('As whoever asks for the reservation says it, so that he asks for the same'),
});
export type HeldFor = z.infer<typeof HeldFor>;
const arrival = <T extends string>(type: T) =>
  z
    .looseObject({
      ...factFields,
      type: z.literal(type),
      quantity: Units,
      heldFor: HeldFor.optional().describe(
        'Reserved in the same step, as far as nobody has them already; for services',
      ),
    })
    .refine(hasUnitsOfSerials, TOO_MANY_SERIALS);

export const StockFact = z.discriminatedUnion('type', [
  Expectation,
  fact('receipt'),
  fact('sale'),
  arrival('return'),
  Adjustment,
  fact('count'),
  fact('damage'),
  TransferOut,
  arrival('transfer_in'),
]);
export type StockFact = z.infer<typeof StockFact>;
export type StockFactType = StockFact['type'];
export const STOCK_FACT_TYPES = [
  'expect',
  'receipt',
  'sale',
  'return',
  'adjustment',
  'count',
  'damage',
  'transfer_out',
  'transfer_in',
] as const satisfies readonly StockFactType[];

/** Topics to which the ledger may answer, and the field that names the key there. */
export const REPLY_KEY_FIELDS = { 'orders.intake': 'orderId', 'transfers.intake': 'transferId' } as const;
export const ReplyTo = z.looseObject({
  topic: z.enum(['orders.intake', 'transfers.intake']),
  key: z.string().min(1).max(128).describe('Whose partition there hears the answer'),
});
export type ReplyTo = z.infer<typeof ReplyTo>;

const commandFields = { id: EventId, source: SourceName, sku: Sku };

export const ReservationMode = z.enum(['all_or_nothing', 'split', 'partial']);
export type ReservationMode = z.infer<typeof ReservationMode>;

/** One sku of a reservation. `locations` are ordered candidates; with `channel` its pools are. */
export const Reserve = z.looseObject({
  ...commandFields,
  type: z.literal('reserve'),
  reservationId: ReservationId,
  quantity: z.int().min(1).max(1_000_000),
  locations: z.array(LocationCode).min(1).max(500).optional(),
  channel: ChannelCode.optional(),
  mode: ReservationMode,
  demand: z.enum(['online', 'carry_out']).optional().describe('carry_out may not take from an ecommerce_dc'),
  against: ReservedAgainst.optional().describe(
    'incoming: of what is expected there and not promised yet; it holds the goods as they come in, the oldest promise first',
  ),
  expiresAt: Instant.describe('The hold ends then; at most 30 days ahead unless the ledger is told otherwise'),
  together: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Digest of a request for several SKUs: the same id with other lines is a conflict, SKU by SKU'),
  lasting: z
    .boolean()
    .optional()
    .describe(
      'COMMITTED at once, for whoever has it written down and gives it back himself; expiresAt then says only until when it may be decided',
    ),
  replyTo: ReplyTo.optional().describe(
    'The answer goes there as `reservation_answered`, and not to inventory.outcomes',
  ),
});
const reservationStep = <T extends string>(type: T) =>
  z.looseObject({
    ...commandFields,
    type: z.literal(type),
    reservationId: ReservationId,
    reason: z.string().max(200).optional(),
  });
const Fulfil = reservationStep('fulfil').extend({ lots: PickedLots.optional(), serials: SerialNumbers.optional() });
/** A type of its own, since a ledger that does not know it must put it aside, and not give everything back. */
export const Reduce = reservationStep('reduce').extend({
  keep: z
    .int()
    .min(1)
    .max(1_000_000)
    .describe('So many units stay held, of the places named first; the rest is given back'),
});
export type Reduce = z.infer<typeof Reduce>;
export const Move = z.looseObject({
  ...commandFields,
  type: z.literal('move'),
  reservationId: ReservationId,
  fromLocation: LocationCode,
  toLocation: LocationCode,
  quantity: z.int().min(1).max(1_000_000),
});
/** Keeps units of a level for one channel; quantity 0 lifts the fence. */
export const RingFence = z.looseObject({
  ...commandFields,
  type: z.literal('ring_fence'),
  location: LocationCode,
  channel: ChannelCode,
  quantity: Units,
});
const RecountedBuckets = z.looseObject({
  onHand: z.int(),
  reserved: z.int(),
  damaged: z.int(),
  qualityControl: z.int(),
  incoming: z.int(),
  lots: RecountedLots.optional().describe('Every lot of the level; its lots stay as they are where it is absent'),
});
/**
 * Sets a level that is not the sum of its movements to that sum. It moves no stock, so the sum stays what it is; refused
 * when the level may have moved since it was recounted.
 */
export const Repair = z.looseObject({
  ...commandFields,
  type: z.literal('repair'),
  location: LocationCode,
  recount: RecountedBuckets.describe('Sums of the movements of the level'),
  found: RecountedBuckets.describe('What the level showed instead'),
  recountedThrough: Version.describe('The recount has every movement of the partition below this version'),
  operator: z.string().trim().min(1).max(100).describe('Who asked for it'),
  reason: z.string().trim().min(1).max(200),
});
export const StockCommand = z.discriminatedUnion('type', [
  Reserve,
  reservationStep('release'),
  Reduce,
  reservationStep('commit'),
  Fulfil,
  reservationStep('expire'),
  Move,
  RingFence,
  Repair,
]);
export type StockCommand = z.infer<typeof StockCommand>;
export type Reserve = z.infer<typeof Reserve>;
export type Fulfil = z.infer<typeof Fulfil>;
export type Move = z.infer<typeof Move>;
export type RingFence = z.infer<typeof RingFence>;
export type Repair = z.infer<typeof Repair>;
export const STOCK_COMMAND_TYPES = [
  'reserve',
  'release',
  'reduce',
  'commit',
  'fulfil',
  'expire',
  'move',
  'ring_fence',
  'repair',
] as const satisfies readonly StockCommand['type'][];

/** Says that a source is alive; sent to every partition, since each partition judges freshness by itself. */
export const FeedHeartbeat = z.looseObject({
  id: EventId,
  source: SourceName,
  type: z.literal('heartbeat'),
  locations: z.array(LocationCode).max(500).optional(),
  sequence: z.int().min(0).optional(),
  occurredAt: Instant,
});
export type FeedHeartbeat = z.infer<typeof FeedHeartbeat>;

/** What is taken from outside as a delta: commands have addresses of their own. */
export const SentDelta = z.union([StockFact, FeedHeartbeat]);

export const StockDelta = z.union([StockFact, StockCommand, FeedHeartbeat]);
export type StockDelta = StockFact | StockCommand | FeedHeartbeat;

const factTypes: ReadonlySet<unknown> = new Set(STOCK_FACT_TYPES);
export const isFactType = (type: unknown): type is StockFactType => factTypes.has(type);
export const isCommandType = (type: unknown): type is StockCommand['type'] =>
  (STOCK_COMMAND_TYPES as readonly unknown[]).includes(type);
