import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { notesOf } from '@shelfline/contracts/catalog-outcome';
import { OrderId } from '@shelfline/contracts/order';
import { HoldOrder } from '@shelfline/contracts/order-hold';
import type { OrderMessage } from '@shelfline/contracts/order-message';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import type { z } from 'zod';
import { DESK_SOURCE } from '../order-answers.js';
import { bodySchemaOf, RequestId } from '../order-bodies.js';
import { OrderDesk } from '../order-desk.js';
import { refusedBody, unknownOrder } from '../order-problems.js';
import { OrdersRepository } from '../orders.repository.js';
import { isVisibleTo } from '../queries/order-scope.js';
import { settledOutcome } from '../settled-outcome.js';
import { withinScope } from '../store-scope.js';
import { unreadIn } from '../unread-in.js';
import { ExtendBody, type HoldView, HoldView as HoldViewSchema, holdView, ReleaseBody } from './hold-bodies.js';

/** Its id may be left out: then it is the first basket under its orderId. */
const HOLD = bodySchemaOf(HoldOrder, ['type', 'source'], 'id');
const READ: ReadonlySet<string> = new Set(Object.keys(HoldOrder.shape));

@ApiTags('orders')
@Controller('api/orders/holds')
@Roles('integrator', 'store')
export class HoldsController {
  constructor(
    @Inject(OrderDesk) private readonly desk: OrderDesk,
    @Inject(OrdersRepository) private readonly repository: OrdersRepository,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Hold a basket for a time; POST /api/orders with the same orderId takes it over, the same orderId under another id makes it another basket',
  })
  @ApiBody({ schema: HOLD })
  @ApiOkResponse({ standardSchema: HoldViewSchema })
  async hold(@Body() body: unknown, @CurrentPrincipal() principal: Principal): Promise<HoldView> {
    const message = readHold(body);
    const faults = withinScope(principal, message);
    if (faults.length > 0) throw refusedBody(faults);
    await this.getOwnBasket(message.orderId, principal);
    const { id } = body as { readonly id?: string };
    const name = id === undefined ? 'without an id' : `under the id ${id}`;
    const view = await this.ask(message, `A basket for ${message.orderId} ${name}`);
    const unreadFields = unreadIn(body as object, READ);
    return unreadFields.length > 0 ? { ...view, unreadFields } : view;
  }

  @Post(':orderId/extend')
  @HttpCode(200)
  @ApiOperation({ summary: 'Hold it longer, counted from now; a day in all at the longest' })
  @ApiOkResponse({ standardSchema: HoldViewSchema })
  async extend(
    @Param('orderId') orderId: string,
    @Body({ schema: ExtendBody }) { id, ttlSeconds }: z.infer<typeof ExtendBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<HoldView> {
    await this.getOwnBasket(orderId, principal);
    return this.ask({ type: 'hold_extend', ...named('extend', orderId, id), ttlSeconds });
  }

  @Post(':orderId/release')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give back what is held' })
  @ApiOkResponse({ standardSchema: HoldViewSchema })
  async release(
    @Param('orderId') orderId: string,
    @Body({ schema: ReleaseBody }) { id }: z.infer<typeof ReleaseBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<HoldView> {
    await this.getOwnBasket(orderId, principal);
    return this.ask({ type: 'hold_release', ...named('release', orderId, id) });
  }

  /** What cannot be read on the topic is never answered; another store’s or channel’s basket is none of this one’s affair. */
  private async getOwnBasket(orderId: string, principal: Principal): Promise<void> {
    if (!OrderId.safeParse(orderId).success) throw unknownOrder(orderId);
    const order = await this.repository.findOrder(orderId);
    if (order && (!isVisibleTo(order, principal) || withinScope(principal, order.placed).length > 0))
      throw unknownOrder(orderId);
  }

  private async ask(message: OrderMessage, what?: string): Promise<HoldView> {
    const { orderId } = message;
    const [answer] = await this.desk.ask([message]);
    settledOutcome(answer!, orderId, undefined, what);
    return holdView((await this.repository.findOrder(orderId))!);
  }
}

const named = (what: string, orderId: string, id: string = randomUUID()) => ({
  id: `${what}/${orderId}/${id}`,
  source: DESK_SOURCE,
  orderId,
});

function readHold(body: unknown): HoldOrder {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw refusedBody([{ field: '', code: 'invalid', detail: 'a basket must be a JSON object' }]);
  const { id, orderId, ...rest } = body as Readonly<Record<string, unknown>>;
  // The same basket again without an id is the same request.
  const request = RequestId.default('first').safeParse(id);
  if (!request.success)
    throw refusedBody([{ field: 'id', code: 'invalid', detail: 'must be a text of 1 to 40 printable characters' }]);
  const order = typeof orderId === 'string' ? orderId.slice(0, 64) : '';
  const message = { ...rest, type: 'hold', ...named('hold', order, request.data), orderId };
  const read = HoldOrder.safeParse(message);
  if (!read.success) throw refusedBody(notesOf(read.error, message));
  return read.data;
}
