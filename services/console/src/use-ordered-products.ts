import { type RefObject, useEffect, useState } from 'react';
import type { CatalogueProduct } from './catalogue.js';
import type { LiveStock } from './live-stock.js';
import { mostActiveFirst } from './most-active-first.js';
import { MOST_WATCHED } from './watch-plan.js';

export type Order = 'active' | 'sku';
interface OrderWanted {
  readonly order: Order;
  readonly search: string;
}
/** More often would make rows jump under the eye. */
const REORDER_EVERY_MS = 3000;

/** A person points at the list, or has chosen a row in it. On touch screens hovering does not end with the touch. */
const isInUse = (list: HTMLElement | null): boolean =>
  list !== null && (list.matches(':focus-within') || (matchMedia('(hover: hover)').matches && list.matches(':hover')));

/** While the list is in use rows stay where they are. */
export function useOrderedProducts(
  products: readonly CatalogueProduct[],
  live: LiveStock | undefined,
  { order, search }: OrderWanted,
  list: RefObject<HTMLElement | null>,
): readonly CatalogueProduct[] {
  const [sorted, setSorted] = useState<readonly CatalogueProduct[]>(products);
  useEffect(() => {
    if (order !== 'active' || !live) return undefined;
    const sort = (): void => {
      const nowMs = Date.now();
      setSorted(mostActiveFirst(products.slice(0, MOST_WATCHED), (sku) => live.activity(sku, nowMs), search));
    };
    sort();
    const soon = setTimeout(sort, 800);
    const timer = setInterval(() => {
      if (!isInUse(list.current)) sort();
    }, REORDER_EVERY_MS);
    return () => {
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [products, live, order, search, list]);
  return order === 'active' && live ? sorted : products;
}
