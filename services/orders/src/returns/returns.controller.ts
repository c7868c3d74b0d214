import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OrderId } from '@shelfline/contracts/order-id';
import {
  type ForeignSale,
  foreignOrderId,
  ReturnId,
  type ReturnMessage,
  ReturnView,
} from '@shelfline/contracts/return';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import type { z } from 'zod';
import type { Order } from '../domain/order.js';
import { DESK_SOURCE } from '../order-answers.js';
import { OrderDesk } from '../order-desk.js';
import { unknownOrder } from '../order-problems.js';
import { OrdersRepository } from '../orders.repository.js';
import { readCursor } from '../orders-cursor.js';
import { channelOf, isOfItsChannel } from '../queries/order-scope.js';
import { settledOutcome } from '../settled-outcome.js';
import { storeOf } from '../store-scope.js';
import {
  ApproveBody,
  CancelReturnBody,
  DisposeBody,
  InspectBody,
  ReceiveBody,
  RequestBody,
  ReturnableQuery,
  ReturnableView,
  ReturnsPage,
  ReturnsQuery,
} from './return-bodies.js';
import { byOneNumber, orderIdMissing, refusedReturn, soldHere, unknownReturn } from './return-problems.js';
import { returnableView, returnView } from './return-views.js';
import { ReturnsRepository, returnFields } from './returns.repository.js';

type Asked = { id?: string | undefined; by?: string | undefined };
type Step<T = ReturnMessage> = T extends ReturnMessage ? Omit<T, 'id' | 'source'> : never;

@ApiTags('returns')
@Controller('api/orders/returns')
@Roles('integrator', 'store')
export class ReturnsController {
  constructor(
    @Inject(OrderDesk) private readonly desk: OrderDesk,
    @Inject(OrdersRepository) private readonly orders: OrdersRepository,
    @Inject(ReturnsRepository) private readonly repository: ReturnsRepository,
  ) {}

  @Get('returnable')
  @ApiOperation({
    summary: 'What of an order may come back; by its number, the marketplace’s, the receipt’s or the member',
  })
  @ApiOkResponse({ standardSchema: ReturnableView })
  async returnable(
    @Query({ schema: ReturnableQuery }) query: z.infer<typeof ReturnableQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof ReturnableView>> {
    const [[by, value] = byOneNumber(), ...more] = Object.entries(query).filter(([, given]) => given !== undefined);
    if (more.length > 0) byOneNumber();
    const found = await this.repository.findSold(by as keyof typeof query, value, channelOf(principal, undefined));
    return { items: found.map(returnableView) };
  }

  @Get()
  @ApiOperation({
    summary: 'Returns, those of the order whose returns changed last first; by store, member, orderId, state, channel',
  })
  @ApiOkResponse({ standardSchema: ReturnsPage })
  async list(
    @Query({ schema: ReturnsQuery }) { limit, cursor, ...query }: z.infer<typeof ReturnsQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof ReturnsPage>> {
    const own = principal.role === 'store' ? { store: storeOf(principal, query.store) } : {};
    const channel = channelOf(principal, query.channel);
    const filter = Object.fromEntries(
      Object.entries({ ...query, ...own, channel }).filter(([, value]) => value !== undefined),
    );
    const at = cursor === undefined ? undefined : readCursor(cursor);
    const found = await this.repository.list(filter, at && { atMs: at.placedAtMs, orderId: at.orderId }, limit + 1);
    const shown = found.slice(0, limit);
    const items = shown.flatMap((order) =>
      (order.returns ?? [])
        .filter((one) => query.state === undefined || one.state === query.state)
        .filter((one) => filter['store'] === undefined || one.history.some((step) => step.store === filter['store']))
        .map((one) => returnView(order, one)),
    );
    return { items, next: found.length > limit ? cursorAfter(shown.at(-1)!) : null };
  }

  @Get(':orderId/:returnId')
  @ApiOperation({ summary: 'A return, and who did what with it' })
  @ApiOkResponse({ standardSchema: ReturnView })
  async get(
    @Param('orderId') orderId: string,
    @Param('returnId') returnId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReturnView> {
    const view = await this.find(orderId, returnId, principal);
    const own = principal.role === 'store' ? storeOf(principal, undefined) : undefined;
    // A store may take over what nobody has received yet; the rest is an affair of who has it.
    const isSeen = own === undefined || view.store === undefined || view.history.some(({ store }) => store === own);
    if (!isSeen) throw unknownReturn(orderId, returnId);
    return view;
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Ask for a return or an exchange; `receivedHere` where the pieces lie on the counter already',
  })
  @ApiOkResponse({ standardSchema: ReturnView })
  async request(
    @Body({ schema: RequestBody }) { id, orderId: named, override, store: asked, ...body }: z.infer<typeof RequestBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReturnView> {
    const orderId = body.foreign ? foreignOrderId(body.foreign) : named;
    if (orderId === undefined || !OrderId.safeParse(orderId).success) throw orderIdMissing();
    const store = asked === undefined && principal.role !== 'store' ? undefined : storeOf(principal, asked);
    const { returnId, lines, receivedHere, foreign, exchange } = body;
    if (foreign) await this.refuseKnown(foreign, principal);
    else await this.refuseOtherChannels(orderId, principal, () => unknownOrder(orderId));
    return this.ask(principal, { id: id ?? returnId, by: body.by }, (by) => ({
      type: 'return_requested',
      orderId,
      returnId,
      lines,
      by,
      receivedHere,
      ...(store ? { store } : {}),
      ...(foreign ? { foreign } : {}),
      ...(exchange ? { exchange } : {}),
      ...(override ? { override: { ...override, by, role: principal.role } } : {}),
    }));
  }

  @Post(':orderId/:returnId/receive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pieces have come, at any store' })
  @ApiOkResponse({ standardSchema: ReturnView })
  async receive(
    @Param('orderId') orderId: string,
    @Param('returnId') returnId: string,
    @Body({ schema: ReceiveBody }) { store, lines, ...asked }: z.infer<typeof ReceiveBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReturnView> {
    const at = storeOf(principal, store);
    return this.ask(principal, asked, (by) => ({ type: 'return_received', orderId, returnId, by, store: at, lines }));
  }

  @Post(':orderId/:returnId/inspect')
  @HttpCode(200)
  @ApiOperation({ summary: 'What the pieces are worth; what is accepted is paid back by the channel that sold it' })
  @ApiOkResponse({ standardSchema: ReturnView })
  async inspect(
    @Param('orderId') orderId: string,
    @Param('returnId') returnId: string,
    @Body({ schema: InspectBody }) { store, lines, override, ...asked }: z.infer<typeof InspectBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReturnView> {
    const at = storeOf(principal, store);
    return this.ask(principal, asked, (by) => ({
      type: 'return_inspected',
      orderId,
      returnId,
      by,
      store: at,
      lines,
      ...(override ? { override: { ...override, by, role: principal.role } } : {}),
    }));
  }

  @Post(':orderId/:returnId/dispose')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What becomes of inspected pieces: restock, transfer, quality_control, write_off, hand_back',
  })
  @ApiOkResponse({ standardSchema: ReturnView })
  async dispose(
    @Param('orderId') orderId: string,
    @Param('returnId') returnId: string,
    @Body({ schema: DisposeBody }) { store, lines, ...asked }: z.infer<typeof DisposeBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReturnView> {
    const at = storeOf(principal, store);
    return this.ask(principal, asked, (by) => ({ type: 'return_disposed', orderId, returnId, by, store: at, lines }));
  }

  @Post(':orderId/:returnId/approve')
  @HttpCode(200)
  @Roles('ops')
  @ApiOperation({ summary: 'Head office lets a held return go on' })
  @ApiOkResponse({ standardSchema: ReturnView })
  async approve(
    @Param('orderId') orderId: string,
    @Param('returnId') returnId: string,
    @Body({ schema: ApproveBody }) asked: z.infer<typeof ApproveBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReturnView> {
    return this.ask(principal, asked, (by) => ({ type: 'return_approved', orderId, returnId, by }));
  }

  @Post(':orderId/:returnId/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends what has not come' })
  @ApiOkResponse({ standardSchema: ReturnView })
  async cancel(
    @Param('orderId') orderId: string,
    @Param('returnId') returnId: string,
    @Body({ schema: CancelReturnBody }) { reason, ...asked }: z.infer<typeof CancelReturnBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ReturnView> {
    if (principal.role === 'store') await this.get(orderId, returnId, principal);
    const said = reason === undefined ? {} : { reason };
    return this.ask(principal, asked, (by) => ({ type: 'return_cancelled', orderId, returnId, by, ...said }));
  }

  private async ask(
    principal: Principal,
    { id, by = principal.sub }: Asked,
    stepBy: (by: string) => Step,
  ): Promise<ReturnView> {
    const step = stepBy(by) as Pick<ReturnMessage, 'type' | 'orderId' | 'returnId'>;
    const { orderId, returnId, type } = step;
    // What cannot be read on the topic is never answered.
    if (!OrderId.safeParse(orderId).success || !ReturnId.safeParse(returnId).success)
      throw unknownReturn(orderId, returnId);
    if (type !== 'return_requested')
      await this.refuseOtherChannels(orderId, principal, () => unknownReturn(orderId, returnId));
    const named = `${type}/${id ?? randomUUID()}/${orderId}`;
    const [answer] = await this.desk.ask([{ ...step, id: named, source: DESK_SOURCE } as ReturnMessage]);
    settledOutcome(answer!, orderId, refusedReturn);
    return this.find(orderId, returnId, principal);
  }

  /** The same answer where there is no such order. */
  private async refuseOtherChannels(orderId: string, principal: Principal, unknown: () => Error): Promise<void> {
    if (principal.role === 'store' || principal.channel === undefined) return;
    const order = await this.orders.findOrder(orderId);
    if (!order || !isOfItsChannel(order, principal)) throw unknown();
  }

  /** Counted twice it would be, once as ours and once as another shop's. */
  private async refuseKnown({ channel, number }: ForeignSale, principal: Principal): Promise<void> {
    const found = await this.repository.findSold('channelOrder', number, channelOf(principal, channel));
    const own = found.find(({ placed, foreign }) => placed.channel === channel && !foreign);
    if (own) throw soldHere(own.orderId, number);
  }

  private async find(orderId: string, returnId: string, principal: Principal): Promise<ReturnView> {
    const order = OrderId.safeParse(orderId).success ? await this.orders.findOrder(orderId) : undefined;
    const found = order?.returns?.find((one) => one.returnId === returnId);
    if (!order || !found || !isOfItsChannel(order, principal)) throw unknownReturn(orderId, returnId);
    return returnView(order, found);
  }
}

const cursorAfter = (order: Order): string =>
  Buffer.from(`${returnFields(order).returnedAt!.getTime()} ${order.orderId}`).toString('base64url');
