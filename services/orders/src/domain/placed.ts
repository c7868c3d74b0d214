import type { PlaceOrder } from '@shelfline/contracts/order';

/** What the message said of the order as a whole. */
export type Placed = Pick<
  PlaceOrder,
  | 'channel'
  | 'placedAt'
  | 'currency'
  | 'method'
  | 'destination'
  | 'store'
  | 'wish'
  | 'memberId'
  | 'channelOrder'
  | 'payment'
  | 'promisedBy'
  | 'soldAt'
  | 'soldBy'
  | 'buyer'
>;

/** A basket that is held and not ordered: what it holds ends then, and no place hears of it. */
export interface Cart {
  readonly sinceMs: number;
  readonly untilMs: number;
}
