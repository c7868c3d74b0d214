import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { CatalogueProduct } from './catalogue.js';
import type { Language } from './language.js';
import type { LiveStock } from './live-stock.js';
import { ProductRow } from './product-row.js';
import type { CatalogueState } from './use-catalogue.js';
import { skusToWatch } from './visible-skus.js';

interface ProductListProps {
  readonly products: readonly CatalogueProduct[];
  readonly catalogue: CatalogueState;
  readonly live: LiveStock;
  readonly language: Language;
  readonly selected: CatalogueProduct | undefined;
  readonly onSelect: (product: CatalogueProduct) => void;
}
const ROW_PX = 60;
/** How often the lines of the last minutes move on without a change. */
const CLOCK_EVERY_MS = 5000;

function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), CLOCK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** Scrolling by does not subscribe: only where the person stays for a moment. */
const SETTLED_MS = 150;

export function ProductList({ products, catalogue, live, language, selected, onSelect }: ProductListProps) {
  const nowMs = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: products.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const visible = rows.getVirtualItems();
  const first = visible[0]?.index ?? 0;
  const last = visible.at(-1)?.index ?? 0;
  const watched = skusToWatch(
    products.map(({ sku }) => sku),
    first,
    last,
  ).join('\n');
  useEffect(() => {
    const timer = setTimeout(() => live.watch(watched === '' ? [] : watched.split('\n')), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [live, watched]);
  const { complete, loading, loadMore } = catalogue;
  useEffect(() => {
    if (!complete && !loading && products.length > 0 && last >= products.length - 20) loadMore();
  }, [complete, loading, loadMore, last, products.length]);
  return (
    <div className="list" ref={scroller} data-testid="list">
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {visible.map(({ index, start }) => {
          const product = products[index]!;
          return (
            <div key={product.sku} className="place" style={{ transform: `translateY(${start}px)`, height: ROW_PX }}>
              <ProductRow
                product={product}
                live={live}
                language={language}
                selected={selected?.sku === product.sku}
                nowMs={nowMs}
                onSelect={onSelect}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
