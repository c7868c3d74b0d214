import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderEvent } from '@shelfline/contracts/order-view';
import { TrackedOrder } from '@shelfline/contracts/tracking';
import { orderView } from '../order-views.js';
import { placeOrders } from '../place-orders.js';
import { EXPECTED_AT } from '../testing/fake-ledger.js';
import { placing } from '../testing/order-cases.js';
import { Intake } from '../testing/order-intake.js';

const LEAVES_AT = new Date(Date.parse(EXPECTED_AT) + 2 * 24 * 3_600_000).toISOString();

describe('an order that is promised of a delivery', () => {
  let intake: Intake;
  const events = () => intake.sent('orders.events').map((value) => OrderEvent.parse(value));
  beforeEach(async () => {
    intake = new Intake({});
    intake.scene.expect('A', 'dc', 5);
    await intake.batch(placing({ A: 3 }, { wish: 'backorder' }));
    await intake.ledgerAnswers();
  });

  it('is answered with what is awaited and by when, and not as out of stock', async () => {
    const [outcome] = intake.answers;
    expect(outcome).toMatchObject({ state: 'WAITING', awaitedUnits: 3, expectedAt: LEAVES_AT });
    const body = { ...placing({ A: 3 }, { wish: 'backorder' }), type: undefined, id: undefined, source: undefined };
    const desk = { ask: () => Promise.resolve([{ kind: 'answered' as const, outcome: outcome! }]) };
    expect(await placeOrders([body], desk)).toMatchObject({
      backordered: 1,
      outOfStock: 0,
      items: [{ result: 'backordered', expectedAt: LEAVES_AT }],
    });
  });

  it('is told on orders.events, and shown with its day to staff and to its customer', () => {
    expect(events().map(({ type, units, expectedAt }) => [type, units, expectedAt])).toEqual([
      ['backordered', 3, LEAVES_AT],
      ['waiting', undefined, undefined],
    ]);
    const order = intake.decision.writes.orders[0]!.order;
    expect(orderView(order)).toMatchObject({
      reason: 'awaiting_delivery',
      lines: [{ promisedUnits: 0, awaitedUnits: 3, expectedAt: LEAVES_AT }],
    });
    expect(TrackedOrder.parse(intake.sent('orders.tracking')[0])).toMatchObject({
      state: 'WAITING',
      reason: 'awaiting_delivery',
      lines: [{ awaitedUnits: 3, expectedAt: LEAVES_AT }],
    });
  });

  it('is told again when the goods came, once', async () => {
    intake.scene.arrive('A', 'dc', 5);
    const [arrived] = intake.scene.answers.splice(0);
    await intake.batch(arrived!, arrived!);
    expect(events().map(({ type }) => type)).toEqual(['backorder_arrived', 'task_assigned']);
    expect(orderView(intake.decision.writes.orders[0]!.order).lines[0]).not.toHaveProperty('awaitedUnits');
  });
});
