import { expect, it } from '@jest/globals';
import { Metrics } from '@shelfline/service-kit/metrics';
import { RecordTooLargeError } from '@shelfline/streaming/errors';
import { OrderDesk } from './order-desk.js';
import { OrdersMetrics } from './orders-metrics.js';
import { placeMessage } from './testing/placing.js';

it('an order that no record can hold is not said to be perhaps taken: sending it again would never help', async () => {
  const error = new RecordTooLargeError('orders.intake', 'A1', 2_000_000, 1_000_000);
  const desk = new OrderDesk(
    { publish: () => Promise.resolve([{ ok: false, error }]) } as never,
    { expect: () => Promise.resolve(undefined) } as never,
    { findEntries: () => Promise.resolve(new Map()) } as never,
    { findOrders: () => Promise.resolve(new Map()) },
    new OrdersMetrics(new Metrics('orders')),
    100,
  );
  expect(await desk.ask([placeMessage()])).toEqual([{ kind: 'too_large' }]);
});
