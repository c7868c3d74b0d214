import { z } from 'zod';
import { FieldNote } from './catalog-outcome.js';
import { LocationCode, Sku } from './identifiers.js';
import { OrderId } from './order.js';
import { Version } from './stock-level.js';
import { TransferId, TransferPurpose, TransferState } from './transfer.js';

export const TransferLineView = z.object({
  lineId: z.string(),
  sku: Sku,
  requestedUnits: z.int(),
  heldUnits: z.int().describe('Reserved at the place they leave'),
  inTransitUnits: z.int(),
  receivedUnits: z.int().describe('Damaged ones among them, those beyond what left not'),
  damagedUnits: z.int(),
  overUnits: z.int(),
  missingUnits: z.int(),
  turnedBackUnits: z.int(),
  unavailableUnits: z.int().describe('The place did not have them'),
});

export const TransferDiscrepancy = z.object({
  lineId: z.string(),
  kind: z.enum(['damaged', 'over', 'short']),
  units: z.int().min(1),
  reason: z.string(),
  by: z.string().optional(),
  at: z.iso.datetime(),
});

export const TransferView = z.object({
  transferId: TransferId,
  state: TransferState,
  from: LocationCode,
  to: LocationCode,
  purpose: TransferPurpose,
  orderId: OrderId.optional(),
  returnId: z.string().optional().describe('Of that order: what came back is on its way to its place'),
  lines: z.array(TransferLineView),
  discrepancies: z.array(TransferDiscrepancy),
  actions: z.array(z.string()).describe('What can be done now'),
  overdue: z.int().min(0).describe('How often it was reminded of since its last step; 0 = in time'),
  tracking: z.array(z.string()),
  reason: z.string().optional(),
  requestedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  version: Version,
});
export type TransferView = z.infer<typeof TransferView>;

/** One step of a transfer. Topic `transfers.events`, key: transferId, never conflated. */
export const TransferEvent = z.looseObject({
  transferId: TransferId,
  type: z.enum([
    'requested',
    'approved',
    'rejected',
    'cancelled',
    'reserved',
    'unavailable',
    'shipped',
    'received',
    'missing',
    'turned_back',
    'overdue',
  ]),
  from: LocationCode,
  to: LocationCode,
  orderId: OrderId.optional(),
  at: z.iso.datetime(),
  state: TransferState,
  lineId: z.string().optional(),
  sku: Sku.optional(),
  units: z.int().min(0).optional(),
  damagedUnits: z.int().min(0).optional(),
  overUnits: z.int().min(0).optional(),
  level: z.int().min(1).optional().describe('The how-manieth reminder: from the second on it is the manager’s affair'),
  reason: z.string().optional(),
  by: z.string().optional(),
  version: Version,
});
export type TransferEvent = z.infer<typeof TransferEvent>;

/** Answer to a message of `transfers.intake`. Topic `transfers.outcomes`, key: transferId. */
export const TransferOutcome = z.looseObject({
  id: z.string(),
  source: z.string(),
  transferId: TransferId,
  result: z.enum(['applied', 'unchanged', 'refused']),
  state: TransferState.optional(),
  allowed: z.array(z.string()).optional().describe('What could be done instead'),
  errors: z.array(FieldNote).optional(),
  version: Version,
});
export type TransferOutcome = z.infer<typeof TransferOutcome>;
