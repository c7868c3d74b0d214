import type { TrackedOrder } from '@shelfline/client/storefront';
import type { CatalogueProduct } from '../catalogue.js';

export interface BasketLine {
  readonly product: CatalogueProduct;
  readonly quantity: number;
}
export type Basket = readonly BasketLine[];
export type Method = Extract<TrackedOrder['method'], 'courier' | 'same_city' | 'pickup'>;
export interface Delivery {
  readonly method: Method;
  readonly store: string;
  readonly recipient: string;
  readonly address: string;
  readonly city: string;
}

/** As many as an order may have, and as many of one as anybody means to type. */
const MOST_LINES = 50;
const MOST_UNITS = 99;

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

export const isDeliverable = ({ method, store, city }: Delivery): boolean =>
  (method === 'pickup' ? store : city.trim()) !== '';

const given = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );

/** Body of `POST /api/orders`. The catalogue states no prices, so this shop sells for nothing. */
export function orderOf(basket: Basket, delivery: Delivery, order: { orderId: string; channel: string; atMs: number }) {
  const { method, store, recipient, address, city } = delivery;
  return {
    orderId: order.orderId,
    channel: order.channel,
    placedAt: new Date(order.atMs).toISOString(),
    currency: 'CNY',
    method,
    ...(method === 'pickup' ? { store } : { destination: given({ recipient, address, city }) }),
    lines: basket.map(({ product, quantity }, index) => ({
      lineId: String(index + 1),
      sku: product.sku,
      quantity,
      unitPriceMinor: 0,
    })),
  };
}
export type OrderBody = ReturnType<typeof orderOf>;
