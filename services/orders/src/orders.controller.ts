import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OrderId } from '@shelfline/contracts/order';
import { OrderView } from '@shelfline/contracts/order-view';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import type { z } from 'zod';
import type { Order } from './domain/order.js';
import { sayRouting } from './domain/sourcing/say-routing.js';
import { orderOfTask } from './domain/work-task.js';
import {
  CancelBody,
  MAX_ORDERS,
  ORDER_SCHEMA,
  OrdersPage,
  OrdersQuery,
  PlacedAnswer,
  RoutingQuery,
  RoutingsView,
  TaskBody,
  TaskView,
} from './order-bodies.js';
import { DESK_SOURCE, OrderDesk } from './order-desk.js';
import { unknownOrder, unknownTask } from './order-problems.js';
import { orderView } from './order-views.js';
import { type OrderFilter, OrdersRepository } from './orders.repository.js';
import { cursorAfter, readCursor } from './orders-cursor.js';
import { placeOrders } from './place-orders.js';
import { PromisableStock } from './promisable-stock.js';
import { settledOutcome } from './settled-outcome.js';
import { storeOf, withinScope } from './store-scope.js';
import { TrackingLinks } from './tracking/tracking-links.js';

/** Of an order that was sent from place to place. */
const MOST_ROUTINGS = 20;

@ApiTags('orders')
@Controller('api/orders')
@Roles('integrator', 'store')
export class OrdersController {
  constructor(
    @Inject(OrderDesk) private readonly desk: OrderDesk,
    @Inject(OrdersRepository) private readonly repository: OrdersRepository,
    @Inject(PromisableStock) private readonly stock: PromisableStock,
    @Inject(TrackingLinks) private readonly links: TrackingLinks,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Place one order, or up to 500; each is answered on its own, the same again the same, once it is known whether it is promised',
  })
  @ApiBody({ schema: { oneOf: [ORDER_SCHEMA, { type: 'array', maxItems: MAX_ORDERS, items: ORDER_SCHEMA }] } })
  @ApiOkResponse({ standardSchema: PlacedAnswer })
  async place(@Body() body: unknown, @CurrentPrincipal() principal: Principal): Promise<z.infer<typeof PlacedAnswer>> {
    const items: readonly unknown[] = Array.isArray(body) ? body : [body];
    if (items.length > MAX_ORDERS)
      throw problem(
        422,
        'too-many-items',
        'Too many orders at once',
        `The list has ${items.length} orders; at most ${MAX_ORDERS} are taken at once. Nothing was taken; send fewer.`,
      );
    const answer = await placeOrders(items, this.desk, (order) => withinScope(principal, order));
    return principal.role === 'store' ? answer : this.links.withLinks(answer);
  }

  @Get()
  @ApiOperation({ summary: 'Orders, newest first; by one of store, member, channelOrder or state' })
  @ApiOkResponse({ standardSchema: OrdersPage })
  async list(
    @Query({ schema: OrdersQuery }) query: z.infer<typeof OrdersQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof OrdersPage>> {
    const { limit, cursor } = query;
    const after = cursor === undefined ? {} : { after: readCursor(cursor) };
    const own = principal.role === 'store' ? { withTaskAt: storeOf(principal, query.store) } : {};
    const found = await this.repository.list({ filter: filterOf(query), ...own, ...after, limit: limit + 1 });
    const shown = found.slice(0, limit);
    return { items: shown.map(orderView), next: found.length > limit ? cursorAfter(shown.at(-1)!) : null };
  }

  @Get(':orderId')
  @ApiOperation({ summary: 'An order with its lines and its tasks' })
  @ApiOkResponse({ standardSchema: OrderView })
  async get(@Param('orderId') orderId: string, @CurrentPrincipal() principal: Principal): Promise<OrderView> {
    return orderView(await this.getVisible(orderId, principal));
  }

  /** The same answer where there is none and where it is no affair of this store. */
  private async getVisible(orderId: string, principal: Principal): Promise<Order> {
    const order = OrderId.safeParse(orderId).success ? await this.repository.findOrder(orderId) : undefined;
    if (!order || (principal.role === 'store' && !concerns(order, storeOf(principal, undefined))))
      throw unknownOrder(orderId);
    return order;
  }

  @Get(':orderId/routing')
  @ApiOperation({ summary: 'Why it goes where it goes, in words and in figures; the newest decision first' })
  @ApiOkResponse({ standardSchema: RoutingsView })
  async routing(
    @Param('orderId') orderId: string,
    @Query({ schema: RoutingQuery }) { language }: z.infer<typeof RoutingQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof RoutingsView>> {
    await this.getVisible(orderId, principal);
    const routings = await this.repository.findRoutings(orderId, MOST_ROUTINGS);
    return {
      orderId,
      routings: routings.map(({ version, why }) => ({
        version,
        at: new Date(why.decidedAtMs).toISOString(),
        words: sayRouting(why, language, (code) => this.stock.nameOf(code, language)),
        figures: { ...why },
      })),
    };
  }

  @Post(':orderId/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancels what has not left the house' })
  @ApiOkResponse({ standardSchema: OrderView })
  async cancel(
    @Param('orderId') orderId: string,
    @Body({ schema: CancelBody }) { id: named, reason }: z.infer<typeof CancelBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<OrderView> {
    if (!OrderId.safeParse(orderId).success) throw unknownOrder(orderId);
    if (principal.role === 'store') await this.getVisible(orderId, principal);
    const said = reason === undefined ? {} : { reason };
    const id = `cancel/${orderId}/${named ?? randomUUID()}`;
    const [answer] = await this.desk.ask([{ type: 'cancel', id, source: DESK_SOURCE, orderId, ...said }]);
    settledOutcome(answer!, orderId);
    return this.get(orderId, principal);
  }

  @Post('tasks')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a store or warehouse did with a task: accept, reject, pick, pack, ready, hand_over, ship, deliver',
  })
  @ApiOkResponse({ standardSchema: TaskView })
  async work(
    @Body({ schema: TaskBody }) { store: asked, id, taskId, ...step }: z.infer<typeof TaskBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof TaskView>> {
    const store = storeOf(principal, asked);
    const orderId = orderOfTask(taskId);
    // What cannot be read on the topic is never answered.
    if (!OrderId.safeParse(orderId).success) throw unknownTask(store, taskId);
    // Stores number their requests as they like: the store’s code keeps two of them apart.
    const named = `t/${store}/${id ?? randomUUID()}`;
    const [answer] = await this.desk.ask([
      { type: 'task', id: named, source: DESK_SOURCE, orderId, taskId, store, ...step },
    ]);
    const { taskState, version } = settledOutcome(answer!, orderId);
    return { taskId, state: taskState!, version };
  }
}

/** It has, had or is to have something to do for it. */
const concerns = ({ placed, tasks }: Order, store: string): boolean =>
  placed.store === store || placed.soldAt === store || tasks.some(({ location }) => location === store);

const FILTERS = ['store', 'member', 'channelOrder', 'state'] as const;
function filterOf(query: z.infer<typeof OrdersQuery>): OrderFilter {
  const asked = FILTERS.filter((by) => query[by] !== undefined);
  if (asked.length > 1)
    throw problem(
      400,
      'too-many-filters',
      'Orders are listed by one thing at a time',
      `Ask by ${asked[0]} or by ${asked[1]}, not by both.`,
    );
  const [by] = asked;
  return by === undefined ? { by: 'all' } : { by, value: query[by]! };
}
