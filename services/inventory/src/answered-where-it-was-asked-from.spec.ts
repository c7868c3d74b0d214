import { describe, expect, it } from '@jest/globals';
import { OrderMessage } from '@shelfline/contracts/order-message';
import type { StockDelta } from '@shelfline/contracts/stock-delta';
import { StockEntry } from './stock-entry.js';
import { answerOutputs } from './stock-outputs.js';
import { reserve } from './testing/deltas.js';

const entryOf = (message: StockDelta) =>
  new StockEntry(message, {
    id: `${message.source}/${message.id}`,
    partition: 0,
    offset: 7,
    outcome: 'applied',
    atMs: 0,
    recordedAtMs: 0,
    version: 7,
    effects: [],
    answer: {
      result: 'accepted',
      state: 'COMMITTED',
      allocations: [{ location: 'shop-a', quantity: 3 }],
      shortUnits: 0,
    },
  });
const toldOf = (over: object) =>
  answerOutputs(entryOf(reserve('order/web-1/1/1', 3, over))).map(({ topic, key }) => [topic.name, key]);

describe('the answer to a command', () => {
  it('goes to the topic that it names, to the partition of the key, and nowhere else', () => {
    const [told, ...more] = answerOutputs(
      entryOf(reserve('order/web-1/1/1', 3, { replyTo: { topic: 'orders.intake', key: 'web-1' } })),
    );
    expect(more).toEqual([]);
    expect(told).toMatchObject({ topic: { name: 'orders.intake' }, key: 'web-1', partition: { by: 'web-1' } });
    expect(OrderMessage.parse(told!.value)).toMatchObject({
      type: 'reservation_answered',
      source: 'inventory',
      orderId: 'web-1',
      reservationId: 'order/web-1/1/1',
      command: 'reserve',
      result: 'accepted',
      allocations: [{ location: 'shop-a', quantity: 3 }],
    });
  });
  it('goes to everybody where it names none, or one that the ledger does not write to', () => {
    expect(toldOf({})).toEqual([['inventory.outcomes', reserve('x', 1).sku]]);
    expect(toldOf({ replyTo: { topic: 'catalog.products', key: 'web-1' } })[0]![0]).toBe('inventory.outcomes');
  });
});
