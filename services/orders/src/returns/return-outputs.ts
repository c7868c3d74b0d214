import { TOPICS } from '@shelfline/contracts/topics';
import type { OutputRecord } from '@shelfline/streaming/stream';
import type { ReturnEffects } from '../domain/returns/return-effects.js';

export const returnOutputs = (orderId: string, { told, facts, refunds, exchanges }: ReturnEffects): OutputRecord[] => [
  ...facts.map((fact) => ({
    topic: TOPICS.deltas,
    key: fact.sku,
    partition: { by: fact.sku },
    type: `inventory.delta.${fact.type}`,
    value: fact,
  })),
  ...told.map((event) => ({
    topic: TOPICS.orderReturns,
    key: orderId,
    partition: 'same' as const,
    type: `shelfline.order.return_${event.type}`,
    value: event,
  })),
  ...refunds.map((refund) => ({
    topic: TOPICS.orderRefunds,
    key: orderId,
    partition: 'same' as const,
    type: 'shelfline.order.refund',
    value: refund,
  })),
  ...exchanges.map((order) => ({
    topic: TOPICS.orderIntake,
    key: order.orderId,
    partition: { by: order.orderId },
    type: 'shelfline.order.place',
    value: order,
  })),
];
