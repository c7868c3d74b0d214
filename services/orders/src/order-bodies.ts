import { FieldNote } from '@shelfline/contracts/catalog-outcome';
import { EventId, LocationCode } from '@shelfline/contracts/identifiers';
import { OrderId, OrderState, PlaceOrder, TaskState } from '@shelfline/contracts/order';
import { OrderOutcome, WhatBecame } from '@shelfline/contracts/order-view';
import { TaskRequest } from '@shelfline/contracts/store-protocol';
import { z } from 'zod';
import { UnreadName } from './unread-in.js';

export const MAX_ORDERS = 500;

/** Of the caller: the same again under it is answered again. */
export const RequestId = EventId.max(40).describe('Your name of this request: the same again is done once');
export const CancelBody = z.strictObject({ id: RequestId.optional(), reason: z.string().min(1).max(200).optional() });
export const TaskBody = TaskRequest.extend({
  store: LocationCode.optional().describe('Whose task; of the token unless told'),
});

export const PlacedItem = z.object({
  index: z.int().describe('Position in the request, from 0'),
  orderId: OrderId.optional(),
  result: z.enum([...WhatBecame.options, 'refused']).describe(WhatBecame.description!),
  promisedUnits: OrderOutcome.shape.promisedUnits,
  awaitedUnits: OrderOutcome.shape.awaitedUnits,
  waitingUnits: OrderOutcome.shape.waitingUnits,
  cancelledUnits: OrderOutcome.shape.cancelledUnits,
  expectedAt: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When the last of what is awaited is expected to leave'),
  state: OrderState.optional(),
  trackingToken: z.string().optional().describe('For the customer: shows the order over /storefront'),
  errors: z.array(FieldNote).optional(),
  unreadFields: z
    .array(UnreadName)
    .optional()
    .describe('Fields of the order and its lines that nothing reads: kept with it, without effect. The first twenty'),
});
export const PlacedAnswer = z.object({
  placed: z.int(),
  backordered: z.int(),
  waitingForCredit: z.int(),
  outOfStock: z.int(),
  pending: z.int(),
  refused: z.int(),
  items: z.array(PlacedItem),
});
export type PlacedItem = z.infer<typeof PlacedItem>;

export const TaskView = z.object({ taskId: z.string(), state: TaskState, version: z.int() });

/** A message as its sender writes it by REST: without what the service itself writes into it. */
export function bodySchemaOf(message: z.ZodType, writtenHere: readonly string[], optional = ''): object {
  const { $schema: _, ...schema } = z.toJSONSchema(message, { io: 'input', unrepresentable: 'any' });
  const isSent = (name: string) => !writtenHere.includes(name);
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => isSent(name)));
  return {
    ...schema,
    properties,
    required: (schema.required ?? []).filter((name) => isSent(name) && name !== optional),
  };
}
export const ORDER_SCHEMA = bodySchemaOf(PlaceOrder, ['type', 'id', 'source']);

export const RoutingQuery = z.strictObject({ language: z.enum(['en', 'zh']).default('en') });
export const RoutingsView = z.object({
  orderId: OrderId,
  routings: z.array(
    z.object({
      version: z.int(),
      at: z.iso.datetime(),
      words: z.array(z.string()).describe('For whoever runs a store'),
      figures: z.looseObject({}).describe('Each place, why it was chosen, ranked or passed over'),
    }),
  ),
});
