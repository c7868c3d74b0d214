import { Destination, type OrderLine, type PlaceOrder } from '@shelfline/contracts/order';
import { type Decided, type OrderContext, OrderDraft, type Refusal, refused } from './decision.js';
import type { Order } from './order.js';
import type { Placed } from './placed.js';
import { settle } from './settle-order.js';

/** A new order, or why there is none. */
export function placeOrder(message: PlaceOrder, known: Order | undefined, context: OrderContext): Decided {
  if (known)
    return refused({
      code: 'order_exists',
      field: 'orderId',
      detail: `there is an order ${message.orderId} already, placed by another message; give this one another orderId, or look at that one`,
    });
  const refusals = [...unknownPlaces(message, context), ...unknownProducts(message, context)];
  if (refusals.length > 0) return refused(...refusals);
  const { id, source, lines } = message;
  const placed = placedOf(message);
  const draft = new OrderDraft(undefined, context);
  draft.add({ type: 'placed', orderId: message.orderId, askedBy: `${source}/${id}`, placed, lines: lines.map(lineOf) });
  settle(draft, context);
  return draft.decided();
}

function unknownPlaces({ channel, store }: PlaceOrder, { findChannel, findLocation }: OrderContext): Refusal[] {
  const found: Refusal[] = [];
  if (!findChannel(channel)?.active)
    found.push({
      code: 'unknown_channel',
      field: 'channel',
      detail: `no channel ${channel} sells now; add it to the catalog, or give another one`,
    });
  if (store !== undefined && !findLocation(store)?.active)
    found.push({
      code: 'unknown_store',
      field: 'store',
      detail: `no place ${store} is open; add it to the catalog, or give another one`,
    });
  return found;
}

const unknownProducts = ({ lines }: PlaceOrder, { knowsSku }: OrderContext): Refusal[] =>
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
const lineOf = ({ lineId, sku, quantity, unitPriceMinor }: OrderLine): OrderLine => ({
  lineId,
  sku,
  quantity,
  unitPriceMinor,
});
const destinationOf = (sent: Destination): Destination =>
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
});
