import { Destination, type OrderLine, type PlaceOrder } from '@shelfline/contracts/order';
import { buyerFaults } from './business/check-buyer.js';
import { quoteFaults } from './check-quote.js';
import { openCredit } from './credit/fit-credit.js';
import { type Decided, type OrderContext, OrderDraft, type Refusal, refused } from './decision.js';
import { fitHolds } from './fit-holds.js';
import type { Order } from './order.js';
import type { Placed } from './placed.js';
import { settle } from './settle-order.js';

/** A new order, or why there is none. */
export function placeOrder(message: PlaceOrder, known: Order | undefined, context: OrderContext): Decided {
  if (known && !known.cart)
    return refused({
      code: 'order_exists',
      field: 'orderId',
      detail: `there is an order ${message.orderId} already, placed by another message; give this one another orderId, or look at that one`,
    });
  const refusals = [
    ...unknownNames(message, context),
    ...quoteFaults(message, context),
    ...buyerFaults(message, context),
  ];
  if (refusals.length > 0) return refused(...refusals);
  const { id, source, lines } = message;
  const placed = placedOf(message);
  const draft = new OrderDraft(known, context);
  draft.add({ type: 'placed', orderId: message.orderId, askedBy: `${source}/${id}`, placed, lines: lines.map(lineOf) });
  if (known) fitHolds(draft, known.placed);
  const account = accountOf(message, context);
  if (account !== undefined) openCredit(draft, account, context);
  settle(draft, context);
  return draft.decided();
}

/** Where it is paid on account; its buyer has one, or it would have been refused. */
const accountOf = ({ payment, buyer }: PlaceOrder, { findBuyer }: OrderContext): string | undefined =>
  payment === 'on_account' && buyer !== undefined ? findBuyer?.(buyer)?.terms?.account : undefined;

type Named = Pick<PlaceOrder, 'channel' | 'store' | 'soldAt'> & { readonly lines: readonly { readonly sku: string }[] };
export const unknownNames = (message: Named, context: OrderContext): Refusal[] => [
  ...unknownPlaces(message, context),
  ...unknownProducts(message, context),
];

function unknownPlaces({ channel, store, soldAt }: Named, { findChannel, findLocation }: OrderContext): Refusal[] {
  const found: Refusal[] = [];
  if (!findChannel(channel)?.active)
    found.push({
      code: 'unknown_channel',
      field: 'channel',
      detail: `no channel ${channel} sells now; add it to the catalog, or give another one`,
    });
  for (const [field, code] of [
    ['store', store],
    ['soldAt', soldAt],
  ] as const)
    if (code !== undefined && !findLocation(code)?.active)
      found.push({
        code: 'unknown_store',
        field,
        detail: `no place ${code} is open; add it to the catalog, or give another one`,
      });
  return found;
}

const unknownProducts = ({ lines }: Named, { knowsSku }: OrderContext): Refusal[] =>
  lines.flatMap(({ sku }, i) =>
    knowsSku(sku)
      ? []
      : [
          {
            code: 'unknown_sku',
            field: `lines[${i}].sku`,
            detail: `the catalog sells no product ${sku}; add it, or correct the line`,
          },
        ],
  );

/**
 * Fields that nobody knows stay on the topic, with the message. In a document they would be whatever anybody sends: names
 * and depths that MongoDB refuses, and with them every batch of the partition from then on.
 */
export const lineOf = ({ lineId, sku, quantity, unitPriceMinor }: OrderLine): OrderLine => ({
  lineId,
  sku,
  quantity,
  unitPriceMinor,
});
export const destinationOf = (sent: Destination): Destination =>
  Object.fromEntries(
    Object.keys(Destination.shape).flatMap((name) => (sent[name] === undefined ? [] : [[name, sent[name]]])),
  );

const placedOf = ({
  channel,
  placedAt,
  currency,
  method,
  destination,
  store,
  wish,
  memberId,
  channelOrder,
  payment,
  promisedBy,
  soldAt,
  soldBy,
  buyer,
}: PlaceOrder): Placed => ({
  channel,
  placedAt,
  currency,
  method,
  wish,
  payment,
  ...(destination ? { destination: destinationOf(destination) } : {}),
  ...(store ? { store } : {}),
  ...(memberId ? { memberId } : {}),
  ...(channelOrder ? { channelOrder } : {}),
  ...(promisedBy ? { promisedBy } : {}),
  ...(soldAt ? { soldAt } : {}),
  ...(soldBy ? { soldBy } : {}),
  ...(buyer ? { buyer } : {}),
});
