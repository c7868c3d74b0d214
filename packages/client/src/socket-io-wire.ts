import type { MemberCart } from './cart.js';
import type { TrackedOrder } from './order.js';
import { openSocketIoLink, request, type TokenSource } from './socket-io-link.js';
import type { StockView } from './stock.js';
import type { Wire, WireEvents } from './wire.js';

export function openSocketIoWire(url: string, token: TokenSource, events: WireEvents): Wire {
  const socket = openSocketIoLink({ url, namespace: '/storefront', token }, events);
  socket.on('stock', (views: readonly StockView[], { seq }: { seq: number }) => events.stock(views, seq));
  socket.on('order', (order: TrackedOrder) => events.order(order));
  socket.on('cart', (cart: MemberCart) => events.cart(cart));
  return {
    connect: () => void socket.connect(),
    request: (event, body, onAnswer) => request(socket, event, body, onAnswer),
    close: () => void socket.disconnect(),
  };
}
