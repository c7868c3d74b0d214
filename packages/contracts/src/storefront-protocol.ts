import { z } from 'zod';
import { ChannelCode, RegionCode, Sku } from './identifiers.js';
import { Version } from './stock-level.js';

/** What `/storefront` sends and takes over socket.io. See services/gateway/README.md for the order of events. */
export const StockView = z.object({
  sku: z.string(),
  available: z.int().min(0),
  status: z.enum(['in_stock', 'low', 'out']),
  version: Version,
  asOf: z.string(),
});
export type StockView = z.infer<typeof StockView>;

export const MAX_SKUS_PER_SUBSCRIBE = 500;
export const MAX_SKUS_PER_SOCKET = 2000;

export const SubscribeRequest = z.object({
  skus: z.array(Sku).min(1).max(MAX_SKUS_PER_SUBSCRIBE),
  channel: ChannelCode.optional(),
  region: RegionCode.optional(),
  since: z.record(z.string(), Version).optional().describe('Versions the client holds: only what differs is answered'),
  epoch: z.string().max(64).optional().describe('Epoch that `since` belongs to; another one makes `since` void'),
});
export type SubscribeRequest = z.infer<typeof SubscribeRequest>;
export const UnsubscribeRequest = z.object({ skus: z.array(Sku).min(1).max(MAX_SKUS_PER_SUBSCRIBE) });
export type UnsubscribeRequest = z.infer<typeof UnsubscribeRequest>;

export interface SubscribeAnswer {
  ok: true;
  epoch: string;
  stock: StockView[];
}
export interface StockFrame {
  /** The socket's own running number: a gap means a lost frame, so ask again. */
  seq: number;
}
