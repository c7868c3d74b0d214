import type { TaskAction } from '@shelfline/contracts/order';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { OrderOutcome, StoreTask } from '@shelfline/contracts/order-view';
import { TOPICS } from '@shelfline/contracts/topics';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { SimulatedKafka, SimulatedKafkaPort } from '@shelfline/streaming/testing/simulated-kafka';
import { SeededRandom } from '../seeded-random.ts';
import { broughtBack } from './brought-back.ts';
import type { PlannedOrder } from './plan-orders.ts';
import type { Scheduler } from './scheduler.ts';
import { handoverCode, PARTITIONS, START_MS, WAREHOUSE } from './setting.ts';
import type { Struck } from './strikes.ts';

const SEND_AGAIN_MS = 40;
const ASKS_AGAIN_MS = 1500;
const REFUSES = 0.1;
const IGNORES = 0.05;
const LONGEST_STEP_MS = 700;

interface ShopsAndStoresOptions {
  readonly scheduler: Scheduler;
  readonly kafka: SimulatedKafka;
  readonly port: SimulatedKafkaPort;
  readonly struck: Struck;
  readonly seed: number;
}

/** Shops that ask until they are answered, and stores that do what their tasks allow: some refuse, some do nothing. */
export class ShopsAndStores {
  /** What was asked, by `source/id`. */
  readonly asked = new Map<string, OrderMessage>();
  private readonly answered = new Set<string>();
  private readonly begun = new Set<string>();
  private readonly seen = new Map<string, StoreTask>();
  private readonly options: ShopsAndStoresOptions;

  constructor(options: ShopsAndStoresOptions) {
    this.options = options;
  }

  load(orders: readonly PlannedOrder[]): void {
    const { scheduler } = this.options;
    this.follow(TOPICS.orderOutcomes.name, (value) => {
      const { source, id } = JSON.parse(value) as OrderOutcome;
      this.answered.add(`${source}/${id}`);
    });
    this.follow(
      TOPICS.orderTasks.name,
      (value) => this.look(JSON.parse(value) as StoreTask),
      (taskId, state) => void this.isGone(taskId, state),
    );
    for (const { atMs, message } of orders) scheduler.at(START_MS + atMs, () => void this.ask(message));
  }

  private follow(
    topic: string,
    onValue: (value: string) => void,
    onTombstone: (key: string, state: string | undefined) => void = () => {},
  ): void {
    for (const log of this.options.kafka.logsOf(topic)) {
      let next = 0;
      log.onAppend(() => {
        for (const { offset, key, value, headers } of log.read(next, Number.POSITIVE_INFINITY)) {
          next = offset + 1;
          if (value) onValue(value.toString());
          else onTombstone(key!, headers['sl-state']?.toString());
        }
      });
    }
  }

  private async ask(message: OrderMessage): Promise<void> {
    const { scheduler, port, struck } = this.options;
    const name = `${message.source}/${message.id}`;
    this.asked.set(name, message);
    const record = { key: message.orderId, value: JSON.stringify(message) };
    const partition = partitionFor(message.orderId, PARTITIONS);
    const send = () =>
      port.send(TOPICS.orderIntake.name, partition, [record]).then(
        () => true,
        () => false,
      );
    for (;;) {
      while (!(await send())) await scheduler.sleep(SEND_AGAIN_MS);
      await scheduler.sleep(ASKS_AGAIN_MS);
      if (this.answered.has(name)) return;
      struck('shop or store asks orders again');
    }
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
      await this.ask(message);
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
    scheduler.at(scheduler.now() + random.next() * LONGEST_STEP_MS, () => void this.ask(message));
  }
}

const hashOf = (text: string): number => {
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
};
