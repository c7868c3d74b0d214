import { sayIssues } from '@shelfline/contracts/issue-words';
import type { TaskAction } from '@shelfline/contracts/order';
import type { OrderOutcome, StoreTask } from '@shelfline/contracts/order-view';
import { type TaskAnswer, TaskRequest } from '@shelfline/contracts/store-protocol';
import type { OrdersPort } from './orders-client.js';

export interface TaskActionsOptions {
  /** A task of this store; nothing where it is another's. */
  readonly find: (store: string, taskId: string) => StoreTask | undefined;
  readonly orders: OrdersPort;
  readonly makeId: () => string;
}
type Refusal = Extract<TaskAnswer, { ok: false }>;

const RETRY_AFTER_MS = 1000;

/** Sends what a store did to the order’s owner and brings back its answer. Nothing is decided here but whose task it is. */
export class TaskActions {
  constructor(private readonly options: TaskActionsOptions) {}

  async act(store: string, action: TaskAction, body: unknown): Promise<TaskAnswer> {
    const parsed = TaskRequest.safeParse(isRecord(body) ? { ...body, action: body['action'] ?? action } : body);
    if (!parsed.success) return refusal('invalid', `${sayIssues(parsed.error.issues, body, 'the message')}.`);
    if (parsed.data.action !== action)
      return refusal('invalid', `The message task:${action} asks for "${parsed.data.action}". Leave action out of it.`);
    const { id = this.options.makeId(), taskId, ...said } = parsed.data;
    const task = this.options.find(store, taskId);
    if (!task) return notFound(store, taskId, id);
    // Stores number their requests as they like: the store’s code keeps two of them apart.
    const outcome = await this.options.orders.ask({
      ...said,
      id: `${store}/${id}`,
      orderId: task.orderId,
      taskId,
      store,
    });
    if (outcome === 'unsent')
      return refusal('unavailable', 'Kafka did not take it, so nothing was done. Send it again with this id.', {
        id,
        retryAfterMs: RETRY_AFTER_MS,
      });
    if (outcome === 'conflict')
      return refusal(
        'conflict',
        'Another request was sent with this id, and it stands. Look at the task as it is now; what is still to be done needs an id of its own.',
        { id },
      );
    if (outcome === undefined)
      return refusal(
        'no_answer',
        'No answer came in time: it may be done later, or was done. Send it again with this id, which changes nothing twice.',
        { id, retryAfterMs: RETRY_AFTER_MS },
      );
    return answerOf(outcome, task, id);
  }
}

function answerOf(outcome: OrderOutcome, task: StoreTask, id: string): TaskAnswer {
  const { result, taskState, version, errors, allowed } = outcome;
  const { taskId, store } = task;
  if (result !== 'refused') return { ok: true, id, taskId, state: taskState ?? task.state, version };
  const code = errors?.[0]?.code ?? 'refused';
  if (code === 'unknown_task') return notFound(store, taskId, id);
  const detail = errors?.map((error) => error.detail).join('; ') ?? 'The order does not allow it.';
  return refusal(code, detail, { id, ...(allowed ? { allowed } : {}) });
}

/** The same words whether there is no such task or it is another store's: nothing is told of others. */
const notFound = (store: string, taskId: string, id: string): Refusal =>
  refusal('not_found', `${store} has no task ${taskId}. Look at its open tasks again: it may be closed or moved on.`, {
    id,
  });

const refusal = (code: string, detail: string, extra: Partial<Refusal> = {}): Refusal => ({
  ok: false,
  code,
  detail,
  ...extra,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
