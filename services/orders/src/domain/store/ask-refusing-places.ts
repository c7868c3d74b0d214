import type { OrderContext, OrderDraft, WantedLine } from '../decision.js';
import { hasNews, type RefusedStock } from './refused-stock.js';

/** Where nobody else can serve it, places that refused and have news are asked again. False = there are none. */
export function liftRefusals(
  draft: OrderDraft,
  wanted: readonly WantedLine[],
  { atMs, findStock }: OrderContext,
): boolean {
  const { refusedStock = [], placedAtMs } = draft.order;
  const news = refusedStock.filter(
    (one) =>
      wanted.some(({ sku }) => sku === one.sku) && hasNews(one, findStock?.(one.sku, one.location), atMs, placedAtMs),
  );
  for (const location of new Set(news.map((one) => one.location))) {
    const skus = news.filter((one) => one.location === location).map(({ sku }) => sku);
    draft.add({ type: 'refusal_lifted', location, skus });
  }
  return news.length > 0;
}

/** Sold by less than comes in later, stock has risen all the same: the least that was seen counts. Undefined = as before. */
export function leastSeen(
  { order: { refusedStock = [] } }: OrderDraft,
  { findStock }: OrderContext,
): readonly RefusedStock[] | undefined {
  if (!findStock) return undefined;
  const seen = refusedStock.map((one) => {
    const units = Math.min(one.units, findStock(one.sku, one.location)?.onHand ?? 0);
    return units < one.units ? { ...one, units } : one;
  });
  return seen.every((one, i) => one === refusedStock[i]) ? undefined : seen;
}

/** Why it waits: of what is handed over at one store, that the store did not want it, or did not answer. */
export function whyItWaits(
  { order: { placed, refusedBy, lacking = [], refusedStock = [] } }: OrderDraft,
  rest: readonly WantedLine[],
): 'out_of_stock' | 'store_refused' | 'store_silent' {
  const { method, store } = placed;
  if (store === undefined || (method !== 'pickup' && method !== 'carry_out')) return 'out_of_stock';
  const isLacking = lacking.some(({ location, sku }) => location === store && rest.some((line) => line.sku === sku));
  if (!isLacking && !refusedBy.includes(store)) return 'out_of_stock';
  return refusedStock.some(({ location, isSilent }) => location === store && isSilent)
    ? 'store_silent'
    : 'store_refused';
}
