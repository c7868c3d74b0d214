import { z } from 'zod';
import { EventId } from './identifiers.js';
import { TaskAction, TaskId, TaskState } from './order.js';
import type { StoreTask } from './order-view.js';
import { RejectedLines } from './task-lines.js';
import { DeliveryProof } from './visit.js';

/** With the store's code before it, it still fits into an `EventId`. */
const MAX_REQUEST_ID = 60;

/**
 * What `/store` sends and takes over socket.io. On connect come the pages of `tasks` with every open task of the store,
 * then `task` for each change; the screen acknowledges both, and what it does not acknowledge comes again. A closed task
 * comes once with its last state. See services/gateway/README.md for the order of events.
 */
export const TaskRequest = z.object({
  taskId: TaskId,
  action: TaskAction,
  id: EventId.max(MAX_REQUEST_ID)
    .optional()
    .describe('Of this request: the same again is answered again and changes nothing'),
  by: z.string().min(1).max(100).optional(),
  reason: z.string().min(1).max(200).optional(),
  lines: RejectedLines.optional().describe('With `reject`: only these; the whole task unless told'),
  code: z.string().min(1).max(160).optional(),
  tracking: z.string().min(1).max(100).optional(),
  proof: DeliveryProof.optional().describe('With `deliver`: where it can be seen that it was'),
});
export type TaskRequest = z.infer<typeof TaskRequest>;

export const TaskAnswer = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    id: z.string().describe('Of the request; made by the gateway where it named none'),
    taskId: TaskId,
    state: TaskState,
    version: z.int(),
  }),
  z.object({
    ok: z.literal(false),
    id: z.string().optional(),
    code: z
      .string()
      .describe('invalid, not_found, out_of_state, conflict, too_many_requests, unavailable, no_answer, …'),
    detail: z.string(),
    allowed: z.array(z.string()).optional(),
    retryAfterMs: z.int().optional(),
  }),
]);
export type TaskAnswer = z.infer<typeof TaskAnswer>;

/** One page of the open tasks. What is in no page up to the last one is not open. */
export interface TasksSnapshot {
  readonly epoch: string;
  readonly store: string;
  /** From 1. */
  readonly page: number;
  readonly last: boolean;
  readonly tasks: readonly StoreTask[];
}
/** The screen answers `{ version }` of what it has shown. */
export interface TaskPush {
  readonly task: StoreTask;
  /** Nothing is left to do: the screen lets go of it. */
  readonly closed: boolean;
  /** The task's own, or the one under which it was closed. */
  readonly version: number;
}
