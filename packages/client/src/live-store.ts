import type { Problem } from './problem.js';
import { type ConnectionState, Reconnection } from './reconnection.js';
import type { StoreWire, StoreWireEvents } from './store-wire.js';
import type { StoreTask, TaskAction, TaskAnswer } from './task.js';
import { TaskMemory, type TasksChange } from './task-memory.js';
import type { Clock } from './wire.js';

export type TasksCallback = (tasks: readonly StoreTask[], change: TasksChange) => void;
/** What is said with an action. `id` names the request: the same again is answered again and changes nothing. */
export interface Said {
  readonly id?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly code?: string;
  readonly tracking?: string;
  /** With `deliver`: where it can be seen that it was. */
  readonly proof?: { readonly kind: 'photo' | 'signature'; readonly reference: string };
  /** With a rejection: only these, and so many of them; the whole task unless told. */
  readonly lines?: readonly { readonly lineId: string; readonly quantity?: number }[];
}
export interface StoreConnectionOptions {
  readonly canRenewToken: boolean;
  readonly openWire: (events: StoreWireEvents) => StoreWire;
  readonly clock: Clock;
  readonly random: () => number;
  readonly makeId: () => string;
}

const MOST_ATTEMPTS = 3;
const ASK_AGAIN_AFTER_MS = 1000;
/** Nobody knows, or nothing was done: the same id again does no harm and may bring the answer. */
const ASKED_AGAIN: ReadonlySet<string> = new Set(['no_answer', 'unavailable', 'too_many_requests']);

/** One store's screen: its open tasks, which outlive the connections that bring them, and what it does with them. */
export class LiveStore {
  private readonly wire: StoreWire;
  private readonly reconnection: Reconnection;
  private readonly memory = new TaskMemory();
  private readonly callbacks = new Set<TasksCallback>();

  constructor(private readonly options: StoreConnectionOptions) {
    this.reconnection = new Reconnection({ ...options, connect: () => this.wire.connect() });
    this.wire = options.openWire({
      connected: () => {
        this.memory.beginSnapshot();
        this.reconnection.connected();
      },
      disconnected: ({ expired }) => this.reconnection.lost(expired),
      refused: (problem) => this.reconnection.refused(problem),
      page: (page) => this.learn(() => this.memory.learnPage(page)),
      task: (push) => this.learn(() => this.memory.learnPush(push)),
    });
    this.wire.connect();
  }

  get state(): ConnectionState {
    return this.reconnection.state;
  }
  get isComplete(): boolean {
    return this.memory.isComplete;
  }
  get tasks(): readonly StoreTask[] {
    return this.memory.tasks;
  }
  get(taskId: string): StoreTask | undefined {
    return this.memory.get(taskId);
  }
  subscribe(callback: TasksCallback): () => void {
    const own: TasksCallback = (tasks, change) => callback(tasks, change);
    this.callbacks.add(own);
    queueMicrotask(() => {
      const { isComplete, tasks } = this.memory;
      if (this.callbacks.has(own) && (isComplete || tasks.length > 0)) own(tasks, { changed: tasks, closed: [] });
    });
    return () => this.callbacks.delete(own);
  }
  onState(listener: (state: ConnectionState) => void): () => void {
    return this.reconnection.onState(listener);
  }
  onProblem(listener: (problem: Problem) => void): () => void {
    return this.reconnection.onProblem(listener);
  }

  accept(taskId: string, said?: Said): Promise<TaskAnswer> {
    return this.act('accept', taskId, said);
  }
  reject(taskId: string, reason: string, said?: Said): Promise<TaskAnswer> {
    return this.act('reject', taskId, { ...said, reason });
  }
  pick(taskId: string, said?: Said): Promise<TaskAnswer> {
    return this.act('pick', taskId, said);
  }
  pack(taskId: string, said?: Said): Promise<TaskAnswer> {
    return this.act('pack', taskId, said);
  }
  ready(taskId: string, said?: Said): Promise<TaskAnswer> {
    return this.act('ready', taskId, said);
  }
  handOver(taskId: string, said?: Said): Promise<TaskAnswer> {
    return this.act('hand_over', taskId, said);
  }
  ship(taskId: string, said?: Said): Promise<TaskAnswer> {
    return this.act('ship', taskId, said);
  }
  deliver(taskId: string, said?: Said): Promise<TaskAnswer> {
    return this.act('deliver', taskId, said);
  }

  close(): void {
    this.wire.close();
    this.reconnection.close();
  }

  private learn(from: () => TasksChange): void {
    const wasComplete = this.memory.isComplete;
    const change = from();
    const isNews = change.changed.length > 0 || change.closed.length > 0;
    if (!isNews && wasComplete === this.memory.isComplete) return;
    const { tasks } = this.memory;
    for (const callback of this.callbacks) callback(tasks, change);
  }

  private async act(action: TaskAction, taskId: string, said: Said = {}): Promise<TaskAnswer> {
    const id = said.id ?? this.options.makeId();
    if (this.state !== 'live') return offline(id);
    for (let attempt = 1; ; attempt++) {
      const answer = await this.ask(`task:${action}`, { ...said, taskId, id });
      const isFinal = answer !== undefined && (answer.ok || !ASKED_AGAIN.has(answer.code));
      if (isFinal || attempt === MOST_ATTEMPTS) return answer ?? unanswered(id);
      await this.wait((answer?.ok === false ? answer.retryAfterMs : undefined) ?? ASK_AGAIN_AFTER_MS);
      if (this.state !== 'live') return answer ?? unanswered(id);
    }
  }

  private ask(event: string, body: object): Promise<TaskAnswer | undefined> {
    return new Promise((resolve) => {
      this.wire.request(event, body, (answer) => resolve(answer as TaskAnswer | undefined));
    });
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.options.clock.after(ms, resolve);
    });
  }
}

const offline = (id: string): TaskAnswer => ({
  ok: false,
  id,
  code: 'offline',
  detail: 'There is no connection, so nothing was sent. Do it again once it is back.',
});
const unanswered = (id: string): TaskAnswer => ({
  ok: false,
  id,
  code: 'no_answer',
  detail:
    'No answer came, so it is not known whether it was done: the task’s state will show it. Again with this id it is ' +
    'not done twice.',
});
