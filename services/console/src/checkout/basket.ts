import type { TrackedOrder } from '@shelfline/client/storefront';
import type { CatalogueProduct } from '../catalogue.js';
import type { Whereabouts } from './cities.js';

export interface BasketLine {
  readonly product: CatalogueProduct;
  readonly quantity: number;
}
export type Basket = readonly BasketLine[];
export type Method = Extract<TrackedOrder['method'], 'courier' | 'same_city' | 'pickup'>;
/** Whom it is for. */
export interface Delivery {
  readonly recipient: string;
  readonly address: string;
  readonly city: string;
}
/** Of the delivery offer that was chosen, what the order says. */
interface Chosen {
  readonly method: Method;
  readonly store?: { readonly code: string };
  readonly promisedBy: string;
  readonly wish?: 'backorder';
}

/** The catalogue states no currency; the tills of the sample took this one. */
export const CURRENCY = 'USD';

/** As many as an order may have, and as many of one as anybody means to type. */
const MOST_LINES = 50;
export const MOST_UNITS = 99;

/** The same again is one more of it. */
export function added(basket: Basket, product: CatalogueProduct): Basket {
  const held = basket.find((line) => line.product.sku === product.sku);
  if (held) return withQuantity(basket, product.sku, held.quantity + 1);
  return basket.length < MOST_LINES ? [...basket, { product, quantity: 1 }] : basket;
}

/** What is typed and is no quantity leaves the basket as it was; 0 takes the line out. */
export function withQuantity(basket: Basket, sku: string, quantity: number): Basket {
  if (!Number.isInteger(quantity) || quantity < 0) return basket;
  if (quantity === 0) return basket.filter(({ product }) => product.sku !== sku);
  return basket.map((line) =>
    line.product.sku === sku ? { ...line, quantity: Math.min(quantity, MOST_UNITS) } : line,
  );
}

const given = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );

/** The catalogue states no prices, so this shop sells for nothing. */
export const linesOf = (basket: Basket) =>
  basket.map(({ product, quantity }, index) => ({
    lineId: String(index + 1),
    sku: product.sku,
    quantity,
    unitPriceMinor: 0,
  }));

interface Facts {
  readonly orderId: string;
  readonly channel: string;
  readonly atMs: number;
  readonly where: Whereabouts | undefined;
}

/** Body of `POST /api/orders`. */
export function orderOf(basket: Basket, { recipient, address }: Delivery, offer: Chosen, facts: Facts) {
  const { method, store, promisedBy, wish } = offer;
  return {
    orderId: facts.orderId,
    channel: facts.channel,
    placedAt: new Date(facts.atMs).toISOString(),
    currency: CURRENCY,
    method,
    promisedBy,
    ...(wish ? { wish } : {}),
    ...(method === 'pickup'
      ? { store: store?.code }
      : { destination: { ...given({ recipient, address }), ...facts.where } }),
    lines: linesOf(basket),
  };
}
export type OrderBody = ReturnType<typeof orderOf>;
