import type { OrderView } from '@shelfline/contracts/order-view';
import type { FinalAnswer, LedgerRequest } from '../ledger-requests.ts';
import type { Orders } from './promise-sums.ts';

/** Every order as REST lists it, page by page; with a state, those that it lists under it. */
export async function shownOrders(
  ask: (request: LedgerRequest) => Promise<FinalAnswer>,
  state?: string,
): Promise<Map<string, OrderView>> {
  const shown = new Map<string, OrderView>();
  const filter = state === undefined ? '' : `&state=${state}`;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await ask({ method: 'GET', path: `/api/orders?limit=200${filter}${from}` });
    if (status !== 200) throw new Error(`orders are not listed: ${status} ${JSON.stringify(body)}`);
    const { items, next } = body as { items: OrderView[]; next: string | null };
    for (const order of items) shown.set(order.orderId, order);
    cursor = next;
  }
  return shown;
}

/** Orders that REST does not show, shows otherwise than they are committed, or leaves out of the queue of those that wait. */
export function wronglyShown(
  orders: Orders,
  shown: ReadonlyMap<string, OrderView>,
  queue: ReadonlyMap<string, unknown>,
): string[] {
  const found = [...queue.keys()].filter((orderId) => orders.get(orderId)?.state !== 'WAITING');
  for (const [orderId, { state, lines, holds }] of orders) {
    const view = shown.get(orderId);
    if (view?.state !== state) found.push(`${orderId}: is ${state}, shown as ${view?.state}`);
    if (state === 'WAITING' && !queue.has(orderId)) found.push(`${orderId}: waits, and is not in the queue`);
    for (const { lineId, cancelledUnits } of lines) {
      const promised = holds.filter(
        (hold) => hold.lineId === lineId && (hold.state === 'held' || hold.state === 'fulfilled'),
      );
      const units = promised.reduce((sum, { quantity }) => sum + quantity, 0);
      const line = view?.lines.find((one) => one.lineId === lineId);
      if (line?.promisedUnits !== units || line.cancelledUnits !== cancelledUnits)
        found.push(`${orderId} ${lineId}: ${units} promised, ${line?.promisedUnits} shown`);
    }
  }
  return found;
}
