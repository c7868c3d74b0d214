import type { NoOffer, Offer, Parcel } from '../domain/offers/make-offers.js';
import { type Language, sayNoOffer, sayOffer } from '../domain/offers/say-offer.js';
import type { OffersView } from './offer-bodies.js';

interface Shown {
  readonly language: Language;
  readonly nameOf: (location: string) => string;
  /** A shopper is not told which warehouses there are and what they have. */
  readonly showsPlaces: boolean;
}
interface Made {
  readonly asOfMs: number;
  readonly offers: readonly Offer[];
  readonly without: readonly NoOffer[];
}

const instant = (ms: number): string => new Date(ms).toISOString();
const spanOf = ({ earliestMs, latestMs }: { readonly earliestMs: number; readonly latestMs: number }) => ({
  earliest: instant(earliestMs),
  latest: instant(latestMs),
});
/** Of several deliveries the last. */
function deliveryOf(parcels: readonly Parcel[]) {
  const awaited = parcels.flatMap(({ arrivesAtMs, leavesAtMs }) =>
    arrivesAtMs === undefined || leavesAtMs === undefined ? [] : [{ arrivesAtMs, leavesAtMs }],
  );
  if (awaited.length === 0) return {};
  return {
    arrivesAt: instant(Math.max(...awaited.map(({ arrivesAtMs }) => arrivesAtMs))),
    expectedAt: instant(Math.max(...awaited.map(({ leavesAtMs }) => leavesAtMs))),
  };
}
const unitsOf = (lines: readonly { readonly lineId: string; readonly quantity: number }[]) =>
  lines.map(({ lineId, quantity }) => ({ lineId, quantity }));

export function offersView({ asOfMs, offers, without }: Made, currency: string, shown: Shown): OffersView {
  const { language, nameOf, showsPlaces } = shown;
  return {
    asOf: instant(asOfMs),
    currency,
    offers: offers.map((offer) => ({
      method: offer.method,
      ...(offer.collection ? { collection: offer.collection } : {}),
      ...(offer.store === undefined
        ? {}
        : {
            store: {
              code: offer.store,
              name: nameOf(offer.store),
              ...(offer.distanceM === undefined ? {} : { distanceM: offer.distanceM }),
            },
          }),
      ...(offer.isAfterTransfer ? { afterTransfer: true as const } : {}),
      ...(offer.isFromIncoming ? { fromIncoming: true as const, wish: 'backorder' as const } : {}),
      ...deliveryOf(offer.parcels),
      parcels: offer.parcels.map((parcel) => ({
        ...(showsPlaces ? { from: parcel.from } : {}),
        lines: unitsOf(parcel.lines),
        ...deliveryOf([parcel]),
        ...spanOf(parcel),
      })),
      ...spanOf(offer),
      promisedBy: instant(offer.latestMs),
      feeMinor: offer.feeMinor,
      words: sayOffer(offer, currency, language, nameOf),
    })),
    without: without.map((one) => ({
      method: one.method,
      reason: one.reason,
      ...(one.missing ? { missing: unitsOf(one.missing) } : {}),
      words: sayNoOffer(one, language),
    })),
  };
}
