import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import { z } from 'zod';
import { OrdersRepository } from '../orders.repository.js';
import { getVisibleOrder } from '../queries/order-scope.js';
import { type TrackingLink, TrackingLinks } from './tracking-links.js';

const TrackingLinkView = z.object({
  token: z.string().describe('For `track` of /storefront; whoever holds it sees the order'),
  expiresAt: z.iso.datetime(),
  url: z.string().optional().describe('A page that shows it, where TRACKING_LINK_BASE is set'),
});

/** Not for stores: what the link shows is the customer's, also what he proves himself with. */
@ApiTags('orders')
@Controller('api/orders')
@Roles('integrator')
export class TrackingController {
  constructor(
    @Inject(OrdersRepository) private readonly repository: OrdersRepository,
    @Inject(TrackingLinks) private readonly links: TrackingLinks,
  ) {}

  @Get(':orderId/tracking-link')
  @ApiOperation({ summary: 'A signed link with which the customer follows this order, without signing in' })
  @ApiOkResponse({ standardSchema: TrackingLinkView })
  async link(@Param('orderId') orderId: string, @CurrentPrincipal() principal: Principal): Promise<TrackingLink> {
    await getVisibleOrder(this.repository, orderId, principal);
    const link = await this.links.findLink(orderId);
    if (link) return link;
    throw problem(
      501,
      'no-tracking-keys',
      'No tracking links are made here',
      'No key is set to sign them with. Set TRACKING_KEYS for orders and the gateway, and start them again.',
    );
  }
}
