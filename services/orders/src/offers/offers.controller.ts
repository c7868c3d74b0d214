import { Body, Controller, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DEFAULT_CHANNEL } from '@shelfline/contracts/stock-level';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import { asSentence } from '@shelfline/service-kit/sentence';
import type { z } from 'zod';
import { PromisableStock } from '../promisable-stock.js';
import { AskLimit } from './ask-limit.js';
import { OffersBody, OffersQuery, OffersView } from './offer-bodies.js';
import { OfferDesk } from './offer-desk.js';
import { offersView } from './offer-views.js';

@ApiTags('orders')
@Controller('api/orders/offers')
@Roles('storefront', 'integrator', 'store')
export class OffersController {
  constructor(
    @Inject(OfferDesk) private readonly desk: OfferDesk,
    @Inject(PromisableStock) private readonly stock: PromisableStock,
    @Inject(AskLimit) private readonly limit: AskLimit,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'How a basket could be delivered or collected now, by when, and for how much; nothing is reserved',
  })
  @ApiOkResponse({ standardSchema: OffersView })
  offer(
    @Body({ schema: OffersBody }) body: z.infer<typeof OffersBody>,
    @Query({ schema: OffersQuery }) { language }: z.infer<typeof OffersQuery>,
    @CurrentPrincipal() principal: Principal,
  ): OffersView {
    const isShopper = principal.role === 'storefront';
    if (isShopper) this.checkShopper(body, principal);
    this.checkKnown(body);
    const nameOf = (code: string) => this.stock.nameOf(code, language);
    return offersView(this.desk.offer(body), body.currency, { language, nameOf, showsPlaces: !isShopper });
  }

  private checkShopper({ channel }: OffersBody, { channel: own = DEFAULT_CHANNEL, sub, jti }: Principal): void {
    if (channel !== own)
      throw problem(
        403,
        'other-channel',
        'This token is for another channel',
        `It is for ${own}; ask for offers of ${own}, or get a token of ${channel}.`,
      );
    const seconds = this.limit.findWaitSeconds(jti ?? sub);
    if (seconds !== undefined)
      throw problem(
        429,
        'too-many-requests',
        'Offers were asked for too often',
        `Nothing was answered this time. Ask again in ${seconds} s, and only when the basket or the address has changed.`,
        { retryAfterSeconds: seconds },
      );
  }

  private checkKnown({ channel, store, lines }: OffersBody): void {
    const errors = [
      ...(this.stock.findChannel(channel)?.active
        ? []
        : [fault('channel', 'unknown_channel', `no channel ${channel} sells now`)]),
      ...(store === undefined || this.stock.findPlace(store)?.location.active
        ? []
        : [fault('store', 'unknown_store', `no place ${store} is open`)]),
      ...lines.flatMap(({ sku }, i) =>
        this.stock.sells(sku) ? [] : [fault(`lines[${i}].sku`, 'unknown_sku', `the catalog sells no product ${sku}`)],
      ),
    ];
    if (errors.length === 0) return;
    const said = errors.map(({ message }) => message).join('; ');
    const text = `${asSentence(said)}. Correct it and ask again.`;
    throw problem(422, 'not-offered', 'Nothing can be offered for this basket', text, { errors });
  }
}

const fault = (path: string, code: string, message: string) => ({ path, code, message });
