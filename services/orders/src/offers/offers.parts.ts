import type { OrderSurroundings } from '../order-surroundings.js';
import type { PromisableStock } from '../promisable-stock.js';
import { AskLimit } from './ask-limit.js';
import { OfferDesk } from './offer-desk.js';
import { OffersController } from './offers.controller.js';

/** Delivery offers: no state of their own, and nothing is written. */
export const offersParts = (surroundings: OrderSurroundings, stock: PromisableStock) => ({
  controllers: [OffersController],
  providers: [
    { provide: OfferDesk, useValue: new OfferDesk(surroundings, stock, Date.now) },
    { provide: AskLimit, useValue: new AskLimit(Date.now) },
  ],
});
