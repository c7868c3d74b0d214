import { Controller, Get, Header, Headers, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import { RefusedTrackingToken } from '@shelfline/service-kit/tracking-tokens';
import type { StoreTerms } from '../domain/store/store-terms.js';
import { STORE_TERMS } from '../handover/handover.controller.js';
import { unknownOrder } from '../order-problems.js';
import { OrdersRepository } from '../orders.repository.js';
import { PromisableStock } from '../promisable-stock.js';
import { type ProductNames, TrackedDetails, trackedDetails } from './tracked-details.js';
import { TrackingLinks } from './tracking-links.js';

/** For whoever holds an order's link, which is his token: he has no account. */
@ApiTags('orders')
@Public()
@Controller('api/orders/tracked')
export class TrackedController {
  constructor(
    @Inject(OrdersRepository) private readonly repository: Pick<OrdersRepository, 'findOrder'>,
    @Inject(TrackingLinks) private readonly links: Pick<TrackingLinks, 'orderOf'>,
    @Inject(PromisableStock) private readonly names: ProductNames,
    @Inject(STORE_TERMS) private readonly terms: StoreTerms,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary:
      'Of a tracking link (as Bearer token): the code that its customer collects with, the promised time, names of products',
  })
  @ApiOkResponse({ standardSchema: TrackedDetails })
  async get(@Headers('authorization') authorization: string | undefined): Promise<TrackedDetails> {
    const token = /^Bearer (\S{1,1000})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined)
      throw problem(401, 'unauthorised', 'A tracking link is needed', 'Send its token as "Authorization: Bearer …".');
    const orderId = await this.links.orderOf(token).catch((error: unknown) => {
      if (!(error instanceof RefusedTrackingToken)) throw error;
      throw problem(403, 'link-refused', 'The tracking link is not accepted', error.message);
    });
    const order = await this.repository.findOrder(orderId);
    if (!order) throw unknownOrder(orderId);
    return trackedDetails(order, this.names, this.terms);
  }
}
