import { connectStore, type StoreConnection, type StoreTask, type TaskAnswer } from '@shelfline/client/store';
import { spread } from '@shelfline/launch/derived-network';
import { SeededRandom } from '../../seeded-random.ts';
import { moment, until } from '../awaiting.ts';
import type { FinalAnswer, LedgerRequest } from '../ledger-requests.ts';

export interface StaffOptions {
  /** Of the gateway. */
  readonly address: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  tokenOf(place: string): Promise<string>;
  /** Asks REST until it is answered. */
  ask(request: LedgerRequest): Promise<FinalAnswer>;
}

const REFUSED_SHARE = 0.1;
const IGNORED_SHARE = 0.05;
const AGAIN_AFTER_MS = 300;
/** Nobody knows, or nothing was done. */
const ASKED_AGAIN: ReadonlySet<string> = new Set(['offline', 'no_answer', 'unavailable', 'too_many_requests']);
/** The first of these that a task allows is done. */
const STEPS = ['accept', 'pick', 'pack', 'ready', 'hand_over', 'ship', 'deliver'] as const;
type Step = (typeof STEPS)[number];

/**
 * People and systems at every place: each sees its tasks over a socket. Stores refuse one task in ten, never look at one
 * in twenty, and do all others to their end over the socket; warehouses do all, by REST, as their systems would.
 */
export class StoreStaff {
  readonly done: Record<string, number> = {};
  /** Steps that were refused for good, by why: the task had changed meanwhile. */
  readonly tooLate: Record<string, number> = {};
  private readonly screens = new Map<string, StoreConnection>();
  private readonly underWay = new Set<string>();
  /** The version of each task at which something was done. */
  private readonly acted = new Map<string, number>();
  /** What is not answered yet: said once more it must be the same, though the customer's code may be gone by then. */
  private readonly unanswered = new Map<string, object>();
  private isResting = false;
  private failure: Error | undefined;
  private readonly options: StaffOptions;

  constructor(options: StaffOptions) {
    this.options = options;
  }

  /** Resolves once each place has seen what it has to do. */
  async open(places: readonly string[]): Promise<void> {
    const { address: url, signal } = this.options;
    for (const place of places) {
      const screen = connectStore({ url, token: () => this.options.tokenOf(place) });
      screen.onProblem(({ detail }) => (this.failure ??= new Error(`${place} is not let in: ${detail}`)));
      screen.subscribe((_, { changed }) => {
        for (const { taskId } of changed) void this.work(screen, taskId);
      });
      this.screens.set(place, screen);
    }
    await until(
      () => [...this.screens.values()].every(({ isComplete }) => isComplete),
      'every store connected',
      signal,
    );
  }

  /** Begins no step; resolves once those that were begun are answered. */
  async rest(): Promise<void> {
    this.isResting = true;
    await until(
      () => this.underWay.size === 0 || this.failure !== undefined,
      'every step answered',
      this.options.signal,
    );
    if (this.failure) throw this.failure;
  }

  resume(): void {
    this.isResting = false;
    for (const screen of this.screens.values()) for (const { taskId } of screen.tasks) void this.work(screen, taskId);
  }

  /** Tasks that a screen shows and that somebody means to do something about. */
  openTasks(): StoreTask[] {
    return [...this.screens.values()].flatMap(({ tasks }) => tasks).filter((task) => this.nextStep(task) !== undefined);
  }

  /** All that the screens show. */
  shownTasks(): StoreTask[] {
    return [...this.screens.values()].flatMap(({ tasks }) => tasks);
  }

  close(): void {
    this.isResting = true;
    for (const screen of this.screens.values()) screen.close();
  }

  private async work(screen: StoreConnection, taskId: string): Promise<void> {
    if (this.underWay.has(taskId)) return;
    this.underWay.add(taskId);
    try {
      while (!this.isResting && !this.options.signal.aborted) {
        const task = screen.get(taskId);
        const step = task && this.nextStep(task);
        if (!step || (this.acted.get(taskId) ?? -1) >= task.version) return;
        this.acted.set(taskId, task.version);
        if (await this.take(screen, task, step)) continue;
        this.acted.delete(taskId);
        await moment(AGAIN_AFTER_MS, this.options.signal);
      }
    } catch (error) {
      if (!this.options.signal.aborted) this.failure ??= error as Error;
    } finally {
      this.underWay.delete(taskId);
    }
  }

  private nextStep({ taskId, state, actions, acceptBy }: StoreTask): Step | 'reject' | undefined {
    if (acceptBy !== undefined && state === 'ASSIGNED') {
      const chance = new SeededRandom(this.options.seed ^ spread(taskId)).next();
      if (chance < IGNORED_SHARE) return undefined;
      if (chance < IGNORED_SHARE + REFUSED_SHARE) return 'reject';
    }
    return STEPS.find((step) => actions.includes(step));
  }

  /** Whether it is known what became of it. */
  private async take(screen: StoreConnection, task: StoreTask, step: Step | 'reject'): Promise<boolean> {
    const id = `${spread(task.taskId).toString(36)}-${step}`;
    const said = this.unanswered.get(id) ?? (await this.wordsFor(id, task, step));
    this.unanswered.set(id, said);
    const answer = task.store.startsWith('dc-')
      ? await this.byRest(task, step, said)
      : await say(screen, task, step, said);
    if (answer.ok || !ASKED_AGAIN.has(answer.code)) this.unanswered.delete(id);
    if (answer.ok) {
      this.done[step] = (this.done[step] ?? 0) + 1;
      return true;
    }
    if (ASKED_AGAIN.has(answer.code)) return false;
    this.tooLate[answer.code] = (this.tooLate[answer.code] ?? 0) + 1;
    return true;
  }

  private async wordsFor(id: string, task: StoreTask, step: Step | 'reject'): Promise<object> {
    const code = step === 'hand_over' && task.method === 'pickup' ? await this.codeOf(task) : undefined;
    return {
      id,
      by: 'staff-1',
      ...(code === undefined ? {} : { code }),
      ...(step === 'ship' ? { tracking: `T-${task.taskId}` } : {}),
    };
  }

  private async byRest(
    { taskId, store }: StoreTask,
    action: Step | 'reject',
    said: object,
  ): Promise<Pick<TaskAnswer & { ok: true }, 'ok'> | { readonly ok: false; readonly code: string }> {
    const body = JSON.stringify({ taskId, store, action, ...said });
    const { status, body: answer } = await this.options.ask({ method: 'POST', path: '/api/orders/tasks', body });
    return status === 200 ? { ok: true } : { ok: false, code: `${status} ${(answer as { title?: string }).title}` };
  }

  /** What the customer shows; absent where he has been given it, or it goes back, meanwhile. */
  private async codeOf({ orderId, taskId }: StoreTask): Promise<string | undefined> {
    const { status, body } = await this.options.ask({ method: 'GET', path: `/api/orders/${orderId}/handover` });
    if (status !== 200) throw new Error(`the code of ${orderId} is refused: ${status} ${JSON.stringify(body)}`);
    const { waiting } = body as { waiting: { taskId: string; code: string }[] };
    return waiting.find((one) => one.taskId === taskId)?.code;
  }
}

function say(screen: StoreConnection, { taskId }: StoreTask, step: Step | 'reject', said: object): Promise<TaskAnswer> {
  if (step === 'reject') return screen.reject(taskId, 'not on the floor', said);
  return step === 'hand_over' ? screen.handOver(taskId, said) : screen[step](taskId, said);
}
