import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import type { z } from 'zod';
import type { Order } from '../domain/order.js';
import type { StoreTerms } from '../domain/store/store-terms.js';
import { orderOfTask } from '../domain/work-task.js';
import { DESK_SOURCE } from '../order-answers.js';
import { OrderDesk } from '../order-desk.js';
import { unknownOrder } from '../order-problems.js';
import { OrdersRepository } from '../orders.repository.js';
import { getVisibleOrder } from '../queries/order-scope.js';
import { settledOutcome } from '../settled-outcome.js';
import { HandoverBody, HandoverView, handoverView } from './handover-views.js';

export const STORE_TERMS = Symbol('STORE_TERMS');

/** The code a customer collects with. Stores have no part in it: they see it when he shows it. */
@ApiTags('orders')
@Controller('api/orders/:orderId/handover')
@Roles('integrator')
export class HandoverController {
  constructor(
    @Inject(OrderDesk) private readonly desk: Pick<OrderDesk, 'ask'>,
    @Inject(OrdersRepository) private readonly repository: Pick<OrdersRepository, 'findOrder'>,
    @Inject(STORE_TERMS) private readonly terms: StoreTerms,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What waits to be collected, with the code its customer shows; for the owning channel' })
  @ApiOkResponse({ standardSchema: HandoverView })
  async get(@Param('orderId') orderId: string, @CurrentPrincipal() principal: Principal): Promise<HandoverView> {
    return handoverView(await this.getOwn(orderId, principal), this.terms);
  }

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'A new code, or handed over without one; who decided so and why is kept' })
  @ApiOkResponse({ standardSchema: HandoverView })
  async change(
    @Param('orderId') orderId: string,
    @Body({ schema: HandoverBody }) { id = randomUUID(), ...change }: z.infer<typeof HandoverBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<HandoverView> {
    await this.getOwn(orderId, principal);
    if (orderOfTask(change.taskId) !== orderId) throw unknownOrder(orderId);
    const named = `handover/${orderId}/${id}`;
    const [answer] = await this.desk.ask([{ type: 'handover', id: named, source: DESK_SOURCE, orderId, ...change }]);
    settledOutcome(answer!, orderId);
    return handoverView(await this.getOwn(orderId, principal), this.terms);
  }

  private getOwn(orderId: string, principal: Principal): Promise<Order> {
    return getVisibleOrder(this.repository, orderId, principal);
  }
}
