import type { z } from 'zod';
import { AppointmentMessage, AppointmentOutcome } from './appointment.js';
import { CartMessage, CartOutcome, StoredCart } from './cart.js';
import { CatalogChange, Channel, Location, Organisation, Product } from './catalog.js';
import { CatalogOutcome } from './catalog-outcome.js';
import { CreditRequest } from './credit.js';
import { StockMovement } from './movement.js';
import { OrderMessage } from './order-message.js';
import { OrderEvent, OrderOutcome, StoreTask } from './order-view.js';
import { ParcelMessage } from './parcel.js';
import { RefundInstruction, ReturnEvent } from './return.js';
import { PutRule, RuleOutcome, StoredRule } from './sourcing-rule.js';
import { FeedHeartbeat, StockCommand, StockFact } from './stock-delta.js';
import { Availability, StockLevel } from './stock-level.js';
import { StockOutcome } from './stock-outcome.js';
import type { TopicName } from './topics.js';
import { TrackedOrder } from './tracking.js';
import { TransferMessage } from './transfer.js';
import { TransferEvent, TransferOutcome } from './transfer-view.js';
import { DeadLetterNotice, FeedObservation, RiskEvent } from './upkeep.js';

export interface MessageDefinition {
  readonly name: string;
  readonly title: string;
  readonly schema: z.ZodType;
}

/** Which messages travel on which topic: the one source of AsyncAPI, JSON Schemas and their tests. */
export const MESSAGES: Readonly<Record<TopicName, readonly MessageDefinition[]>> = {
  deltas: [
    { name: 'StockFact', title: 'Something that happened to stock; never refused', schema: StockFact },
    {
      name: 'StockCommand',
      title: 'A promise asked for, a step of one, or a repair; may be refused',
      schema: StockCommand,
    },
    { name: 'FeedHeartbeat', title: 'A source says that it is alive', schema: FeedHeartbeat },
  ],
  levels: [{ name: 'StockLevel', title: 'Newest level of a SKU at a location', schema: StockLevel }],
  availability: [
    { name: 'Availability', title: 'What a channel may promise of a SKU in a region', schema: Availability },
  ],
  movements: [{ name: 'StockMovement', title: 'What one record did to levels', schema: StockMovement }],
  outcomes: [{ name: 'StockOutcome', title: 'Answer to a stock command, or a shortfall', schema: StockOutcome }],
  feeds: [{ name: 'FeedObservation', title: 'Sequence numbers of a source that were seen', schema: FeedObservation }],
  risks: [{ name: 'RiskEvent', title: 'Something people should look at', schema: RiskEvent }],
  catalogChanges: [{ name: 'CatalogChange', title: 'A change asked of the catalog', schema: CatalogChange }],
  catalogOutcomes: [{ name: 'CatalogOutcome', title: 'Answer to a catalog change', schema: CatalogOutcome }],
  products: [{ name: 'Product', title: 'A product', schema: Product }],
  locations: [{ name: 'Location', title: 'A place stock stands in', schema: Location }],
  channels: [{ name: 'Channel', title: 'A sales channel', schema: Channel }],
  organisations: [{ name: 'Organisation', title: 'An organisation', schema: Organisation }],
  orderIntake: [
    {
      name: 'OrderMessage',
      title: 'Something asked of an order, or that happened to it elsewhere',
      schema: OrderMessage,
    },
  ],
  orderOutcomes: [{ name: 'OrderOutcome', title: 'Answer to what was asked of an order', schema: OrderOutcome }],
  orderEvents: [{ name: 'OrderEvent', title: 'One step of an order', schema: OrderEvent }],
  orderReturns: [{ name: 'ReturnEvent', title: 'One step of a return', schema: ReturnEvent }],
  orderRefunds: [
    { name: 'RefundInstruction', title: 'What the selling channel is to pay back', schema: RefundInstruction },
  ],
  orderTasks: [{ name: 'StoreTask', title: 'What a store has to do for an order', schema: StoreTask }],
  creditRequests: [{ name: 'CreditRequest', title: 'Credit that is to be held for an order', schema: CreditRequest }],
  ruleChanges: [{ name: 'PutRule', title: 'A version of the sourcing rules that is asked for', schema: PutRule }],
  ruleOutcomes: [{ name: 'RuleOutcome', title: 'Answer to what was asked of the rules', schema: RuleOutcome }],
  rules: [{ name: 'StoredRule', title: 'A version of the sourcing rules', schema: StoredRule }],
  orderTracking: [{ name: 'TrackedOrder', title: 'An order as its customer sees it', schema: TrackedOrder }],
  cartIntake: [
    {
      name: 'CartMessage',
      title: 'Something asked of a member’s cart, or what became of an order made of it',
      schema: CartMessage,
    },
  ],
  cartOutcomes: [{ name: 'CartOutcome', title: 'Answer to what was asked of a cart', schema: CartOutcome }],
  carts: [{ name: 'StoredCart', title: 'A member’s cart as it stands', schema: StoredCart }],
  transferIntake: [
    {
      name: 'TransferMessage',
      title: 'Something asked of a transfer, or the ledger’s answer to it',
      schema: TransferMessage,
    },
  ],
  transferOutcomes: [
    { name: 'TransferOutcome', title: 'Answer to what was asked of a transfer', schema: TransferOutcome },
  ],
  transferEvents: [{ name: 'TransferEvent', title: 'One step of a transfer', schema: TransferEvent }],
  courierIntake: [
    {
      name: 'ParcelMessage',
      title: 'Something asked of a courier for a parcel, or that it said',
      schema: ParcelMessage,
    },
  ],
  appointmentIntake: [
    { name: 'AppointmentMessage', title: 'Something asked of a place’s appointments', schema: AppointmentMessage },
  ],
  appointmentOutcomes: [
    { name: 'AppointmentOutcome', title: 'Answer to what was asked of appointments', schema: AppointmentOutcome },
  ],
  deadLetters: [{ name: 'DeadLetterNotice', title: 'A record put aside', schema: DeadLetterNotice }],
};
