import { z } from 'zod';
import { EventId, Instant, LocationCode, SourceName } from './identifiers.js';
import { OrderId, TaskId } from './order-id.js';

/** Where it can be seen that it was delivered; what it shows lies with whoever keeps pictures. */
export const DeliveryProof = z.looseObject({
  kind: z.enum(['photo', 'signature']),
  reference: z.string().min(1).max(300).describe('Where it is kept'),
});
export type DeliveryProof = z.infer<typeof DeliveryProof>;

export const TaskVisit = z.looseObject({
  guide: z.string().describe('Who goes'),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});
export type TaskVisit = z.infer<typeof TaskVisit>;

/** Who of the store brings it, and when. Topic `orders.intake`, key: orderId; said again it replaces what was said. */
export const PlanVisit = z
  .looseObject({
    type: z.literal('visit'),
    id: EventId,
    source: SourceName,
    orderId: OrderId,
    taskId: TaskId,
    store: LocationCode.describe('Who says so: only the store whose task it is is heard'),
    guide: z.string().min(1).max(100),
    from: Instant.optional().describe('The customer is there from then …'),
    until: Instant.optional().describe('… until then'),
  })
  .refine(({ from, until }) => !from || !until || Date.parse(from) < Date.parse(until), {
    path: ['until'],
    error: 'must be later than from',
  });
export type PlanVisit = z.infer<typeof PlanVisit>;
