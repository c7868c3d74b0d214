import type { OrderAppointment } from '@shelfline/contracts/appointment';
import type { TaskLine } from '@shelfline/contracts/order-view';
import type { TaskVisit } from '@shelfline/contracts/visit';
import type { ParcelEvent, ParcelWantedEvent } from '../parcels/task-parcel.js';

/** What stores, their guides and couriers have to do with a task besides its steps. */
export type AtStoreEvent =
  | ParcelEvent
  | ParcelWantedEvent
  /** Who of the store brings it, and when. */
  | { readonly type: 'visit_planned'; readonly number: number; readonly visit: TaskVisit }
  /** When its customer comes to a store; without `appointment` he does not any more. */
  | { readonly type: 'appointment_noted'; readonly appointmentId: string; readonly appointment?: OrderAppointment }
  /** The place keeps the task, without these. */
  | {
      readonly type: 'task_lines_rejected';
      readonly number: number;
      readonly lines: readonly TaskLine[];
      readonly reason?: string;
      readonly by?: string;
    };

const TYPES: ReadonlySet<string> = new Set<AtStoreEvent['type']>([
  'parcel_changed',
  'parcel_wanted',
  'visit_planned',
  'appointment_noted',
  'task_lines_rejected',
]);
export const isAtStoreEvent = (event: { readonly type: string }): event is AtStoreEvent => TYPES.has(event.type);
