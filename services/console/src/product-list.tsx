import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { CatalogueProduct } from './catalogue.js';
import { type Language, textIn } from './language.js';
import type { LiveStock } from './live-stock.js';
import { ProductRow } from './product-row.js';
import type { CatalogueState } from './use-catalogue.js';
import { useNarrow } from './use-narrow.js';
import { useNow } from './use-now.js';
import type { Order } from './use-ordered-products.js';
import { MOST_WATCHED, skusAround } from './watch-plan.js';

interface ProductListProps {
  readonly products: readonly CatalogueProduct[];
  readonly catalogue: CatalogueState;
  readonly live: LiveStock;
  readonly language: Language;
  readonly order: Order;
  readonly selected: CatalogueProduct | undefined;
  readonly onSelect: ((product: CatalogueProduct) => void) | undefined;
  /** The element that scrolls, around this one. */
  readonly scroller: RefObject<HTMLElement | null>;
}
const ROW_PX = 64;
const CARD_PX = 104;
/** How often the lines of the last minutes move on without a change. */
const CLOCK_EVERY_MS = 2500;
/** Scrolling by does not subscribe: only where the person stays for a moment. */
const SETTLED_MS = 150;
const LOAD_AHEAD_ROWS = 20;
const BETWEEN = '\n';

/** To find the most active ones, all of them have to be watched. */
function useWatch(live: LiveStock, skus: readonly string[], first: number, last: number, order: Order): void {
  const wanted = (order === 'active' ? skus.slice(0, MOST_WATCHED) : skusAround(skus, first, last)).join(BETWEEN);
  useEffect(() => {
    const timer = setTimeout(() => live.want(wanted === '' ? [] : wanted.split(BETWEEN)), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [live, wanted]);
}

/** Where the list begins within what scrolls. */
function useOffset(list: RefObject<HTMLElement | null>, scroller: RefObject<HTMLElement | null>): number {
  const [offsetPx, setOffsetPx] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(() => setOffsetPx(list.current?.offsetTop ?? 0));
    for (const above of scroller.current?.children ?? []) observer.observe(above);
    return () => observer.disconnect();
  }, [list, scroller]);
  return offsetPx;
}

function useLoadAhead(catalogue: CatalogueState, order: Order, last: number): void {
  const { complete, loading, failure, loadMore } = catalogue;
  const count = catalogue.products.length;
  const wantsMore = order === 'active' ? count < MOST_WATCHED : last >= count - LOAD_AHEAD_ROWS;
  useEffect(() => {
    if (!complete && !loading && !failure && count > 0 && wantsMore) loadMore();
  }, [complete, loading, failure, loadMore, count, wantsMore]);
}

function goByArrow(event: KeyboardEvent, count: number, goTo: (index: number) => void): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const to = Number((event.target as HTMLElement).dataset['index'] ?? Number.NaN) + step;
  if (step === 0 || !(to >= 0 && to < count)) return;
  event.preventDefault();
  goTo(to);
}

export function ProductList(props: ProductListProps) {
  const { products, catalogue, live, language, order, selected, onSelect, scroller } = props;
  const nowMs = useNow(CLOCK_EVERY_MS);
  const list = useRef<HTMLDivElement>(null);
  const sparkMs = live.sparkWindowMs(nowMs);
  const rowPx = useNarrow() ? CARD_PX : ROW_PX;
  const rows = useVirtualizer({
    count: products.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
    scrollMargin: useOffset(list, scroller),
    scrollPaddingStart: 160,
  });
  useEffect(() => rows.measure(), [rows, rowPx]);
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  // In catalogue order, so that a new order of the same products is no new wish.
  const skus = (order === 'active' ? catalogue.products : products).map(({ sku }) => sku);
  useWatch(live, skus, visible[0]?.index ?? 0, last, order);
  useLoadAhead(catalogue, order, last);
  const goTo = (to: number): void => {
    rows.scrollToIndex(to);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus());
  };
  return (
    <div
      className="list"
      role="list"
      aria-label={textIn(language)('list')}
      ref={list}
      data-testid="list"
      style={{ height: rows.getTotalSize() }}
      onKeyDown={(event) => goByArrow(event, products.length, goTo)}
    >
      {visible.map(({ index, start }) => {
        const product = products[index];
        if (!product) return null;
        return (
          <div
            key={product.sku}
            className="place"
            role="listitem"
            aria-setsize={catalogue.complete ? products.length : -1}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - rows.options.scrollMargin}px)`, height: rowPx }}
          >
            <ProductRow
              product={product}
              live={live}
              language={language}
              selected={selected?.sku === product.sku}
              nowMs={nowMs}
              sparkMs={sparkMs}
              index={index}
              onSelect={onSelect}
            />
          </div>
        );
      })}
    </div>
  );
}
