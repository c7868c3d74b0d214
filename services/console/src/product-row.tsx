import { STATUS_TERMS } from '@shelfline/contracts/terms';
import { memo, useCallback, useSyncExternalStore } from 'react';
import type { CatalogueProduct } from './catalogue.js';
import { type Language, textIn } from './language.js';
import { type LiveStock, WINDOW_MS } from './live-stock.js';
import { sparkPath } from './spark-path.js';

const WIDTH = 120;
const HEIGHT = 28;

interface ProductRowProps {
  readonly product: CatalogueProduct;
  readonly live: LiveStock;
  readonly language: Language;
  readonly selected: boolean;
  /** End of the line of the last minutes. */
  readonly nowMs: number;
  readonly onSelect: (product: CatalogueProduct) => void;
}

export const ProductRow = memo(function ProductRow({
  product,
  live,
  language,
  selected,
  nowMs,
  onSelect,
}: ProductRowProps) {
  const subscribe = useCallback((onChange: () => void) => live.onRow(product.sku, onChange), [live, product.sku]);
  const row = useSyncExternalStore(subscribe, () => live.row(product.sku));
  const text = textIn(language);
  const name = language === 'zh' ? (product.nameZh ?? product.name) : product.name;
  const known = row && row.view.version > 0 ? row.view : undefined;
  return (
    <button type="button" className="row" aria-pressed={selected} onClick={() => onSelect(product)}>
      <span className="product">
        <span className="name">{name}</span>
        <span className="details">
          {[product.brand, product.category].filter(Boolean).join(' · ')} <span className="sku">{product.sku}</span>
        </span>
      </span>
      <svg className="spark" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <path d={sparkPath(row?.history ?? [], nowMs, WINDOW_MS, WIDTH, HEIGHT)} />
      </svg>
      <span className={`status ${known?.status ?? 'none'}`}>
        {known ? STATUS_TERMS[known.status][language] : text('unknown')}
      </span>
      {/* A new key starts the highlight anew. */}
      <span key={row?.changedAtMs ?? 0} className={`available ${row?.changedAtMs ? (row.change ?? '') : ''}`}>
        {known ? known.available.toLocaleString(language) : '–'}
      </span>
    </button>
  );
});
