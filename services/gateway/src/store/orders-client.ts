import { canonicalJson } from '@shelfline/contracts/canonical-json';
import { cloudEventHeaders } from '@shelfline/contracts/cloud-event';
import type { TaskStep } from '@shelfline/contracts/order';
import { OrderOutcome } from '@shelfline/contracts/order-view';
import { TOPICS } from '@shelfline/contracts/topics';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import { z } from 'zod';

export const SOURCE = 'gateway-store';
const ASKED_HERE = JSON.stringify(SOURCE);

/** Reads answers off `orders.outcomes` that stores asked for; what others asked passes by unread. */
export function decodeOutcome(record: ReceivedRecord): { id: string; outcome: OrderOutcome } | undefined {
  if (!record.value?.includes(ASKED_HERE)) return undefined;
  const outcome = OrderOutcome.safeParse(JSON.parse(record.value.toString()));
  return outcome.success && outcome.data.source === SOURCE ? { id: outcome.data.id, outcome: outcome.data } : undefined;
}

const Conflict = z.object({ reason: z.literal('conflict'), messageId: z.string(), value: z.string() });

/**
 * Reads off `dead-letters` which requests were set aside, because their id stands for another one. Their orders' owner does
 * not answer those: the answer under this id is the first one's. By id and content, so that the first is not meant.
 */
export function decodeConflict({ value }: ReceivedRecord): { id: string; outcome: 'conflict' } | undefined {
  if (!value?.includes(`"${SOURCE}/`)) return undefined;
  const { data } = Conflict.safeParse(JSON.parse(value.toString()));
  if (!data?.messageId.startsWith(`${SOURCE}/`)) return undefined;
  const sent: unknown = JSON.parse(Buffer.from(data.value, 'base64').toString());
  return { id: canonicalJson(sent), outcome: 'conflict' };
}

/** What a store did, on its way to the order and back. */
export interface OrdersPort {
  /** `unsent`: Kafka did not take it. `conflict`: this id was another request's. Undefined: no answer came in time, and nobody knows whether it was done. */
  ask(step: Omit<TaskStep, 'type' | 'source'>): Promise<Asked>;
}

type Asked = OrderOutcome | 'unsent' | 'conflict' | undefined;

export class OrdersClient implements OrdersPort {
  /** Content by id: two requests of one id would both take the answer for theirs. */
  private readonly underWay = new Map<string, { readonly content: string; requests: number }>();

  constructor(
    private readonly publisher: Pick<Publisher, 'publish'>,
    private readonly outcomes: Pick<OutcomeTail<OrderOutcome>, 'expect'>,
    private readonly conflicts: Pick<OutcomeTail<'conflict'>, 'expect'>,
    private readonly timeoutMs: number,
  ) {}

  async ask(step: Omit<TaskStep, 'type' | 'source'>): Promise<Asked> {
    const message = { ...step, type: 'task', source: SOURCE } as TaskStep;
    const content = canonicalJson(message);
    const own = this.underWay.get(message.id) ?? { content, requests: 0 };
    if (own.content !== content) return 'conflict';
    own.requests++;
    this.underWay.set(message.id, own);
    try {
      const outcome = await this.send(message, content);
      return isAnotherOnes(outcome, message) ? 'conflict' : outcome;
    } finally {
      if (--own.requests === 0) this.underWay.delete(message.id);
    }
  }

  private async send(message: TaskStep, content: string): Promise<Asked> {
    const { id, orderId } = message;
    const answer = this.outcomes.expect(id, this.timeoutMs);
    const conflict = this.conflicts.expect(content, this.timeoutMs);
    const [sent] = await this.publisher.publish([
      {
        topic: TOPICS.orderIntake,
        key: orderId,
        partitionBy: orderId,
        value: message,
        headers: cloudEventHeaders({ id, source: SOURCE, type: 'shelfline.order.task', subject: orderId }),
      },
    ]);
    return sent?.ok ? Promise.race([answer, conflict]) : 'unsent';
  }
}

/** Another instance asked something else under this id at the same moment, and was first. */
const isAnotherOnes = (outcome: Asked, { taskId, action }: TaskStep): boolean =>
  typeof outcome === 'object' &&
  ((outcome.taskId ?? taskId) !== taskId || (outcome.action !== undefined && outcome.action !== action));
