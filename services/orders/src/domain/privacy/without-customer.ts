import type { DeliveryProof } from '@shelfline/contracts/visit';
import type { ParcelOfTask } from '../parcels/task-parcel.js';
import type { Placed } from '../placed.js';

export interface CustomerErased {
  readonly type: 'customer_erased';
  /** Absent where time did it. */
  readonly by?: string;
  readonly reason: string;
  /** The reference to his file is taken out too: he asked for it. */
  readonly withMember: boolean;
}

type Erasure =
  | CustomerErased
  | { readonly type: 'tracking_ended'; readonly eraseAtMs?: number }
  | { readonly type: 'erasure_put_off'; readonly eraseAtMs: number }
  | { readonly type: 'erasure_finished' };
interface ErasableTask {
  readonly proof?: DeliveryProof;
  readonly parcel?: ParcelOfTask;
}
interface Erasable {
  readonly placed: Placed;
  readonly tasks: readonly ErasableTask[];
  readonly isUntracked?: true;
  readonly eraseAtMs?: number;
  readonly customerErasedAtMs?: number;
  readonly erasedThroughMs?: number;
}

/** What the end of tracking, and of being kept, make of an order. */
export const withErasure = <O extends Erasable>(order: O, event: Erasure, atMs: number): O => ({
  ...order,
  ...partsAfter(order, event, atMs),
});

function partsAfter(order: Erasable, event: Erasure, atMs: number): Partial<Erasable> {
  switch (event.type) {
    case 'tracking_ended': {
      // Who is taken out already is not taken out, and told, once more.
      const isKept = event.eraseAtMs !== undefined && order.customerErasedAtMs === undefined;
      return { isUntracked: true, ...(isKept ? { eraseAtMs: event.eraseAtMs } : {}) };
    }
    case 'erasure_put_off':
      return { eraseAtMs: event.eraseAtMs };
    case 'customer_erased':
      return {
        placed: withoutCustomer(order.placed, event.withMember),
        tasks: order.tasks.map(taskWithoutCustomer),
        customerErasedAtMs: atMs,
      };
    case 'erasure_finished':
      return { erasedThroughMs: atMs };
  }
}

/** His signature or a picture of his door, and what a courier wrote of him. */
function taskWithoutCustomer({ proof: _, parcel, ...task }: ErasableTask): ErasableTask {
  if (!parcel) return task;
  const { reason: _said, ...known } = parcel;
  return { ...task, parcel: known };
}

/** Region and city tell nobody's door, and head office counts by them. */
function withoutCustomer(placed: Placed, withMember: boolean): Placed {
  const { destination, memberId, ...rest } = placed;
  const { region, city } = destination ?? {};
  return {
    ...rest,
    ...(memberId === undefined || withMember ? {} : { memberId }),
    ...(destination
      ? { destination: { ...(region === undefined ? {} : { region }), ...(city === undefined ? {} : { city }) } }
      : {}),
  };
}
