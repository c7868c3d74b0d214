import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OrderId } from '@shelfline/contracts/order-id';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import type { z } from 'zod';
import { orderOfTask } from '../domain/work-task.js';
import { DESK_SOURCE } from '../order-answers.js';
import { OrderDesk } from '../order-desk.js';
import { refusedBody, unknownTask } from '../order-problems.js';
import { OrdersRepository } from '../orders.repository.js';
import { PromisableStock } from '../promisable-stock.js';
import { channelOf, getVisibleOrder } from '../queries/order-scope.js';
import { settledOutcome } from '../settled-outcome.js';
import { RoundsRepository } from './rounds.repository.js';
import {
  RoundQuery,
  type RoundView,
  RoundView as RoundViewSchema,
  roundOf,
  VisitBody,
  VisitView,
} from './visit-views.js';

/** Of a store, orders that are packed or on their way: far more than its people bring in a day. */
const MOST_ORDERS = 500;

/** What a store's own people bring: who, when, and in which order. */
@ApiTags('visits')
@Controller('api/orders')
@Roles('integrator', 'store')
export class VisitsController {
  constructor(
    @Inject(OrderDesk) private readonly desk: Pick<OrderDesk, 'ask'>,
    @Inject(RoundsRepository) private readonly rounds: Pick<RoundsRepository, 'findBrought'>,
    @Inject(OrdersRepository) private readonly known: Pick<OrdersRepository, 'findOrder'>,
    @Inject(PromisableStock) private readonly stock: Pick<PromisableStock, 'findPlace'>,
  ) {}

  @Post('visits')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Who of the store brings a task, and when the customer is there; said again it is replaced',
  })
  @ApiOkResponse({ standardSchema: VisitView })
  async plan(
    @Body({ schema: VisitBody }) { id = randomUUID(), store: named, taskId, ...visit }: z.infer<typeof VisitBody>,
    @CurrentPrincipal() who: Principal,
  ): Promise<z.infer<typeof VisitView>> {
    const { from, until } = visit;
    if (from && until && Date.parse(from) >= Date.parse(until))
      throw refusedBody([{ field: 'until', code: 'invalid', detail: 'must be later than from' }]);
    const store = storeOf(who, named);
    const orderId = orderOfTask(taskId);
    if (!OrderId.safeParse(orderId).success) throw unknownTask(store, taskId);
    // Another store's is refused by the order itself; of other channels only the database knows.
    if (channelOf(who, undefined) !== undefined) await getVisibleOrder(this.known, orderId, who);
    const message = { type: 'visit' as const, id: `visit/${store}/${id}`, source: DESK_SOURCE, orderId, taskId, store };
    const [answer] = await this.desk.ask([{ ...message, ...visit }]);
    settledOutcome(answer!, orderId);
    return { taskId, visit };
  }

  @Get('rounds')
  @ApiOperation({ summary: 'What is packed or on its way to customers, in a good order from the store and back' })
  @ApiOkResponse({ standardSchema: RoundViewSchema })
  async round(
    @Query({ schema: RoundQuery }) { store: named, guide, day }: z.infer<typeof RoundQuery>,
    @CurrentPrincipal() who: Principal,
  ): Promise<RoundView> {
    const store = storeOf(who, named);
    const place = this.stock.findPlace(store)?.location;
    if (!place)
      throw problem(404, 'unknown-store', 'There is no such store', `The catalog has no ${store}. Correct the code.`);
    const channel = channelOf(who, undefined);
    const orders = await this.rounds.findBrought({ store, channel, limit: MOST_ORDERS });
    return roundOf(orders, { store, place, guide, day, nowMs: Date.now() });
  }
}

/** A store speaks for itself alone; systems say for whom. */
function storeOf({ role, store: own }: Principal, named: string | undefined): string {
  const store = role === 'store' ? own : (named ?? own);
  if (store === undefined)
    throw problem(
      400,
      'store-missing',
      'Whose it is is not said',
      'Give `store`, the place’s code, and send it again.',
    );
  if (named !== undefined && named !== store)
    throw problem(403, 'other-store', 'This token is for another store', `It is for ${store} alone.`);
  return store;
}
