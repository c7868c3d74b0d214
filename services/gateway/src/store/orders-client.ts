import { cloudEventHeaders } from '@shelfline/contracts/cloud-event';
import type { TaskStep } from '@shelfline/contracts/order';
import { OrderOutcome } from '@shelfline/contracts/order-view';
import { TOPICS } from '@shelfline/contracts/topics';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';

export const SOURCE = 'gateway-store';
const ASKED_HERE = JSON.stringify(SOURCE);

/** Reads answers off `orders.outcomes` that stores asked for; what others asked passes by unread. */
export function decodeOutcome(record: ReceivedRecord): { id: string; outcome: OrderOutcome } | undefined {
  if (!record.value?.includes(ASKED_HERE)) return undefined;
  const outcome = OrderOutcome.safeParse(JSON.parse(record.value.toString()));
  return outcome.success && outcome.data.source === SOURCE ? { id: outcome.data.id, outcome: outcome.data } : undefined;
}

/** What a store did, on its way to the order and back. */
export interface OrdersPort {
  /** `unsent`: Kafka did not take it. Undefined: no answer came in time, and nobody knows whether it was done. */
  ask(step: Omit<TaskStep, 'type' | 'source'>): Promise<OrderOutcome | 'unsent' | undefined>;
}

export class OrdersClient implements OrdersPort {
  constructor(
    private readonly publisher: Publisher,
    private readonly outcomes: OutcomeTail<OrderOutcome>,
    private readonly timeoutMs: number,
  ) {}

  async ask(step: Omit<TaskStep, 'type' | 'source'>): Promise<OrderOutcome | 'unsent' | undefined> {
    const { id, orderId } = step as TaskStep;
    const answer = this.outcomes.expect(id, this.timeoutMs);
    const [sent] = await this.publisher.publish([
      {
        topic: TOPICS.orderIntake,
        key: orderId,
        partitionBy: orderId,
        value: { ...step, type: 'task', source: SOURCE },
        headers: cloudEventHeaders({ id, source: SOURCE, type: 'shelfline.order.task', subject: orderId }),
      },
    ]);
    return sent?.ok ? answer : 'unsent';
  }
}
