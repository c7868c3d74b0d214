import { expect, it } from '@jest/globals';
import { sortBatch } from '@shelfline/streaming/batch-sorting';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { parseDelta } from './delta-parser.js';
import { reserve } from './testing/deltas.js';

it('a reservation that a version asks again which says of its name that it is new was a conflict with the first', () => {
  const first = reserve('order/O/1/1', 2);
  const batch = [first, { ...first, firstUse: true }, { ...first, quantity: 3 }].map((message, offset) => {
    const value = Buffer.from(JSON.stringify(message));
    const record: ReceivedRecord = {
      topic: 'inventory.deltas',
      partition: 0,
      offset,
      timestampMs: 1,
      key: first.sku,
      value,
      headers: {},
    };
    return { record, parsed: parseDelta(record) };
  });
  const sorted = sortBatch({ topic: 'inventory.deltas', partitions: 1, generation: 1 }, batch, new Map());
  expect(sorted.repeatedInBatch).toBe(1);
  expect(sorted.deadLetters.map(({ offset, reason }) => `${offset} ${reason}`)).toEqual(['2 conflict']);
});
