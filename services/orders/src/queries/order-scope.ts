import { OrderId } from '@shelfline/contracts/order-id';
import type { Principal } from '@shelfline/service-kit/auth';
import { problem } from '@shelfline/service-kit/problem';
import type { Order } from '../domain/order.js';
import { unknownOrder } from '../order-problems.js';
import type { OrdersRepository } from '../orders.repository.js';
import { storeOf } from '../store-scope.js';

/** It has, had or is to have something to do for it. */
const concerns = ({ placed, tasks }: Order, store: string): boolean =>
  placed.store === store || placed.soldAt === store || tasks.some(({ location }) => location === store);

/** The system of a channel is shown what that sold alone; a store works for all of them. */
export const isOfItsChannel = ({ placed }: Pick<Order, 'placed'>, { role, channel }: Principal): boolean =>
  role === 'store' || channel === undefined || channel === placed.channel;

/** A store sees what concerns it, the system of a channel what that sold: of the rest not even that there is any. */
export const isVisibleTo = (order: Order, principal: Principal): boolean =>
  principal.role === 'store' ? concerns(order, storeOf(principal, undefined)) : isOfItsChannel(order, principal);

/** The same answer where there is none and where it is no affair of whoever asks. */
export async function getVisibleOrder(
  orders: Pick<OrdersRepository, 'findOrder'>,
  orderId: string,
  principal: Principal,
): Promise<Order> {
  const order = OrderId.safeParse(orderId).success ? await orders.findOrder(orderId) : undefined;
  if (!order || !isVisibleTo(order, principal)) throw unknownOrder(orderId);
  return order;
}

/** A store works for every channel; the system of a channel is shown that one alone. Undefined = of all. */
export function channelOf({ role, channel }: Principal, named: string | undefined): string | undefined {
  if (role === 'store' || channel === undefined) return named;
  if (named !== undefined && named !== channel)
    throw problem(
      403,
      'other-channel',
      'This token is for another channel',
      `It is for ${channel}; ask for orders of ${channel}, or get a token that sees those of ${named}.`,
    );
  return channel;
}
