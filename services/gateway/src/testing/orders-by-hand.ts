import type { TaskState, TaskStep } from '@shelfline/contracts/order';
import type { OrderOutcome, StoreTask } from '@shelfline/contracts/order-view';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import type { KafkaPort, TailReader } from '@shelfline/streaming/kafka-port';
import { partitionFor } from '@shelfline/streaming/partitioner';
import { topicName } from '@shelfline/streaming/topics-setup';
import { taskOf } from './store-tasks.js';

const STATE_AFTER: Partial<Record<string, TaskState>> = { accept: 'ACCEPTED', reject: 'REJECTED', pick: 'PICKING' };

/** Writes what the owner of orders writes. Steps of tasks are answered as he would, unless a test holds the answers. */
export class OrdersByHand {
  readonly steps: (TaskStep & { readonly key: string | null })[] = [];
  isSilent = false;
  private readonly tasks = new Map<string, StoreTask>();
  private readonly answered = new Map<string, OrderOutcome>();
  private reader: TailReader | undefined;
  private lastOffset = 0;

  private constructor(
    private readonly kafka: KafkaPort,
    private readonly prefix: string,
    private readonly partitions: number,
  ) {}

  static async start(kafka: KafkaPort, prefix: string, partitions: number): Promise<OrdersByHand> {
    const orders = new OrdersByHand(kafka, prefix, partitions);
    orders.reader = await kafka.tail({
      topics: [topicName(TOPICS.orderIntake, prefix)],
      from: 'earliest',
      onRecords: async (records) => {
        for (const { key, value } of records) await orders.take(key, JSON.parse(value!.toString()) as TaskStep);
      },
      onCrash: (error) => {
        throw error;
      },
    });
    return orders;
  }

  async stop(): Promise<void> {
    await this.reader?.stop();
  }

  /** A task in its next version. */
  async put(taskId: string, fields: Partial<StoreTask> = {}): Promise<StoreTask> {
    const task = { ...taskOf(taskId, 0), ...this.tasks.get(taskId), ...fields, version: this.nextVersion() };
    this.tasks.set(taskId, task);
    await this.send(TOPICS.orderTasks, taskId, task.orderId, task);
    return task;
  }
  /** As a zombie: below the version that stands there. */
  async putLate(taskId: string, fields: Partial<StoreTask>): Promise<void> {
    const task = { ...this.tasks.get(taskId)!, ...fields, version: 1 };
    await this.send(TOPICS.orderTasks, taskId, task.orderId, task);
  }
  async remove(taskId: string, state?: TaskState): Promise<void> {
    const { orderId } = this.tasks.get(taskId)!;
    const headers = { 'sl-version': String(this.nextVersion()), ...(state === undefined ? {} : { 'sl-state': state }) };
    await this.send(TOPICS.orderTasks, taskId, orderId, null, headers);
  }

  private async take(key: string | null, step: TaskStep): Promise<void> {
    this.steps.push({ ...step, key });
    if (this.isSilent) return;
    const before = this.answered.get(step.id);
    const outcome = before ? { ...before, result: 'unchanged' as const } : await this.decide(step);
    this.answered.set(step.id, outcome);
    await this.send(TOPICS.orderOutcomes, step.orderId, step.orderId, outcome);
  }

  private async decide({ id, source, orderId, taskId, action }: TaskStep): Promise<OrderOutcome> {
    const task = this.tasks.get(taskId)!;
    const answer = { id, source, orderId, taskId, version: task.version };
    const state = STATE_AFTER[action];
    if (!state || !task.actions.includes(action)) {
      const errors = [
        { field: 'action', code: 'out_of_state', detail: `a task that is ${task.state} cannot ${action}` },
      ];
      return { ...answer, result: 'refused', taskState: task.state, allowed: task.actions, errors };
    }
    const { version } = await this.put(taskId, { state, actions: state === 'ACCEPTED' ? ['pick', 'reject'] : [] });
    return { ...answer, result: 'applied', taskState: state, version };
  }

  private nextVersion(): number {
    return versionOf(1, ++this.lastOffset);
  }

  private async send(
    topic: TopicDefinition,
    key: string,
    partitionBy: string,
    value: object | null,
    headers: Record<string, string> = {},
  ): Promise<void> {
    await this.kafka.send(topicName(topic, this.prefix), partitionFor(partitionBy, this.partitions), [
      { key, value: value === null ? null : JSON.stringify(value), headers },
    ]);
  }
}
