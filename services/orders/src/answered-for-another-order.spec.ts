import { describe, expect, it } from '@jest/globals';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { versionOf } from '@shelfline/contracts/stock-level';
import { Metrics } from '@shelfline/service-kit/metrics';
import type { Order } from './domain/order.js';
import { OrderDesk } from './order-desk.js';
import { OrdersMetrics } from './orders-metrics.js';
import { contentHashOf } from './read-message.js';
import { placeMessage } from './testing/placing.js';

const taken = (state: OrderOutcome['state']): OrderOutcome => ({
  id: 'place/A1',
  source: 'orders-api',
  orderId: 'A1',
  result: 'applied',
  ...(state ? { state } : {}),
  version: 7,
});

/** Nothing stands behind its line. */
const ASKED = { lines: [{ lineId: '1', sku: 'COAT', quantity: 1, unitPriceMinor: 1, cancelledUnits: 0 }], holds: [] };

/** `decided` = what the database holds, before the request and after its answer. */
function deskWhere({
  before,
  after,
  tail,
  order,
  isKafkaAway = false,
}: {
  before?: OrderMessage;
  after?: OrderMessage;
  tail?: OrderOutcome;
  order?: Partial<Order>;
  isKafkaAway?: boolean;
}) {
  let sent = 0;
  let lookUps = 0;
  const entriesOf = (message: OrderMessage | undefined) =>
    new Map(
      message
        ? [
            [
              'orders-api/place/A1',
              {
                _id: '',
                partition: 0,
                offset: 0,
                outcome: 'applied',
                contentHash: contentHashOf(message),
                answer: taken('RESERVING'),
              },
            ],
          ]
        : [],
    );
  const desk = new OrderDesk(
    {
      publish: () =>
        Promise.resolve([
          isKafkaAway ? { ok: false, error: new Error('no broker') } : { ok: true, partition: 0, offset: sent++ },
        ]),
    } as never,
    { expect: () => Promise.resolve(tail) } as never,
    {
      findEntries: () => {
        lookUps++;
        return Promise.resolve(entriesOf(before ?? (sent === 0 ? undefined : after)));
      },
    } as never,
    { findOrders: () => Promise.resolve(new Map(order ? [['A1', { ...ASKED, ...order } as Order]] : [])) },
    new OrdersMetrics(new Metrics('orders')),
    100,
  );
  return { desk, sent: () => sent, lookUps: () => lookUps };
}

describe('an answer by REST', () => {
  const mine = placeMessage();
  const other = placeMessage({ currency: 'CNY' });

  it('is not that of another order that was under way under the same id', async () => {
    const { desk } = deskWhere({ after: other, tail: taken('ROUTED') });
    expect(await desk.ask([mine])).toEqual([{ kind: 'conflict' }]);
  });

  it('that names the place of what was sent is not looked up at all', async () => {
    const { desk, lookUps } = deskWhere({ tail: { ...taken('ROUTED'), askedVersion: versionOf(3, 0) } });
    expect(await desk.ask([mine])).toMatchObject([{ kind: 'answered', outcome: { state: 'ROUTED' } }]);
    expect(lookUps()).toBe(0);
  });

  it('to an order that is sent again says what became of it, not that it was taken', async () => {
    const { desk, sent } = deskWhere({ before: mine, order: { state: 'ROUTED', version: 9 } });
    for (let again = 0; again < 3; again++)
      expect(await desk.ask([mine])).toMatchObject([{ kind: 'answered', outcome: { state: 'ROUTED', version: 9 } }]);
    // Once it is seen that things come again, they are looked up first.
    expect(sent()).toBe(1);
  });

  it('to an order that is sent again is known while Kafka is away; to one that is new it is not', async () => {
    const known = deskWhere({ before: mine, order: { state: 'ROUTED', version: 9 }, isKafkaAway: true });
    expect(await known.desk.ask([mine])).toMatchObject([{ kind: 'answered', outcome: { state: 'ROUTED' } }]);
    expect(await deskWhere({ isKafkaAway: true }).desk.ask([mine])).toEqual([{ kind: 'unavailable' }]);
  });

  it('that passed by unseen is read off the order', async () => {
    const { desk } = deskWhere({ after: mine, order: { state: 'WAITING', version: 9 } });
    expect(await desk.ask([mine])).toMatchObject([{ kind: 'answered', outcome: { state: 'WAITING' } }]);
  });
});
