import { expect, it } from '@jest/globals';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { LedgerAnswersHandler } from './ledger-answers.handler.js';
import { type ForwardedEntry, parseAnswer } from './ledger-answers.stream.js';

const endangered = {
  type: 'shortfall',
  id: 'd',
  source: 'till',
  sku: 'S',
  location: 'P',
  shortUnits: 1,
  endangered: [{ reservationId: 'order/A1/1/1', quantity: 1 }],
  version: 3,
};
const recordAt = (timestampMs: number): ReceivedRecord => ({
  topic: 'inventory.outcomes',
  partition: 2,
  offset: 5,
  key: 'S',
  value: Buffer.from(JSON.stringify(endangered)),
  headers: {},
  timestampMs,
});

/** It took them for those that stood there before: sent the old ones again and dropped the new ones. */
it('tells an answer from the one that had its place in the topic before', async () => {
  const read = (timestampMs: number) => {
    const parsed = parseAnswer(recordAt(timestampMs));
    if (parsed.kind !== 'message') throw new Error(parsed.kind);
    return parsed;
  };
  expect(read(1000).id).toBe(read(1000).id);
  expect(read(2000).id).not.toBe(read(1000).id);
  const forwarded = async (generation: number) => {
    const { id, contentHash, message } = read(1000);
    const items = [{ kind: 'message' as const, record: recordAt(1000), id, contentHash, message }];
    const decided = await new LedgerAnswersHandler().handleBatch({ items, partition: 2, partitions: 3, generation });
    return (decided.entries[0] as ForwardedEntry).messages[0]!.id;
  };
  expect(await forwarded(2)).not.toBe(await forwarded(1));
});
