import type { RoutingExplanation } from '../sourcing/explain-routing.js';

/** Asked against a delivery; so many days from when it comes in until it leaves. */
export interface Ahead {
  readonly handlingDays: number;
}

/** How an order that awaits deliveries has looked for what stands elsewhere. */
export interface Elsewhere {
  /** Asked of the ledger, in all. */
  readonly tries: number;
  /** Absent = never. */
  readonly triedAtMs?: number;
  /** Looked by time then. */
  readonly lookAtMs: number;
}

/** Stock was looked for that stands elsewhere before the delivery has come; with `why`, it is asked for. */
export interface LookedElsewhere {
  readonly type: 'looked_elsewhere';
  readonly tries: number;
  /** By time it is looked again then. */
  readonly lookAtMs: number;
  readonly why?: RoutingExplanation;
}

/** What happens to units of a line that are promised against a delivery. */
export type BackorderEvent = LookedElsewhere | OfPromise;
type OfPromise =
  /** The ledger promised them; `expectedAtMs`: when they are expected to leave, where anybody has told. */
  | {
      readonly type: 'hold_backordered';
      readonly reservationId: string;
      readonly location: string;
      readonly expectedAtMs?: number;
    }
  /** They came in, and are held like any others from now on. */
  | { readonly type: 'backorder_arrived'; readonly reservationId: string; readonly location: string }
  /** As many are held at `to` by now, under the name `by`: what was promised at `location` is given back. */
  | {
      readonly type: 'backorder_replaced';
      readonly reservationId: string;
      readonly location: string;
      readonly by: string;
      readonly to: string;
    }
  /** They come on another day; absent = nobody has told. `datedVersion`: of the ledger's notice. */
  | {
      readonly type: 'backorder_redated';
      readonly reservationId: string;
      readonly location: string;
      readonly datedVersion: number;
      readonly formerAtMs?: number;
      readonly expectedAtMs?: number;
    }
  /** They do not come: the ledger has taken the promise back. */
  | { readonly type: 'backorder_fell_short'; readonly reservationId: string; readonly location: string };

const TYPES: ReadonlySet<string> = new Set<BackorderEvent['type']>([
  'looked_elsewhere',
  'hold_backordered',
  'backorder_arrived',
  'backorder_replaced',
  'backorder_redated',
  'backorder_fell_short',
]);
export const isBackorderEvent = (event: { readonly type: string }): event is BackorderEvent => TYPES.has(event.type);
