import type { CollectionWay, DeliveryTerms } from '@shelfline/contracts/delivery-terms';
import type { FulfilmentMethod } from '@shelfline/contracts/order';
import type { RoutingPlan, Share, WantedLine } from '../decision.js';
import type { AheadPart } from '../presale/find-ahead-parts.js';
import { findDistanceM, type Point } from '../sourcing/candidate.js';
import { findAheadTime } from './ahead-time.js';
import { feeMinor, findTerms } from './find-terms.js';
import { findPromise, findReadyMs, type PromiseTime, type StartingPlace } from './promise-time.js';
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
  /** What of these lines deliveries would bring, as an order that wishes a backorder would be promised; absent: nothing is sold ahead. */
  readonly planAhead?: (
    method: FulfilmentMethod,
    store: string | undefined,
    lines: readonly WantedLine[],
  ) => readonly AheadPart[];
  readonly findPlace: (code: string) => OfferPlace | undefined;
  /** When a place begins with it at the soonest, being full until then; undefined: now. */
  readonly findStartMs?: (code: string) => number | undefined;
  /** Places to collect at that have it all, the nearest first. */
  readonly collectAt: readonly OfferPlace[];
  /** Places to collect at that have not, and to which it may be brought. */
  readonly bringTo: readonly OfferPlace[];
  /** Places to collect at that expect some of it, worked out only where it can be collected nowhere else. */
  readonly awaitAt?: () => readonly OfferPlace[];
  readonly terms: readonly DeliveryTerms[];
}

export interface Parcel {
  readonly from: string;
  readonly lines: readonly WantedLine[];
  readonly earliestMs: number;
  readonly latestMs: number;
  /** Of what is not there yet: when it is expected to come in. */
  readonly arrivesAtMs?: number;
  /** … and to leave for the customer. */
  readonly leavesAtMs?: number;
}
export interface Offer {
  readonly method: FulfilmentMethod;
  readonly collection?: CollectionWay;
  /** Where it is collected or carried out. */
  readonly store?: string;
  /** Something is brought there first. */
  readonly isAfterTransfer?: true;
  /** Some of it is not there yet: only what is expected can keep it. */
  readonly isFromIncoming?: true;
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
  | 'no_promise'
  | 'day_unknown';
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
  const at = (places: readonly OfferPlace[]) =>
    places.flatMap((place) =>
      place.collection.map((collection) => offerOf({ method, collection, place }, request, world)),
    );
  const made = at([...world.collectAt, ...world.bringTo]);
  const there = made.filter((one) => !('reason' in one) && !one.isFromIncoming);
  if (there.length > 0) return there;
  const all = [...made, ...at(world.awaitAt?.() ?? [])];
  const awaited = all.filter((one) => !('reason' in one));
  return awaited.length > 0 ? awaited : [all[0] ?? { method, reason: 'out_of_stock' }];
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

function offerOf(way: Way, request: OfferRequest, world: OfferWorld): Offer | NoOffer {
  const { method, collection, place } = way;
  const { currency, lines, nowMs } = request;
  const terms = findTerms(world.terms, { method, currency, ...(collection ? { collection } : {}) }, nowMs);
  if (!terms) return { method, reason: 'no_terms' };
  const { shares } = world.plan(method, place?.code);
  const missing = missingOf(lines, shares);
  const ahead = missing.length > 0 ? (world.planAhead?.(method, place?.code, missing) ?? []) : [];
  if (missingOf(missing, ahead).length > 0)
    return shares.length === 0 ? { method, reason: 'out_of_stock' } : { method, reason: 'part_only', missing };
  const starts = [...shares, ...ahead].map(({ location }) => world.findPlace(location));
  const parcels = shares.map((share, i) => parcelOf(share, { terms, start: starts[i], way, nowMs, world }));
  const awaited = ahead.map((part, i) =>
    aheadParcelOf(part, { terms, start: starts[shares.length + i], nowMs, world }),
  );
  if (awaited.includes('day_unknown')) return { method, reason: 'day_unknown' };
  const all = [...parcels, ...awaited].filter((one) => typeof one === 'object');
  if (all.length < starts.length) return { method, reason: 'no_promise' };
  const goodsMinor = lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
  const distances = starts.map((start) => start?.distanceM);
  // Parcels are delivered one by one; who collects gets all of it, and not before the last has come.
  return {
    method,
    ...(collection ? { collection } : {}),
    ...(place ? { store: place.code } : {}),
    ...(place && shares.some(({ location }) => location !== place.code) ? { isAfterTransfer: true as const } : {}),
    ...(ahead.length > 0 ? { isFromIncoming: true as const } : {}),
    ...(place?.distanceM === undefined ? {} : { distanceM: place.distanceM }),
    parcels: all,
    earliestMs: (place ? Math.max : Math.min)(...all.map(({ earliestMs }) => earliestMs)),
    latestMs: Math.max(...all.map(({ latestMs }) => latestMs)),
    timeZone: (place ?? starts[0]!).timeZone,
    feeMinor: feeMinor(terms, goodsMinor, distances),
  };
}

interface ParcelWay {
  readonly terms: DeliveryTerms;
  readonly start: OfferPlace | undefined;
  readonly nowMs: number;
  readonly world: OfferWorld;
}

/** Undefined: nobody can promise when. */
function parcelOf(
  { location, lines }: Share,
  { terms, start, way: { method, place }, nowMs, world }: ParcelWay & { readonly way: Way },
): Parcel | undefined {
  const isBrought = place !== undefined && location !== place.code;
  const startMs = method === 'carry_out' ? nowMs : Math.max(nowMs, world.findStartMs?.(location) ?? nowMs);
  const promise: PromiseTime | undefined =
    start && (isBrought ? broughtTime(terms, start, place, startMs) : findPromise(terms, start, startMs));
  return promise && { from: location, lines, ...promise };
}

function aheadParcelOf(
  { location, lines, arrivesAtMs, handlingDays }: AheadPart,
  { terms, start, nowMs, world }: ParcelWay,
): Parcel | 'day_unknown' | undefined {
  const time =
    start && findAheadTime(terms, start, { arrivesAtMs, handlingDays, nowMs, startMs: world.findStartMs?.(location) });
  return typeof time === 'object' ? { from: location, lines, ...time } : time;
}

const broughtTime = (terms: DeliveryTerms, from: OfferPlace, store: OfferPlace, nowMs: number) =>
  findTransferTime(terms, { ...from, distanceM: findDistanceM(from, store) }, store, nowMs);

function missingOf(lines: readonly WantedLine[], shares: readonly Share[]): WantedLine[] {
  const given = new Map<string, number>();
  for (const { lines: own } of shares)
    for (const { lineId, quantity } of own) given.set(lineId, (given.get(lineId) ?? 0) + quantity);
  return lines.flatMap(({ lineId, sku, quantity }) => {
    const rest = quantity - (given.get(lineId) ?? 0);
    return rest > 0 ? [{ lineId, sku, quantity: rest }] : [];
  });
}
