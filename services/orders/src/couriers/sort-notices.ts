import { ParcelMessage } from '@shelfline/contracts/parcel';
import type { Parcel } from '../domain/couriers/parcel.js';
import { orderOfTask } from '../domain/work-task.js';
import type { ParcelNotice } from './courier.js';

export interface RefusedNotice {
  readonly id: string;
  readonly parcelId: string;
  readonly code: 'unknown-parcel' | 'invalid';
  readonly detail: string;
}
export interface SortedNotices {
  readonly messages: readonly ParcelMessage[];
  readonly refused: readonly RefusedNotice[];
}

/**
 * What one courier tells of several parcels: one that is not its own, or that a record of the topic may not be, is refused
 * at the door, since nobody would answer it there, and takes no other with it.
 */
export function sortNotices(
  courier: string,
  notices: readonly ParcelNotice[],
  known: ReadonlyMap<string, Pick<Parcel, 'courier'>>,
): SortedNotices {
  const messages: ParcelMessage[] = [];
  const refused: RefusedNotice[] = [];
  for (const notice of notices) {
    const { id, parcelId } = notice;
    const read = messageOf(courier, notice);
    if (known.get(parcelId)?.courier !== courier)
      refused.push({
        id,
        parcelId,
        code: 'unknown-parcel',
        detail: `No label was asked for ${parcelId} here; look at the number.`,
      });
    else if (!read.success)
      refused.push({
        id,
        parcelId,
        code: 'invalid',
        detail: `The event ${id} is not valid; correct it and send it again.`,
      });
    else messages.push(read.data);
  }
  return { messages, refused };
}

const messageOf = (courier: string, { id, parcelId, step, at, reason }: ParcelNotice) =>
  ParcelMessage.safeParse({
    type: 'moved',
    id,
    source: `courier-${courier}`,
    orderId: orderOfTask(parcelId),
    parcelId,
    courier,
    step,
    at,
    ...(reason === undefined ? {} : { reason }),
  });
