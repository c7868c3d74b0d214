import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { sayIssues } from '@shelfline/contracts/issue-words';
import { TransferId, TransferMessage } from '@shelfline/contracts/transfer';
import { TransferView } from '@shelfline/contracts/transfer-view';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import type { z } from 'zod';
import type { Transfer } from '../domain/transfers/transfer.js';
import { cursorAfter, readCursor } from '../orders-cursor.js';
import {
  DecideBody,
  OnTheirWayPage,
  OnTheirWayQuery,
  ReceiveBody,
  RequestBody,
  ShipBody,
  TransfersPage,
  TransfersQuery,
} from './transfer-bodies.js';
import { TRANSFER_DESK, TransferDesk, unknownTransfer } from './transfer-desk.js';
import { transferView } from './transfer-outputs.js';
import { TransfersRepository } from './transfers.repository.js';

type Body<T extends z.ZodType> = z.infer<T>;

@ApiTags('transfers')
@Controller('api/transfers')
@Roles('integrator', 'store')
export class TransfersController {
  constructor(
    @Inject(TransferDesk) private readonly desk: TransferDesk,
    @Inject(TransfersRepository) private readonly repository: TransfersRepository,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask for goods to be brought from one place to another' })
  @ApiOkResponse({ standardSchema: TransferView })
  request(@Body({ schema: RequestBody }) body: Body<typeof RequestBody>, @CurrentPrincipal() who: Principal) {
    return this.ask({ type: 'request', id: `request/${body.transferId}`, ...body }, body.transferId, who);
  }

  @Get()
  @ApiOperation({ summary: 'Transfers, newest first; a store sees what it sends or receives' })
  @ApiOkResponse({ standardSchema: TransfersPage })
  async list(
    @Query({ schema: TransfersQuery }) query: Body<typeof TransfersQuery>,
    @CurrentPrincipal() who: Principal,
  ): Promise<Body<typeof TransfersPage>> {
    const { from, to, state, order, overdue, requestedBefore, limit, cursor } = query;
    const { placedAtMs, orderId } = cursor === undefined ? {} : readCursor(cursor);
    const found = await this.repository.list({
      place: placeOf(who),
      from,
      to,
      state,
      orderId: order,
      isOverdue: overdue !== undefined,
      requestedBeforeMs: requestedBefore === undefined ? undefined : Date.parse(requestedBefore),
      ...(placedAtMs === undefined ? {} : { after: { requestedAtMs: placedAtMs, transferId: orderId! } }),
      limit: limit + 1,
    });
    const shown = found.slice(0, limit);
    const next = found.length > limit ? cursorOf(shown.at(-1)!) : null;
    return { items: shown.map(transferView), next };
  }

  @Get('on-their-way')
  @ApiOperation({ summary: 'Stock in transit: by SKU, by the place it goes to, or both' })
  @ApiOkResponse({ standardSchema: OnTheirWayPage })
  async onTheirWay(
    @Query({ schema: OnTheirWayQuery }) { sku, location, limit, cursor }: Body<typeof OnTheirWayQuery>,
    @CurrentPrincipal() who: Principal,
  ): Promise<Body<typeof OnTheirWayPage>> {
    const { goods, next } = await this.repository.findOnTheirWay(
      { sku, location, place: placeOf(who) },
      cursor ?? '',
      limit,
    );
    return { items: goods, next };
  }

  @Get(':transferId')
  @ApiOperation({ summary: 'A transfer with its lines, what differed, and what can be done now' })
  @ApiOkResponse({ standardSchema: TransferView })
  async get(@Param('transferId') transferId: string, @CurrentPrincipal() who: Principal): Promise<TransferView> {
    const isId = TransferId.safeParse(transferId).success;
    const transfer = isId ? (await this.repository.findTransfers([transferId])).get(transferId) : undefined;
    const place = placeOf(who);
    if (!transfer || (place !== undefined && transfer.from !== place && transfer.to !== place))
      throw unknownTransfer(transferId);
    return transferView(transfer);
  }

  @Post(':transferId/approve')
  @HttpCode(200)
  @Roles()
  @ApiOperation({ summary: 'Approve it: its goods are reserved where they leave' })
  @ApiOkResponse({ standardSchema: TransferView })
  approve(
    @Param('transferId') transferId: string,
    @Body({ schema: DecideBody }) body: Body<typeof DecideBody>,
    @CurrentPrincipal() who: Principal,
  ) {
    return this.step('approve', transferId, body, who);
  }

  @Post(':transferId/reject')
  @HttpCode(200)
  @Roles()
  @ApiOperation({ summary: 'Reject it; nothing was reserved' })
  @ApiOkResponse({ standardSchema: TransferView })
  reject(
    @Param('transferId') transferId: string,
    @Body({ schema: DecideBody }) body: Body<typeof DecideBody>,
    @CurrentPrincipal() who: Principal,
  ) {
    return this.step('reject', transferId, body, who);
  }

  @Post(':transferId/ship')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goods leave; what stays behind is reserved anew for the next shipment' })
  @ApiOkResponse({ standardSchema: TransferView })
  ship(
    @Param('transferId') transferId: string,
    @Body({ schema: ShipBody }) body: Body<typeof ShipBody>,
    @CurrentPrincipal() who: Principal,
  ) {
    return this.step('ship', transferId, body, who);
  }

  @Post(':transferId/receive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goods have come, sound, damaged, or more of them than left; as often as they come' })
  @ApiOkResponse({ standardSchema: TransferView })
  receive(
    @Param('transferId') transferId: string,
    @Body({ schema: ReceiveBody }) body: Body<typeof ReceiveBody>,
    @CurrentPrincipal() who: Principal,
  ) {
    return this.step('receive', transferId, body, who);
  }

  @Post(':transferId/close')
  @HttpCode(200)
  @ApiOperation({ summary: 'Nothing more comes: what is still in transit is missing' })
  @ApiOkResponse({ standardSchema: TransferView })
  close(
    @Param('transferId') transferId: string,
    @Body({ schema: DecideBody }) body: Body<typeof DecideBody>,
    @CurrentPrincipal() who: Principal,
  ) {
    return this.step('close', transferId, body, who);
  }

  @Post(':transferId/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'What has not left stays, and is free again' })
  @ApiOkResponse({ standardSchema: TransferView })
  cancel(
    @Param('transferId') transferId: string,
    @Body({ schema: DecideBody }) body: Body<typeof DecideBody>,
    @CurrentPrincipal() who: Principal,
  ) {
    return this.step('cancel', transferId, body, who);
  }

  @Post(':transferId/turn-back')
  @HttpCode(200)
  @ApiOperation({ summary: 'What was in transit is back at the place it left' })
  @ApiOkResponse({ standardSchema: TransferView })
  turnBack(
    @Param('transferId') transferId: string,
    @Body({ schema: DecideBody }) body: Body<typeof DecideBody>,
    @CurrentPrincipal() who: Principal,
  ) {
    return this.step('turn_back', transferId, body, who);
  }

  private step(type: string, transferId: string, { id, ...body }: { id?: string | undefined }, who: Principal) {
    if (!TransferId.safeParse(transferId).success) throw unknownTransfer(transferId);
    // Each place numbers its requests as it likes: its code keeps two of them apart.
    const named = `${type}/${placeOf(who) ?? 'brand'}/${id ?? randomUUID()}`;
    return this.ask({ type, id: named, transferId, ...body }, transferId, who);
  }

  private async ask(said: object, transferId: string, who: Principal): Promise<TransferView> {
    const place = placeOf(who);
    const sent = { ...said, source: TRANSFER_DESK, ...(place === undefined ? {} : { place }) };
    const { data, error } = TransferMessage.safeParse(sent);
    if (!data)
      throw problem(
        422,
        'invalid',
        'The transfer cannot be taken as it is',
        `${sayIssues(error.issues, sent, 'the transfer')}. Nothing was changed.`,
      );
    await this.desk.ask(data);
    return this.get(transferId, who);
  }
}

/** A store speaks for itself alone; undefined = for the brand. */
function placeOf({ role, store }: Principal): string | undefined {
  if (role !== 'store') return undefined;
  if (store === undefined)
    throw problem(403, 'store-missing', 'The token is for no store', 'Get a token that names its store.');
  return store;
}

const cursorOf = ({ requestedAtMs, transferId }: Transfer): string =>
  cursorAfter({ placedAtMs: requestedAtMs, orderId: transferId });
