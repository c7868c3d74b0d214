import type {
  Move,
  Reduce,
  Repair,
  Reserve,
  RingFence,
  StockCommand,
  StockFact,
} from '@shelfline/contracts/stock-delta';
import { SKU, START, START_MS } from './given-stock.js';

const HOUR_MS = 60 * 60 * 1000;
let serial = 0;
const fresh = (): string => `e${++serial}`;

type FactFields = Partial<StockFact> & Readonly<Record<string, unknown>>;

/** `at` is given in hours around the ledger's start. */
export const hours = (n: number): string => new Date(START_MS + n * HOUR_MS).toISOString();

export const fact = (
  type: StockFact['type'],
  quantity: number,
  location = 'shop-a',
  fields: FactFields = {},
): StockFact =>
  ({ id: fresh(), source: 'pos', type, sku: SKU, location, quantity, occurredAt: START, ...fields }) as StockFact;

export const receipt = (quantity: number, location?: string, fields?: FactFields) =>
  fact('receipt', quantity, location, fields);
export const sale = (quantity: number, location?: string, fields?: FactFields) =>
  fact('sale', quantity, location, fields);
export const count = (quantity: number, location?: string, fields?: FactFields) =>
  fact('count', quantity, location, fields);

export const reserve = (reservationId: string, quantity: number, fields: Partial<Reserve> = {}): Reserve => ({
  id: fresh(),
  source: 'orders',
  type: 'reserve',
  sku: SKU,
  reservationId,
  quantity,
  ...(fields.channel === undefined ? { locations: ['shop-a'] } : {}),
  mode: 'all_or_nothing',
  expiresAt: hours(24),
  ...fields,
});
export const step = (
  type: 'release' | 'commit' | 'fulfil' | 'expire',
  reservationId: string,
  fields: Readonly<Record<string, unknown>> = {},
): StockCommand => ({
  id: fresh(),
  source: 'orders',
  type,
  sku: SKU,
  reservationId,
  ...fields,
});
export const move = (reservationId: string, fromLocation: string, toLocation: string, quantity: number): Move => ({
  id: fresh(),
  source: 'orders',
  type: 'move',
  sku: SKU,
  reservationId,
  fromLocation,
  toLocation,
  quantity,
});
export const reduce = (reservationId: string, keep: number): Reduce => ({
  id: fresh(),
  source: 'orders',
  type: 'reduce',
  sku: SKU,
  reservationId,
  keep,
});
export const fence = (location: string, channel: string, quantity: number): RingFence => ({
  id: fresh(),
  source: 'head-office',
  type: 'ring_fence',
  sku: SKU,
  location,
  channel,
  quantity,
});
export const repair = (location: string, recount: Repair['recount'], recountedThrough: number): Repair => ({
  id: fresh(),
  source: 'verify-cli',
  type: 'repair',
  sku: SKU,
  location,
  recount,
  found: recount,
  recountedThrough,
  operator: 'Li Wei',
  reason: 'restored from two dumps',
});
