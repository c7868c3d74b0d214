import type { TaskState } from './task.js';

/** An order as its customer sees it. `version` grows with every change. */
export interface TrackedOrder {
  readonly orderId: string;
  readonly channelOrder?: string | undefined;
  readonly state:
    | 'RESERVING'
    | 'WAITING'
    | 'ARRIVING'
    | 'ROUTED'
    | 'IN_FULFILMENT'
    | 'COMPLETED'
    | 'PARTIALLY_COMPLETED'
    | 'CANCELLED'
    | 'ENDED';
  readonly method: 'courier' | 'same_city' | 'pickup' | 'guide_visit' | 'carry_out';
  /** Where it is collected. */
  readonly store?: { readonly code: string; readonly name: string; readonly nameZh: string } | undefined;
  readonly lines: readonly {
    readonly lineId: string;
    readonly sku: string;
    readonly quantity: number;
    readonly cancelledUnits: number;
    /** Promised of a delivery that has not come; absent = 0. */
    readonly awaitedUnits?: number | undefined;
    /** When the last of these are expected to leave, where anybody knows. */
    readonly expectedAt?: string | undefined;
  }[];
  readonly parcels: readonly {
    readonly number: number;
    readonly state: TaskState;
    readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly quantity: number }[];
    /** How it came there, the oldest first. */
    readonly steps: readonly { readonly state: TaskState; readonly at: string }[];
    readonly tracking?: string | undefined;
    /** Who brings it, and what he told, the oldest first. */
    readonly courier?: string | undefined;
    /** Who of the store brings it, and when. */
    readonly visit?:
      | { readonly guide: string; readonly from?: string | undefined; readonly until?: string | undefined }
      | undefined;
    readonly delivery?:
      | readonly {
          readonly step: 'collected' | 'out_for_delivery' | 'delivered' | 'failed' | 'returned';
          readonly at: string;
        }[]
      | undefined;
  }[];
  /** On its way to the store where it is collected; ready there by then. */
  readonly arrivesBy?: string | undefined;
  /** When its customer is awaited at the store. */
  readonly appointment?:
    | { readonly appointmentId: string; readonly store: string; readonly start: string; readonly end: string }
    | undefined;
  /** Why it waits, or was cancelled: `out_of_stock`, `awaiting_delivery` or `cancelled`. */
  readonly reason?: string | undefined;
  readonly placedAt: string;
  readonly changedAt: string;
  readonly version: number;
}

export interface TrackAnswer {
  readonly ok: true;
  readonly epoch: string;
  readonly orderId: string;
  readonly order: TrackedOrder | null;
}

export type OrderCallback = (order: TrackedOrder) => void;
