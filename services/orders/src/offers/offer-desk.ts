import type { Location } from '@shelfline/contracts/catalog';
import type { FulfilmentMethod } from '@shelfline/contracts/order';
import type { OrderContext } from '../domain/decision.js';
import { evolve } from '../domain/evolve-order.js';
import { DEFAULT_TERMS } from '../domain/offers/default-terms.js';
import { makeOffers, type NoOffer, type Offer, type OfferPlace } from '../domain/offers/make-offers.js';
import { type Order, uncoveredLines } from '../domain/order.js';
import { findAheadParts } from '../domain/presale/find-ahead-parts.js';
import { findDistanceM } from '../domain/sourcing/candidate.js';
import type { OrderSurroundings } from '../order-surroundings.js';
import type { PromisableStock } from '../promisable-stock.js';
import type { OffersBody } from './offer-bodies.js';

/** A customer reads no longer list, and each place is planned for. */
const MOST_COLLECTION_PLACES = 5;
/** Each is planned for over every place there is. */
const MOST_BROUGHT_TO = 2;
const MOST_AWAITED_AT = 2;

/** Offers from what the tables have: the plans are those that routing would make of the order now. */
export class OfferDesk {
  constructor(
    private readonly surroundings: Pick<OrderSurroundings, 'at'>,
    private readonly stock: PromisableStock,
    private readonly now: () => number,
  ) {}

  offer(body: OffersBody): { asOfMs: number; offers: Offer[]; without: NoOffer[] } {
    const { channel, currency, lines, destination, store } = body;
    const asOfMs = this.now();
    const context = this.surroundings.at({ atMs: asOfMs, version: 0 });
    const findPlace = (code: string) => {
      const place = this.stock.findPlace(code);
      return place?.location.active ? offerPlace(place.location, destination) : undefined;
    };
    const orderOf = (method: FulfilmentMethod, at: string | undefined) => draftOf(body, { method, at }, context);
    const sellsAhead = this.stock.findPresale(channel) !== undefined;
    const made = makeOffers(
      {
        lines,
        currency,
        hasDestination: destination !== undefined,
        nowMs: asOfMs,
        ...(store === undefined ? {} : { store }),
      },
      {
        plan: (method, at) => {
          const order = orderOf(method, at);
          return context.route(order, uncoveredLines(order));
        },
        ...(sellsAhead
          ? {
              planAhead: (method, at, missing) => findAheadParts(orderOf(method, at), missing, context),
              awaitAt: () => this.awaitAt(body, context),
            }
          : {}),
        findPlace,
        findStartMs: (code) => context.findWorkingDay?.(code)?.fromMs,
        ...this.collectionPlaces(body),
        terms: this.stock.findDelivery(channel) ?? DEFAULT_TERMS,
      },
    );
    return { asOfMs, ...made };
  }

  /** Those that have it all; and, nearest first, a few to which it may be brought. */
  private collectionPlaces(body: OffersBody): { collectAt: OfferPlace[]; bringTo: OfferPlace[] } {
    const collectAt = this.collectAt(body);
    const has = new Set(collectAt.map(({ code }) => code));
    const bringTo: OfferPlace[] = [];
    for (const { location } of this.stock.places()) {
      const isAsked = body.store === undefined || location.code === body.store;
      const place = isAsked && location.active && !has.has(location.code) && offerPlace(location, body.destination);
      if (place && place.collection.length > 0) bringTo.push(place);
    }
    return { collectAt, bringTo: bringTo.sort(byDistance).slice(0, MOST_BROUGHT_TO) };
  }

  /** Nearest first, a few that expect something of it; those that could be brought it were tried before. */
  private awaitAt(body: OffersBody, context: OrderContext): OfferPlace[] {
    const { bringTo } = this.collectionPlaces(body);
    const tried = new Set(bringTo.map(({ code }) => code));
    const found = new Map<string, OfferPlace>();
    for (const { location } of this.stock.places()) {
      const isAsked = body.store === undefined || location.code === body.store;
      if (!isAsked || tried.has(location.code) || !location.active) continue;
      const { placed, lines } = draftOf(body, { method: 'pickup', at: location.code }, context);
      const place = offerPlace(location, body.destination);
      if (place.collection.length > 0 && lines.some(({ sku }) => expects(context, placed, sku)))
        found.set(place.code, place);
    }
    return [...found.values()].sort(byDistance).slice(0, MOST_AWAITED_AT);
  }

  private collectAt({ channel, lines, destination, store }: OffersBody): OfferPlace[] {
    const wanted = new Map<string, number>();
    for (const { sku, quantity } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
    const held = this.stock.stockOf([...wanted.keys()], { channel, region: undefined });
    return held
      .filter(({ place, units }) => {
        const isAsked = store === undefined || place.location.code === store;
        return isAsked && [...wanted].every(([sku, quantity]) => (units.get(sku) ?? 0) >= quantity);
      })
      .map(({ place }) => offerPlace(place.location, destination))
      .filter(({ collection }) => collection.length > 0)
      .sort(byDistance)
      .slice(0, MOST_COLLECTION_PLACES);
  }
}

/** The basket as an order that may be promised ahead; routing plans it as it does one that is split. */
function draftOf(
  { channel, currency, lines, destination }: OffersBody,
  { method, at }: { readonly method: FulfilmentMethod; readonly at: string | undefined },
  { atMs, version }: OrderContext,
): Order {
  const placed = {
    channel,
    currency,
    method,
    wish: 'backorder' as const,
    payment: 'paid' as const,
    placedAt: new Date(atMs).toISOString(),
    ...(at === undefined && destination ? { destination } : {}),
    ...(at === undefined ? {} : { store: at }),
  };
  return evolve(undefined, { type: 'placed', orderId: 'offer', askedBy: '', placed, lines }, { atMs, version });
}

const expects = ({ findArriving }: OrderContext, placed: Order['placed'], sku: string): boolean =>
  (findArriving?.(placed, sku)?.places.length ?? 0) > 0;

const byDistance = (a: OfferPlace, b: OfferPlace): number =>
  (a.distanceM ?? Number.MAX_SAFE_INTEGER) - (b.distanceM ?? Number.MAX_SAFE_INTEGER) || (a.code < b.code ? -1 : 1);

const offerPlace = (location: Location, destination: OffersBody['destination']): OfferPlace => ({
  code: location.code,
  timeZone: location.timeZone,
  ...(location.openingHours ? { openingHours: location.openingHours } : {}),
  latitude: location.latitude,
  longitude: location.longitude,
  distanceM: findDistanceM(destination, location),
  collection: location.collection ?? (location.type === 'store' ? ['counter'] : []),
});
