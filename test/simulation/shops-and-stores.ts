import type { TaskAction } from '@shelfline/contracts/order';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { StoreTask } from '@shelfline/contracts/order-view';
import { TOPICS } from '@shelfline/contracts/topics';
import { SeededRandom } from '../seeded-random.ts';
import { AsksUntilAnswered, follow, hashOf, type Outside } from './asks-until-answered.ts';
import { broughtBack } from './brought-back.ts';
import type { PlannedOrder } from './plan-orders.ts';
import { handoverCode, START_MS, WAREHOUSE } from './setting.ts';

const REFUSES = 0.1;
const IGNORES = 0.05;
const LONGEST_STEP_MS = 700;

/** Shops that ask until they are answered, and stores that do what their tasks allow: some refuse, some do nothing. */
export class ShopsAndStores {
  private readonly orders: AsksUntilAnswered<OrderMessage>;
  private readonly begun = new Set<string>();
  private readonly seen = new Map<string, StoreTask>();
  private readonly options: Outside;

  constructor(options: Outside) {
    this.options = options;
    this.orders = new AsksUntilAnswered(options, {
      intake: TOPICS.orderIntake,
      outcomes: TOPICS.orderOutcomes,
      keyOf: ({ orderId }) => orderId,
      again: 'shop or store asks orders again',
    });
  }

  get asked(): ReadonlyMap<string, OrderMessage> {
    return this.orders.asked;
  }

  load(orders: readonly PlannedOrder[]): void {
    const { scheduler, kafka } = this.options;
    follow(
      kafka,
      TOPICS.orderTasks,
      (value) => this.look(JSON.parse(value) as StoreTask),
      (taskId, state) => void this.isGone(taskId, state),
    );
    for (const { atMs, message } of orders) scheduler.at(START_MS + atMs, () => void this.orders.ask(message));
  }

  /** A customer has got what this task was about, and may bring some of it back. */
  private async isGone(taskId: string, state: string | undefined): Promise<void> {
    const task = this.seen.get(taskId);
    if (!task || (state !== 'DELIVERED' && state !== 'HANDED_OVER') || this.begun.has(`${taskId}/back`)) return;
    this.begun.add(`${taskId}/back`);
    const { scheduler, seed } = this.options;
    const random = new SeededRandom(seed ^ hashOf(`${taskId}/back`));
    for (const message of broughtBack(task, random)) {
      await scheduler.sleep(random.next() * LONGEST_STEP_MS);
      await this.orders.ask(message);
    }
  }

  /** A store does one step of each state it sees, once; what it does depends on the task alone. */
  private look(task: StoreTask): void {
    const { taskId, orderId, store, state, actions } = task;
    this.seen.set(taskId, task);
    const name = `${taskId}/${state}`;
    if (this.begun.has(name) || actions.length === 0) return;
    this.begun.add(name);
    const { scheduler, struck, seed } = this.options;
    const random = new SeededRandom(seed ^ hashOf(name));
    const isNew = state === 'ASSIGNED';
    const isStore = store !== WAREHOUSE;
    const mood = random.next();
    if (isNew && isStore && mood < IGNORES) return struck('store does not answer');
    const refuses = isNew && mood < IGNORES + REFUSES;
    if (refuses) struck('store refuses a task');
    const action: TaskAction = refuses ? 'reject' : random.pick(actions.filter((one) => one !== 'reject'));
    const message: OrderMessage = {
      type: 'task',
      id: `${taskId}/${action}`,
      source: store,
      orderId,
      taskId,
      store,
      action,
      ...(action === 'hand_over' ? { code: handoverCode(taskId) } : {}),
    };
    scheduler.at(scheduler.now() + random.next() * LONGEST_STEP_MS, () => void this.orders.ask(message));
  }
}
