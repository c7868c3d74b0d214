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
import { DESK_SOURCE } from './order-answers.js';
import {
  CancelBody,
  MAX_ORDERS,
  ORDER_SCHEMA,
  PlacedAnswer,
  RoutingQuery,
  RoutingsView,
  TaskBody,
  TaskView,
} from './order-bodies.js';
import { OrderDesk } from './order-desk.js';
import { unknownOrder, unknownTask } from './order-problems.js';
import { orderView } from './order-views.js';
import { OrdersRepository } from './orders.repository.js';
import { placeOrders } from './place-orders.js';
import { placedAhead } from './placed-ahead.js';
import { PromisableStock } from './promisable-stock.js';
import { getVisibleOrder } from './queries/order-scope.js';
import { settledOutcome } from './settled-outcome.js';
import { storeOf, withinScope } from './store-scope.js';
import { OrderTimelineRepository } from './timeline/order-timeline.repository.js';
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
    @Inject(OrderTimelineRepository) private readonly timelines: Pick<OrderTimelineRepository, 'findRoutings'>,
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
    const answer = await placeOrders(items, this.desk, (order) => [
      ...withinScope(principal, order),
      ...placedAhead(order, Date.now()),
    ]);
    return principal.role === 'store' ? answer : this.links.withLinks(answer);
  }

  @Get(':orderId')
  @ApiOperation({ summary: 'An order with its lines and its tasks' })
  @ApiOkResponse({ standardSchema: OrderView })
  async get(@Param('orderId') orderId: string, @CurrentPrincipal() principal: Principal): Promise<OrderView> {
    return orderView(await this.getVisible(orderId, principal));
  }

  private getVisible(orderId: string, principal: Principal): Promise<Order> {
    return getVisibleOrder(this.repository, orderId, principal);
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
    const routings = await this.timelines.findRoutings(orderId, MOST_ROUTINGS);
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
    if (principal.role === 'store' || principal.channel !== undefined) await this.getVisible(orderId, principal);
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
