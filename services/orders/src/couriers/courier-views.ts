import { ParcelStep } from '@shelfline/contracts/parcel';
import { z } from 'zod';
import type { Parcel } from '../domain/couriers/parcel.js';
import { labelPath } from './label-path.js';

const STATES = ['ASKED', 'LABELLED', 'FAILED', 'CANCELLING', 'CANCELLED', 'ENDED'] as const;

export const ParcelsQuery = z.strictObject({
  state: z.enum(STATES).optional().describe('FAILED = no label could be had; a person looks at it'),
  store: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(400).optional().describe('`next` of the page before'),
});
export const ParcelView = z.object({
  parcelId: z.string(),
  orderId: z.string(),
  store: z.string(),
  courier: z.string(),
  state: z.enum(STATES),
  attempts: z.int().describe('In vain, since it was asked for'),
  nextAt: z.iso.datetime().optional().describe('When its courier is asked again'),
  tracking: z.string().optional(),
  label: z.string().optional(),
  reason: z.string().optional(),
  steps: z.array(z.object({ step: ParcelStep, at: z.iso.datetime(), reason: z.string().optional() })),
  changedAt: z.iso.datetime(),
});
export type ParcelView = z.infer<typeof ParcelView>;
export const ParcelsView = z.object({ items: z.array(ParcelView), next: z.string().nullable() });
export const RetryBody = z.strictObject({ by: z.string().min(1).max(100).describe('Who asks for it') });
export const TakenView = z.object({
  taken: z.int(),
  refused: z
    .array(
      z.object({
        id: z.string(),
        parcelId: z.string(),
        code: z.enum(['unknown-parcel', 'invalid']),
        detail: z.string(),
      }),
    )
    .optional()
    .describe('Not taken, each for its own reason; all others were'),
});

export const parcelView = ({ changedAtMs, dueAtMs, steps, ...parcel }: Parcel): ParcelView => {
  const { parcelId, orderId, store, courier, state, attempts, tracking, reason } = parcel;
  return {
    parcelId,
    orderId,
    store,
    courier,
    state,
    attempts,
    ...(dueAtMs === undefined ? {} : { nextAt: new Date(dueAtMs).toISOString() }),
    ...(tracking === undefined ? {} : { tracking, label: labelPath(parcelId) }),
    ...(reason === undefined ? {} : { reason }),
    steps: steps.map(({ atMs, ...step }) => ({ ...step, at: new Date(atMs).toISOString() })),
    changedAt: new Date(changedAtMs).toISOString(),
  };
};
