import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import { OrderView } from '@shelfline/contracts/order-view';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import type { z } from 'zod';
import type { Order } from '../domain/order.js';
import type { Placed } from '../domain/placed.js';
import { DESK_SOURCE } from '../order-answers.js';
import { OrderDesk } from '../order-desk.js';
import { refusedBody, unknownOrder } from '../order-problems.js';
import { orderView } from '../order-views.js';
import { OrdersRepository } from '../orders.repository.js';
import { getVisibleOrder } from '../queries/order-scope.js';
import { settledOutcome } from '../settled-outcome.js';
import { withinScope } from '../store-scope.js';
import { ChangeBody } from './change-bodies.js';

@ApiTags('orders')
@Controller('api/orders')
@Roles('integrator', 'store')
export class ChangesController {
  constructor(
    @Inject(OrderDesk) private readonly desk: OrderDesk,
    @Inject(OrdersRepository) private readonly repository: OrdersRepository,
  ) {}

  @Post(':orderId/change')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Quantities of lines (0 cancels one), or another method, destination or store, as long as nobody picks it',
  })
  @ApiOkResponse({ standardSchema: OrderView })
  async change(
    @Param('orderId') orderId: string,
    @Body({ schema: ChangeBody }) { id = randomUUID(), ...change }: z.infer<typeof ChangeBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<OrderView> {
    const { placed } = await this.getOwn(orderId, principal);
    const faults = wayBeyond(change, placed, principal);
    if (faults.length > 0) throw refusedBody(faults);
    const [answer] = await this.desk.ask([
      { type: 'change', id: `change/${orderId}/${id}`, source: DESK_SOURCE, orderId, ...change },
    ]);
    settledOutcome(answer!, orderId);
    return orderView((await this.repository.findOrder(orderId))!);
  }

  /** A store changes what it sold, or what is collected at its counter; the system of a channel what that sold. */
  private async getOwn(orderId: string, principal: Principal): Promise<Order> {
    const order = await getVisibleOrder(this.repository, orderId, principal);
    if (withinScope(principal, order.placed).length > 0) throw unknownOrder(orderId);
    return order;
  }
}

/** What a store could not have placed like that it does not make of an order either. */
const wayBeyond = (
  { method, store }: Pick<z.infer<typeof ChangeBody>, 'method' | 'store'>,
  placed: Placed,
  principal: Principal,
): FieldNote[] =>
  withinScope(principal, { ...placed, method: method ?? placed.method, store: store ?? placed.store }).map(
    ({ code }) => ({
      field: store === undefined ? 'method' : 'store',
      code,
      detail: `this token changes only what ${principal.store} sold or hands out at its own counter, and so it has to stay; leave the way as it is, or use a system’s token`,
    }),
  );
