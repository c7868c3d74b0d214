import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import type { z } from 'zod';
import { OrdersRepository } from '../orders.repository.js';
import { PromisableStock } from '../promisable-stock.js';
import { getVisibleOrder } from '../queries/order-scope.js';
import { stepsOf } from './order-timeline.js';
import { OrderTimelineRepository } from './order-timeline.repository.js';
import { TimelinePage, TimelineQuery } from './timeline-views.js';

@ApiTags('orders')
@Controller('api/orders/:orderId/timeline')
@Roles('integrator', 'store')
export class TimelineController {
  constructor(
    @Inject(OrdersRepository) private readonly orders: Pick<OrdersRepository, 'findOrder'>,
    @Inject(OrderTimelineRepository) private readonly timelines: Pick<OrderTimelineRepository, 'find'>,
    @Inject(PromisableStock) private readonly stock: Pick<PromisableStock, 'nameOf'>,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who did what with an order when, in words; the oldest first' })
  @ApiOkResponse({ standardSchema: TimelinePage })
  async get(
    @Param('orderId') orderId: string,
    @Query({ schema: TimelineQuery }) { language, limit, cursor = '0' }: z.infer<typeof TimelineQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof TimelinePage>> {
    const order = await getVisibleOrder(this.orders, orderId, principal);
    const skip = Number(cursor);
    const found = await this.timelines.find(orderId, skip, limit + 1);
    const telling = { language, nameOf: (code: string) => this.stock.nameOf(code, language) };
    const steps = found.slice(0, limit).flatMap((entry) => stepsOf(entry, order, telling));
    return { orderId, steps, next: found.length > limit ? String(skip + limit) : null };
  }
}
