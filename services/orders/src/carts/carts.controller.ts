import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AskedOfCart, CartMessage, type CartOutcome, MemberId } from '@shelfline/contracts/cart';
import { notesOf } from '@shelfline/contracts/catalog-outcome';
import { DEFAULT_CHANNEL } from '@shelfline/contracts/stock-level';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { expectedVersionOf } from '@shelfline/service-kit/expected-version';
import type { z } from 'zod';
import type { AskLimit } from '../offers/ask-limit.js';
import { refusedBody } from '../order-problems.js';
import { placedAhead } from '../placed-ahead.js';
import { PromisableStock } from '../promisable-stock.js';
import { withinScope } from '../store-scope.js';
import {
  CartQuery,
  CartView,
  JoinCartBody,
  JoinedCartView,
  OrderCartBody,
  OrderedCartView,
  PatchCartBody,
  PutCartBody,
} from './cart-bodies.js';
import { CART_DESK, CART_LIMIT, CartDesk } from './cart-desk.js';
import { storedCart } from './cart-outputs.js';
import { otherChannel, otherMember, refusedOrder, tooOften, unknownMember, versionNeeded } from './cart-problems.js';
import { cartView } from './cart-views.js';
import { CartsRepository } from './carts.repository.js';

/** The part of a Fastify reply that is used. */
interface Reply {
  header(name: string, value: string): Reply;
}
type RequestHeaders = Readonly<Record<string, string | undefined>>;

@ApiTags('carts')
@Controller('api/orders/carts')
@Roles('storefront', 'integrator', 'store')
export class CartsController {
  constructor(
    @Inject(CartDesk) private readonly desk: CartDesk,
    @Inject(CartsRepository) private readonly carts: CartsRepository,
    @Inject(PromisableStock) private readonly stock: PromisableStock,
    @Inject(CART_LIMIT) private readonly limit: AskLimit,
  ) {}

  @Get(':memberId')
  @ApiOperation({ summary: 'A member’s cart, with what of each line could be promised now; nothing is reserved' })
  @ApiOkResponse({ standardSchema: CartView })
  async get(
    @Param('memberId') memberId: string,
    @Query({ schema: CartQuery }) query: CartQuery,
    @CurrentPrincipal() who: Principal,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<CartView> {
    const channel = this.channelFor(memberId, query.channel, who);
    const found = await this.carts.findCart(memberId);
    const cart = found && !found.isExpired ? storedCart(found) : undefined;
    return tagged(reply, cartView(memberId, cart, this.stock, { ...query, channel, ...ownRegion(who, query) }));
  }

  @Put(':memberId')
  @ApiOperation({ summary: 'Replaces the cart that was read (If-Match); [] empties it' })
  @ApiOkResponse({ standardSchema: CartView })
  async put(
    @Param('memberId') memberId: string,
    @Body({ schema: PutCartBody }) { id, channel, lines }: z.infer<typeof PutCartBody>,
    @Headers() headers: RequestHeaders,
    @CurrentPrincipal() who: Principal,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<CartView> {
    const expectedVersion = expectedVersionOf(headers);
    if (expectedVersion === undefined) throw versionNeeded();
    const said = this.saidBy(who, 'put', { memberId, channel, id });
    return this.change({ ...said, type: 'cart_put', expectedVersion, lines }, who, reply);
  }

  @Patch(':memberId')
  @ApiOperation({ summary: 'Lines added, set or taken out, each by itself; If-Match only where it matters' })
  @ApiOkResponse({ standardSchema: CartView })
  async patch(
    @Param('memberId') memberId: string,
    @Body({ schema: PatchCartBody }) { id, channel, changes }: z.infer<typeof PatchCartBody>,
    @Headers() headers: RequestHeaders,
    @CurrentPrincipal() who: Principal,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<CartView> {
    const said = this.saidBy(who, 'change', { memberId, channel, id });
    return this.change({ ...said, ...expected(headers), type: 'cart_change', changes }, who, reply);
  }

  @Post(':memberId/join')
  @HttpCode(200)
  @ApiOperation({ summary: 'A guest’s cart is added to the member’s, once however often it is sent' })
  @ApiOkResponse({ standardSchema: JoinedCartView })
  async join(
    @Param('memberId') memberId: string,
    @Body({ schema: JoinCartBody }) { guestCartId, channel, lines }: z.infer<typeof JoinCartBody>,
    @CurrentPrincipal() who: Principal,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof JoinedCartView>> {
    const said = this.saidBy(who, 'join', { memberId, channel, id: guestCartId });
    const outcome = await this.ask({ ...said, type: 'cart_join', lines }, who);
    return { ...this.viewOf(outcome, said.channel, who, reply), leftOut: outcome.leftOut ?? [] };
  }

  @Post(':memberId/order')
  @HttpCode(200)
  @Roles('integrator', 'store')
  @ApiOperation({ summary: 'Orders some of the cart, or all; what one order has taken no other can take' })
  @ApiOkResponse({ standardSchema: OrderedCartView })
  async order(
    @Param('memberId') memberId: string,
    @Body({ schema: OrderCartBody }) { id, channel, order }: z.infer<typeof OrderCartBody>,
    @Headers() headers: RequestHeaders,
    @CurrentPrincipal() who: Principal,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof OrderedCartView>> {
    const said = this.saidBy(who, 'order', { memberId, channel, id });
    // An order is ordered once, by whoever it is.
    const named = id === undefined ? { id: `order/${order.orderId}` } : {};
    const faults = [...withinScope(who, { ...order, channel: said.channel }), ...placedAhead(order, Date.now())];
    if (faults.length > 0) throw refusedBody(faults);
    const outcome = await this.ask({ ...said, ...named, ...expected(headers), type: 'cart_order', order }, who);
    if (outcome.order?.result === 'refused') throw refusedOrder(outcome);
    return { order: outcome.order!, cart: this.viewOf(outcome, said.channel, who, reply) };
  }

  private async change(said: object, who: Principal, reply: Reply): Promise<CartView> {
    const outcome = await this.ask(said, who);
    return this.viewOf(outcome, (said as { channel: string }).channel, who, reply);
  }

  private async ask(said: object, { role, jti, sub }: Principal): Promise<CartOutcome> {
    const { data, error } = CartMessage.safeParse(said);
    if (!data) throw refusedBody(notesOf(error, said));
    const seconds = role === 'storefront' ? this.limit.findWaitSeconds(jti ?? sub) : undefined;
    if (seconds !== undefined) throw tooOften(seconds);
    return this.desk.ask(data as AskedOfCart);
  }

  private viewOf(outcome: CartOutcome, channel: string, who: Principal, reply: Reply): CartView {
    const { memberId, cart } = outcome;
    return tagged(reply, cartView(memberId, cart, this.stock, { channel, ...ownRegion(who, {}) }));
  }

  /** Each caller numbers his requests as he likes: what he asked for and of whom keeps two of them apart. */
  private saidBy(
    who: Principal,
    what: string,
    { memberId, channel, id }: { memberId: string; channel: string | undefined; id: string | undefined },
  ) {
    const asked = this.channelFor(memberId, channel, who);
    const named = `${what}/${id ?? randomUUID()}/${memberId}`;
    return { id: named, source: CART_DESK, memberId, channel: asked };
  }

  /** A shopper is one member on one channel; a channel's system speaks for all members through that channel. */
  private channelFor(memberId: string, named: string | undefined, { role, member, channel }: Principal): string {
    if (role === 'storefront' && member !== memberId) throw otherMember();
    if (!MemberId.safeParse(memberId).success) throw unknownMember();
    const own = role === 'storefront' ? (channel ?? DEFAULT_CHANNEL) : channel;
    if (own !== undefined && named !== undefined && named !== own) throw otherChannel(own, named);
    return named ?? own ?? DEFAULT_CHANNEL;
  }
}

const expected = (headers: RequestHeaders): { expectedVersion?: number } => {
  const expectedVersion = expectedVersionOf(headers);
  return expectedVersion === undefined ? {} : { expectedVersion };
};
const ownRegion = ({ role, region }: Principal, asked: { readonly region?: string | undefined }) =>
  role === 'storefront' && region !== undefined ? { region } : { region: asked.region };

function tagged(reply: Reply, view: CartView): CartView {
  reply.header('etag', `"${view.version}"`);
  return view;
}
