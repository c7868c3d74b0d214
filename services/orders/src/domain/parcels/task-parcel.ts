import type { TaskParcel } from '@shelfline/contracts/order-view';
import type { ParcelStep } from '@shelfline/contracts/parcel';

/** Of a task, what its courier told. */
export interface ParcelOfTask {
  readonly courier: string;
  readonly state: TaskParcel['state'];
  readonly label?: string;
  readonly reason?: string;
  readonly steps: readonly { readonly step: ParcelStep; readonly atMs: number }[];
}

/** A courier is to have it: its label is asked for. */
export interface ParcelWantedEvent {
  readonly type: 'parcel_wanted';
  readonly number: number;
}
export type ParcelEvent = {
  readonly type: 'parcel_changed';
  readonly number: number;
  readonly courier: string;
  readonly change: TaskParcel['state'];
  /** Of the courier's clock. */
  readonly toldAtMs: number;
  readonly tracking?: string;
  readonly label?: string;
  readonly reason?: string;
};

const STEPS: ReadonlySet<string> = new Set(['collected', 'out_for_delivery', 'delivered', 'failed', 'returned']);
const isStep = (change: TaskParcel['state']): change is ParcelStep => STEPS.has(change);

export function parcelAfter(parcel: ParcelOfTask | undefined, event: ParcelEvent): ParcelOfTask {
  const { courier, change, toldAtMs, label, reason } = event;
  const steps = parcel?.steps ?? [];
  const own = label ?? parcel?.label;
  const told = isStep(change)
    ? [...steps, { step: change, atMs: toldAtMs }].toSorted((a, b) => a.atMs - b.atMs)
    : steps;
  // What is told late is no newer state; a label is behind a parcel that the courier has.
  const state = told.at(-1)?.step ?? change;
  return {
    courier,
    state,
    steps: told,
    ...(own === undefined || change === 'label_cancelled' ? {} : { label: own }),
    ...(reason === undefined ? {} : { reason }),
  };
}
