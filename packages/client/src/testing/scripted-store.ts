import type { Problem } from '../problem.js';
import type { StoreWire, StoreWireEvents } from '../store-wire.js';
import type { StoreTask } from '../task.js';
import { settled } from './scripted-server.js';

interface AskedOfStore {
  readonly event: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Undefined = no answer comes. */
  answer(value: unknown): Promise<void>;
}

/** A gateway's `/store` that does exactly what a test says. */
export class ScriptedStore {
  connects = 0;
  isClosed = false;
  readonly asked: AskedOfStore[] = [];
  private events: StoreWireEvents | undefined;

  readonly openWire = (events: StoreWireEvents): StoreWire => {
    this.events = events;
    return {
      connect: () => {
        this.connects++;
      },
      close: () => {
        this.isClosed = true;
      },
      request: (event, body, onAnswer) => {
        const answer = (value: unknown): Promise<void> => {
          onAnswer(value);
          return settled();
        };
        this.asked.push({ event, body: body as AskedOfStore['body'], answer });
      },
    };
  };

  accept(): void {
    this.events!.connected();
  }
  lose(expired = false): void {
    this.events!.disconnected({ expired });
  }
  refuse(problem: Problem): void {
    this.events!.refused(problem);
  }
  page(tasks: readonly StoreTask[], { last = true, epoch = 'e1' } = {}): void {
    this.events!.page({ epoch, store: 'A', page: 1, last, tasks });
  }
  push(task: StoreTask): void {
    this.events!.task({ task, closed: false, version: task.version });
  }
  closeTask(task: StoreTask, version: number): void {
    this.events!.task({ task, closed: true, version });
  }
}

export const task = (taskId: string, version: number, fields: Partial<StoreTask> = {}): StoreTask => ({
  taskId,
  orderId: taskId,
  store: 'A',
  state: 'ASSIGNED',
  method: 'courier',
  lines: [{ lineId: '1', sku: '23135', quantity: 1 }],
  channel: 'web',
  placedAt: '2026-03-01T09:00:00.000Z',
  assignedAt: '2026-03-01T09:00:01.000Z',
  actions: ['accept', 'reject'],
  version,
  ...fields,
});
