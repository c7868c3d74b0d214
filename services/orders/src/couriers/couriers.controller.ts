import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Header, Headers, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ParcelMessage } from '@shelfline/contracts/parcel';
import { TOPICS } from '@shelfline/contracts/topics';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Public, Roles } from '@shelfline/service-kit/auth-decorators';
import { Publisher } from '@shelfline/streaming/publisher';
import type { z } from 'zod';
import type { Parcel } from '../domain/couriers/parcel.js';
import { notConfirmed } from '../order-problems.js';
import { cursorAfter, readCursor } from '../orders-cursor.js';
import type { Courier, ParcelNotice } from './courier.js';
import { noLabel, notFailed, notReadable, notSigned, unknownCourier, unknownParcel } from './courier-problems.js';
import { ParcelsQuery, ParcelsView, ParcelView, parcelView, RetryBody, TakenView } from './courier-views.js';
import { labelDocument } from './label-document.js';
import { ParcelsRepository } from './parcels.repository.js';
import { sortNotices } from './sort-notices.js';
import { isSigned } from './webhook-signature.js';

export const COURIER_DOOR = Symbol('COURIER_DOOR');
export interface CourierDoor {
  readonly couriers: ReadonlyMap<string, Courier>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly nowMs: () => number;
}
type Received = { readonly rawBody?: Buffer };

/** Parcels and their labels, and the door at which couriers tell where they are. */
@ApiTags('couriers')
@Controller('api/orders/couriers')
@Roles('integrator', 'store')
export class CouriersController {
  constructor(
    @Inject(ParcelsRepository)
    private readonly repository: Pick<ParcelsRepository, 'findParcel' | 'findParcels' | 'list'>,
    @Inject(Publisher) private readonly publisher: Pick<Publisher, 'publish'>,
    @Inject(COURIER_DOOR) private readonly door: CourierDoor,
  ) {}

  @Get('parcels')
  @ApiOperation({
    summary: 'Parcels that couriers were asked for, changed last first; state=FAILED waits for a person',
  })
  @ApiOkResponse({ standardSchema: ParcelsView })
  async list(
    @Query({ schema: ParcelsQuery }) { limit, cursor, ...query }: z.infer<typeof ParcelsQuery>,
    @CurrentPrincipal() { role, store, channel }: Principal,
  ): Promise<z.infer<typeof ParcelsView>> {
    const own = role === 'store' ? { store: store ?? '' } : channel === undefined ? {} : { channel };
    const { placedAtMs, orderId } = cursor === undefined ? {} : readCursor(cursor);
    const after = placedAtMs === undefined ? undefined : { changedAtMs: placedAtMs, parcelId: orderId! };
    const found = await this.repository.list({ ...query, ...own, after, limit: limit + 1 });
    const shown = found.slice(0, limit);
    return { items: shown.map(parcelView), next: found.length > limit ? cursorOf(shown.at(-1)!) : null };
  }

  @Get('labels/:orderId/:number')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'The label to print: number as a barcode (Code 128), and where it goes' })
  async label(
    @Param('orderId') orderId: string,
    @Param('number') number: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<string> {
    const parcel = await this.getOwn(`${orderId}/${number}`, principal);
    if (parcel.tracking === undefined || parcel.state === 'CANCELLED') throw noLabel(parcel.parcelId);
    return labelDocument(parcel, parcel.tracking);
  }

  @Post('parcels/:orderId/:number/retry')
  @HttpCode(202)
  @ApiOperation({ summary: 'Asks once more for a label that could not be had' })
  @ApiOkResponse({ standardSchema: ParcelView })
  async retry(
    @Param('orderId') orderId: string,
    @Param('number') number: string,
    @Body({ schema: RetryBody }) { by }: z.infer<typeof RetryBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ParcelView> {
    const parcel = await this.getOwn(`${orderId}/${number}`, principal);
    const { parcelId, state } = parcel;
    if (state !== 'FAILED') throw notFailed(parcelId, state);
    const named = { id: `retry/${randomUUID()}`, source: 'orders-api', orderId, parcelId };
    await this.send([{ type: 'retry', ...named, by }]);
    return parcelView(parcel);
  }

  @Public()
  @Post(':courier/events')
  @HttpCode(202)
  @ApiOperation({
    summary: 'A courier tells where parcels are: signed, in the courier’s own form, the same again once',
  })
  @ApiOkResponse({ standardSchema: TakenView })
  async hear(
    @Param('courier') name: string,
    @Headers('courier-signature') signature: string | undefined,
    @Body() body: unknown,
    @Req() request: Received,
  ): Promise<z.infer<typeof TakenView>> {
    const { couriers, secrets, nowMs } = this.door;
    const [courier, secret] = [couriers.get(name), secrets.get(name)];
    if (!courier || secret === undefined) throw unknownCourier(name);
    if (!isSigned(secret, request.rawBody ?? Buffer.alloc(0), signature, nowMs())) throw notSigned();
    const notices = readNotices(courier, body);
    const known = await this.repository.findParcels(notices.map(({ parcelId }) => parcelId));
    const { messages, refused } = sortNotices(name, notices, known);
    const [first] = refused;
    if (first && messages.length === 0)
      throw first.code === 'unknown-parcel'
        ? unknownParcel(first.parcelId)
        : notReadable(`The event ${first.id} is not valid`);
    await this.send(messages);
    return { taken: messages.length, ...(first ? { refused: [...refused] } : {}) };
  }

  private async send(messages: readonly ParcelMessage[]): Promise<void> {
    const sent = await this.publisher.publish(
      messages.map((value) => ({
        topic: TOPICS.courierIntake,
        key: value.orderId,
        partitionBy: value.orderId,
        value,
      })),
    );
    if (sent.some(({ ok }) => !ok)) throw notConfirmed();
  }

  /** The same answer where there is none and where it is another store's, or of an order of another channel. */
  private async getOwn(parcelId: string, { role, store, channel }: Principal): Promise<Parcel> {
    const parcel = await this.repository.findParcel(parcelId);
    const isOwn = role === 'store' ? parcel?.store === store : channel === undefined || parcel?.channel === channel;
    if (!parcel || !isOwn) throw unknownParcel(parcelId);
    return parcel;
  }
}

const cursorOf = ({ changedAtMs, parcelId }: Parcel): string =>
  cursorAfter({ placedAtMs: changedAtMs, orderId: parcelId });

function readNotices(courier: Courier, body: unknown): readonly ParcelNotice[] {
  try {
    return courier.readNotices(body);
  } catch {
    throw notReadable(`It is not what ${courier.name} sends`);
  }
}
