import type { TaskParcel } from '@shelfline/contracts/order-view';
import type { ParcelChange, ParcelMessage } from '@shelfline/contracts/parcel';
import { TOPICS } from '@shelfline/contracts/topics';
import type { LedgerEntry, OutputRecord } from '@shelfline/streaming/stream';
import type { ParcelRequest } from '../domain/parcels/parcel-requests.js';
import type { ParcelOfTask } from '../domain/parcels/task-parcel.js';

/** What came of one message about a parcel: deduplication and outbox in one. */
export interface ParcelEntry extends LedgerEntry {
  readonly orderId: string;
  readonly told?: ParcelChange;
}

export const parcelOutputs = ({ told }: ParcelEntry): OutputRecord[] =>
  told
    ? [
        {
          topic: TOPICS.orderIntake,
          key: told.orderId,
          partition: { by: told.orderId },
          type: 'shelfline.order.parcel',
          value: told,
        },
      ]
    : [];

export const parcelRequestOutput = (request: ParcelRequest): OutputRecord => ({
  topic: TOPICS.courierIntake,
  key: request.orderId,
  partition: { by: request.orderId },
  type: parcelType(request),
  value: request,
});
export const parcelType = ({ type }: Pick<ParcelMessage, 'type'>): string => `shelfline.parcel.${type}`;

export const parcelView = (
  { courier, state, label, reason }: ParcelOfTask,
  tracking: string | undefined,
): TaskParcel => ({
  courier,
  state,
  ...(label === undefined ? {} : { label }),
  ...(tracking === undefined ? {} : { tracking }),
  ...(reason === undefined ? {} : { reason }),
});
