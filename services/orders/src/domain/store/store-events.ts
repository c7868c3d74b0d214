import type { EscalationLevel } from './escalation-rule.js';

/** What happens to a task besides its steps. */
export type StoreEvent =
  /** It waits to be collected, and the customer has a code. */
  | {
      readonly type: 'handover_opened';
      readonly number: number;
      readonly remindAtMs: number;
      readonly collectByMs: number;
    }
  /** Somebody showed a code that is not the customer's. */
  | {
      readonly type: 'handover_refused';
      readonly number: number;
      readonly triesLeft: number;
      readonly by?: string;
    }
  | { readonly type: 'handover_code_renewed'; readonly number: number; readonly by: string; readonly reason: string }
  | { readonly type: 'handover_without_code'; readonly number: number; readonly by: string; readonly reason: string }
  | { readonly type: 'pickup_reminded'; readonly number: number }
  /** Orders were down: what a store has to do by then is moved by that. */
  | {
      readonly type: 'task_times_moved';
      readonly number: number;
      readonly countedFromMs: number;
      readonly acceptByMs?: number;
      readonly levels?: readonly EscalationLevel[];
    }
  | { readonly type: 'watch_started'; readonly number: number; readonly levels: readonly EscalationLevel[] }
  | {
      readonly type: 'task_escalated';
      readonly number: number;
      readonly level: 'remind' | 'manager';
      readonly dueMs: number;
    };
