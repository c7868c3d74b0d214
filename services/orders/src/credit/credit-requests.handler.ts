import { Controller, Inject } from '@nestjs/common';
import type { CreditRequest } from '@shelfline/contracts/credit';
import { TOPICS } from '@shelfline/contracts/topics';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision, Delivered } from '@shelfline/streaming/stream';
import type { CreditAnswer, CreditPort } from './credit-port.js';
import { type CreditEntry, creditOutputs } from './credit-requests.stream.js';

export const CREDIT_PORT = Symbol('CreditPort');

/** Asked at the same time. */
const AT_ONCE = 10;

/**
 * Topic `orders.credit-requests`. Redelivered before it was committed it is asked again, which the port answers again;
 * afterwards the answer that was given is sent again.
 */
@Controller()
export class CreditRequestsHandler {
  constructor(@Inject(CREDIT_PORT) private readonly port: CreditPort) {}

  @HandlesBatch(TOPICS.creditRequests)
  async handleBatch({ items, partition }: Batch<CreditRequest>): Promise<Decision<null>> {
    const arrived = items.flatMap((item) => (item.kind === 'message' ? [item] : []));
    const last = new Map(arrived.map((item) => [item.message.orderId, item]));
    const answers = await this.ask([...last.values()]);
    const entries = arrived.map((item): CreditEntry => {
      const { id, contentHash, record } = item;
      const answer = answers.get(item);
      const base = { _id: id, contentHash, partition, offset: record.offset };
      return answer
        ? { ...base, outcome: answer.result, answer: answeredOf(item.message, answer) }
        : { ...base, outcome: 'superseded' };
    });
    return {
      entries,
      writes: null,
      outputs: entries.flatMap(creditOutputs),
      committed: () => {},
      nothingChanged: entries.length === 0,
    };
  }

  private async ask(items: readonly Delivered<CreditRequest>[]): Promise<Map<Delivered<CreditRequest>, CreditAnswer>> {
    const answers = new Map<Delivered<CreditRequest>, CreditAnswer>();
    for (let from = 0; from < items.length; from += AT_ONCE)
      await Promise.all(
        items.slice(from, from + AT_ONCE).map(async (item) => {
          const { orderId, account, currency, holdMinor, revision } = item.message;
          answers.set(item, await this.port.hold({ orderId, account, currency, holdMinor, revision }));
        }),
      );
    return answers;
  }
}

const answeredOf = (
  { id, orderId, revision }: CreditRequest,
  answer: CreditAnswer,
): NonNullable<CreditEntry['answer']> => ({
  type: 'credit_answered',
  id,
  source: 'credit',
  orderId,
  revision,
  result: answer.result,
  ...(answer.result === 'held' ? {} : { reason: answer.reason.slice(0, 200) }),
});
