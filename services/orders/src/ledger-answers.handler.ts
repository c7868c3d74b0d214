import { Controller } from '@nestjs/common';
import type { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision } from '@shelfline/streaming/stream';
import { broughtOn, type ForwardedEntry, forwardOutputs } from './ledger-answers.stream.js';

/** Topic `inventory.outcomes`, key sku: decides nothing, brings on. Redelivered, it forwards what it forwarded before. */
@Controller()
export class LedgerAnswersHandler {
  @HandlesBatch(TOPICS.outcomes)
  handleBatch({ items, partition, generation }: Batch<StockOutcome>): Promise<Decision<null>> {
    const entries = items.flatMap((item): ForwardedEntry[] => {
      if (item.kind === 'tick') return [];
      const { id: _id, contentHash, message, record } = item;
      const { offset } = record;
      const messages = broughtOn(message, `${generation}/${partition}/${offset}`);
      return [{ _id, contentHash, partition, offset, outcome: 'brought', messages }];
    });
    return Promise.resolve({
      entries,
      writes: null,
      outputs: entries.flatMap(forwardOutputs),
      committed: () => {},
      nothingChanged: entries.length === 0,
    });
  }
}
