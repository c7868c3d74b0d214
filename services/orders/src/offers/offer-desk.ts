import type { Location } from '@shelfline/contracts/catalog';
import type { FulfilmentMethod } from '@shelfline/contracts/order';
import { evolve } from '../domain/evolve-order.js';
import { DEFAULT_TERMS } from '../domain/offers/default-terms.js';
import { makeOffers, type NoOffer, type Offer, type OfferPlace } from '../domain/offers/make-offers.js';
import { uncoveredLines } from '../domain/order.js';
import { findDistanceM } from '../domain/sourcing/candidate.js';
import type { OrderSurroundings } from '../order-surroundings.js';
import type { PromisableStock } from '../promisable-stock.js';
import type { OffersBody } from './offer-bodies.js';

/** A customer reads no longer list, and each place is planned for. */
const MOST_COLLECTION_PLACES = 5;
/** Each is planned for over every place there is. */
const MOST_BROUGHT_TO = 2;

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
    const applied = { atMs: asOfMs, version: 0 };
    const context = this.surroundings.at(applied);
    const findPlace = (code: string) => {
      const place = this.stock.findPlace(code);
      return place?.location.active ? offerPlace(place.location, destination) : undefined;
    };
    const plan = (method: FulfilmentMethod, at?: string) => {
      const isDelivered = at === undefined;
      const placed = {
        channel,
        currency,
        method,
        wish: 'split' as const,
        payment: 'paid' as const,
        placedAt: new Date(asOfMs).toISOString(),
        ...(isDelivered && destination ? { destination } : {}),
        ...(isDelivered ? {} : { store: at }),
      };
      const order = evolve(undefined, { type: 'placed', orderId: 'offer', askedBy: '', placed, lines }, applied);
      return context.route(order, uncoveredLines(order));
    };
    const made = makeOffers(
      {
        lines,
        currency,
        hasDestination: destination !== undefined,
        nowMs: asOfMs,
        ...(store === undefined ? {} : { store }),
      },
      {
        plan,
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
