export type TaskAction = 'accept' | 'reject' | 'pick' | 'pack' | 'ready' | 'hand_over' | 'ship' | 'deliver';
export type TaskState =
  | 'ASSIGNED'
  | 'ACCEPTED'
  | 'PICKING'
  | 'PACKED'
  | 'READY_FOR_PICKUP'
  | 'HANDED_OVER'
  | 'SHIPPED'
  | 'DELIVERED'
  | 'RETURNED'
  | 'REJECTED'
  | 'TIMED_OUT'
  | 'CANCELLED';

/** What a store has to do for an order. */
export interface StoreTask {
  readonly taskId: string;
  readonly orderId: string;
  readonly store: string;
  readonly state: TaskState;
  readonly method: 'courier' | 'same_city' | 'pickup' | 'guide_visit' | 'carry_out';
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly quantity: number }[];
  readonly channel: string;
  readonly channelOrder?: string | undefined;
  readonly destination?:
    | {
        readonly region?: string | undefined;
        readonly city?: string | undefined;
        readonly address?: string | undefined;
        readonly recipient?: string | undefined;
        readonly phone?: string | undefined;
      }
    | undefined;
  readonly placedAt: string;
  readonly assignedAt: string;
  /** Not accepted by then it goes to another place. */
  readonly acceptBy?: string | undefined;
  /** The customer was promised to have it by then. */
  readonly promisedBy?: string | undefined;
  /** It should have been accepted, or picked, by now. */
  readonly escalation?: { readonly level: 'remind' | 'manager' | 'reroute'; readonly at: string } | undefined;
  readonly nextEscalation?: { readonly level: 'remind' | 'manager' | 'reroute'; readonly at: string } | undefined;
  /** Not collected by then it goes back to stock. */
  readonly collectBy?: string | undefined;
  /** Of what a courier takes: its label to print, and why there is none. */
  readonly parcel?:
    | {
        readonly courier: string;
        readonly state: string;
        readonly label?: string | undefined;
        readonly tracking?: string | undefined;
        readonly reason?: string | undefined;
      }
    | undefined;
  /** Who of the store brings it, and when. */
  readonly visit?:
    | { readonly guide: string; readonly from?: string | undefined; readonly until?: string | undefined }
    | undefined;
  /** When its customer comes. */
  readonly appointment?: { readonly start: string; readonly end: string; readonly purpose: string } | undefined;
  /** Too many wrong codes were shown: a manager decides, or the customer asks for a new code. */
  readonly handoverLocked?: true | undefined;
  /** What may be done now. */
  readonly actions: readonly TaskAction[];
  /** Grows with every change. */
  readonly version: number;
}

export interface TasksPage {
  readonly epoch: string;
  readonly store: string;
  readonly page: number;
  readonly last: boolean;
  readonly tasks: readonly StoreTask[];
}
export interface TaskPush {
  readonly task: StoreTask;
  readonly closed: boolean;
  readonly version: number;
}

export type TaskAnswer =
  | {
      readonly ok: true;
      readonly id: string;
      readonly taskId: string;
      readonly state: TaskState;
      readonly version: number;
    }
  | {
      readonly ok: false;
      readonly id?: string | undefined;
      /** offline, not_found, out_of_state, no_answer, … */
      readonly code: string;
      readonly detail: string;
      /** What could be done instead. */
      readonly allowed?: readonly string[] | undefined;
      readonly retryAfterMs?: number | undefined;
    };
