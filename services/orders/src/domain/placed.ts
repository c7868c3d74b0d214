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
>;
