import type { Language } from '../language.js';
import { whyUnanswered } from '../unanswered.js';
import { type Basket, CURRENCY, linesOf, type Method } from './basket.js';
import type { Whereabouts } from './cities.js';

export interface Offer {
  readonly method: Method;
  readonly collection?: string;
  readonly store?: { readonly code: string; readonly name: string; readonly distanceM?: number };
  readonly promisedBy: string;
  /** Some of it is not there yet. */
  readonly fromIncoming?: true;
  /** What an order of it has to wish; any where none is told. */
  readonly wish?: 'backorder';
  /** The whole offer in a sentence: how, where, when, for how much. */
  readonly words: string;
}
export interface NoOffer {
  readonly method: Method;
  readonly reason: string;
  readonly words: string;
}
export type OffersAnswer =
  | { readonly kind: 'offers'; readonly offers: readonly Offer[]; readonly without: readonly NoOffer[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** Ways that this page can take an order for: a guide and carrying out belong to the shop's own till. */
const TAKEN: ReadonlySet<Method> = new Set<Method>(['courier', 'same_city', 'pickup']);

/** Nobody fetches his shopping from another country; a store whose distance is not known may be near. */
const FARTHEST_M = 100_000;
const isNear = ({ store }: Offer): boolean => (store?.distanceM ?? 0) <= FARTHEST_M;

export function readOffers(status: number, body: unknown): OffersAnswer {
  const { offers, without, detail } = (body ?? {}) as Partial<Record<'offers' | 'without', unknown[]>> & {
    readonly detail?: string;
  };
  if (status !== 200 || !offers) return { kind: 'failed', reason: detail ?? String(status) };
  const taken = <T extends { readonly method: Method }>(list: readonly unknown[]): T[] =>
    (list as readonly T[]).filter(({ method }) => TAKEN.has(method));
  return { kind: 'offers', offers: taken<Offer>(offers).filter(isNear), without: taken<NoOffer>(without ?? []) };
}

/** Body of the request. */
export const questionOf = (basket: Basket, where: Whereabouts | undefined, channel: string): string =>
  JSON.stringify({
    channel,
    currency: CURRENCY,
    lines: linesOf(basket),
    ...(where === undefined ? {} : { destination: where }),
  });

export async function fetchOffers(
  token: string,
  question: string,
  language: Language,
  signal: AbortSignal,
): Promise<OffersAnswer> {
  try {
    const response = await fetch(`/api/orders/offers?language=${language}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: question,
      signal,
    });
    return readOffers(response.status, await response.json().catch(() => undefined));
  } catch (error) {
    return { kind: 'failed', reason: whyUnanswered(error) };
  }
}

/** The same offer in a newer answer, whose time may have moved; what has to come in first is another one. */
export const isSameOffer = (a: Offer, b: Offer): boolean =>
  a.method === b.method &&
  a.collection === b.collection &&
  a.store?.code === b.store?.code &&
  a.fromIncoming === b.fromIncoming;
