import type { CollectionWay, DeliveryTerms } from '@shelfline/contracts/delivery-terms';
import type { FulfilmentMethod } from '@shelfline/contracts/order';
import type { RoutingPlan, Share, WantedLine } from '../decision.js';
import { findDistanceM, type Point } from '../sourcing/candidate.js';
import { feeMinor, findTerms } from './find-terms.js';
import { findPromise, findReadyMs, type StartingPlace } from './promise-time.js';
import { findTransferTime } from './transfer-time.js';

export interface OfferPlace extends StartingPlace, Point {
  readonly code: string;
  readonly collection: readonly CollectionWay[];
}

export interface OfferRequest {
  readonly lines: readonly (WantedLine & { readonly unitPriceMinor: number })[];
  readonly currency: string;
  readonly hasDestination: boolean;
  /** Where the customer stands, or would collect. */
  readonly store?: string;
  readonly nowMs: number;
}

/** What offers are made of. `plan` is the routing's own: an offer says what routing would do now, and reserves nothing. */
export interface OfferWorld {
  readonly plan: (method: FulfilmentMethod, store?: string) => RoutingPlan;
  readonly findPlace: (code: string) => OfferPlace | undefined;
  /** When a place begins with it at the soonest, being full until then; undefined: now. */
  readonly findStartMs?: (code: string) => number | undefined;
  /** Places to collect at that have it all, the nearest first. */
  readonly collectAt: readonly OfferPlace[];
  /** Places to collect at that have not, and to which it may be brought. */
  readonly bringTo: readonly OfferPlace[];
  readonly terms: readonly DeliveryTerms[];
}

export interface Parcel {
  readonly from: string;
  readonly lines: readonly WantedLine[];
  readonly earliestMs: number;
  readonly latestMs: number;
}
export interface Offer {
  readonly method: FulfilmentMethod;
  readonly collection?: CollectionWay;
  /** Where it is collected or carried out. */
  readonly store?: string;
  /** Something is brought there first. */
  readonly isAfterTransfer?: true;
  readonly distanceM?: number;
  readonly parcels: readonly Parcel[];
  readonly earliestMs: number;
  /** Of the last parcel: what the customer is promised. */
  readonly latestMs: number;
  readonly timeZone: string;
  readonly feeMinor: number;
}
export type NoOfferReason =
  | 'no_destination'
  | 'no_store'
  | 'closed'
  | 'out_of_stock'
  | 'part_only'
  | 'no_terms'
  | 'no_promise';
export interface NoOffer {
  readonly method: FulfilmentMethod;
  readonly reason: NoOfferReason;
  /** Of `part_only`: what would be left over. */
  readonly missing?: readonly WantedLine[];
}

const DELIVERED = ['courier', 'same_city', 'guide_visit'] as const;

/** Each method that can be kept for the whole of it, and why the others cannot. */
export function makeOffers(request: OfferRequest, world: OfferWorld): { offers: Offer[]; without: NoOffer[] } {
  const made = [
    ...DELIVERED.map((method) => delivered(method, request, world)),
    ...collected(request, world),
    carriedOut(request, world),
  ];
  return {
    offers: made.flatMap((one) => ('reason' in one ? [] : [one])),
    without: made.flatMap((one) => ('reason' in one ? [one] : [])),
  };
}

function delivered(method: FulfilmentMethod, request: OfferRequest, world: OfferWorld): Offer | NoOffer {
  if (!request.hasDestination) return { method, reason: 'no_destination' };
  return offerOf({ method }, request, world);
}

/** Without one that can be collected, the reason of the nearest place. */
function collected(request: OfferRequest, world: OfferWorld): (Offer | NoOffer)[] {
  const method = 'pickup';
  const made = [...world.collectAt, ...world.bringTo].flatMap((place) =>
    place.collection.map((collection) => offerOf({ method, collection, place }, request, world)),
  );
  const offers = made.filter((one) => !('reason' in one));
  return offers.length > 0 ? offers : [made[0] ?? { method, reason: 'out_of_stock' }];
}

function carriedOut(request: OfferRequest, world: OfferWorld): Offer | NoOffer {
  const method = 'carry_out';
  const place = request.store === undefined ? undefined : world.findPlace(request.store);
  if (!place) return { method, reason: 'no_store' };
  if (findReadyMs(place, request.nowMs, 0) !== request.nowMs) return { method, reason: 'closed' };
  return offerOf({ method, place }, request, world);
}

interface Way {
  readonly method: FulfilmentMethod;
  readonly collection?: CollectionWay;
  readonly place?: OfferPlace;
}

function offerOf({ method, collection, place }: Way, request: OfferRequest, world: OfferWorld): Offer | NoOffer {
  const { currency, lines, nowMs } = request;
  const terms = findTerms(world.terms, { method, currency, ...(collection ? { collection } : {}) }, nowMs);
  if (!terms) return { method, reason: 'no_terms' };
  const { shares } = world.plan(method, place?.code);
  if (shares.length === 0) return { method, reason: 'out_of_stock' };
  const missing = missingOf(lines, shares);
  if (missing.length > 0) return { method, reason: 'part_only', missing };
  const starts = shares.map(({ location }) => world.findPlace(location));
  const parcels = shares.flatMap(({ location, lines: own }, i): Parcel[] => {
    const start = starts[i];
    const isBrought = place !== undefined && location !== place.code;
    const startMs = method === 'carry_out' ? nowMs : Math.max(nowMs, world.findStartMs?.(location) ?? nowMs);
    const promise =
      start && (isBrought ? broughtTime(terms, start, place, startMs) : findPromise(terms, start, startMs));
    return promise ? [{ from: location, lines: own, ...promise }] : [];
  });
  if (parcels.length < shares.length) return { method, reason: 'no_promise' };
  const goodsMinor = lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
  const distances = starts.map((start) => start?.distanceM);
  // Parcels are delivered one by one; who collects gets all of it, and not before the last has come.
  return {
    method,
    ...(collection ? { collection } : {}),
    ...(place ? { store: place.code } : {}),
    ...(place && shares.some(({ location }) => location !== place.code) ? { isAfterTransfer: true as const } : {}),
    ...(place?.distanceM === undefined ? {} : { distanceM: place.distanceM }),
    parcels,
    earliestMs: (place ? Math.max : Math.min)(...parcels.map(({ earliestMs }) => earliestMs)),
    latestMs: Math.max(...parcels.map(({ latestMs }) => latestMs)),
    timeZone: (place ?? starts[0]!).timeZone,
    feeMinor: feeMinor(terms, goodsMinor, distances),
  };
}

const broughtTime = (terms: DeliveryTerms, from: OfferPlace, store: OfferPlace, nowMs: number) =>
  findTransferTime(terms, { ...from, distanceM: findDistanceM(from, store) }, store, nowMs);

function missingOf(lines: OfferRequest['lines'], shares: readonly Share[]): WantedLine[] {
  const given = new Map<string, number>();
  for (const { lines: own } of shares)
    for (const { lineId, quantity } of own) given.set(lineId, (given.get(lineId) ?? 0) + quantity);
  return lines.flatMap(({ lineId, sku, quantity }) => {
    const rest = quantity - (given.get(lineId) ?? 0);
    return rest > 0 ? [{ lineId, sku, quantity: rest }] : [];
  });
}
