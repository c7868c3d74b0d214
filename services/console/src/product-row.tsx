import { STATUS_TERMS } from '@shelfline/contracts/terms';
import { memo, useCallback, useSyncExternalStore } from 'react';
import type { CatalogueProduct } from './catalogue.js';
import { type Language, nameIn, numberIn, textIn } from './language.js';
import type { LiveRow, LiveStock } from './live-stock.js';
import { SparkLine } from './spark-line.js';

/** How long the last change stands beside the number. */
const CHANGE_SHOWN_MS = 8000;

interface ProductRowProps {
  readonly product: CatalogueProduct;
  readonly live: LiveStock;
  readonly language: Language;
  readonly selected: boolean;
  /** End of the line of the last minutes. */
  readonly nowMs: number;
  readonly sparkMs: number;
  readonly index: number;
  /** Left out where there is nothing to do with a selected product. */
  readonly onSelect: ((product: CatalogueProduct) => void) | undefined;
}

export function useLiveRow(live: LiveStock, sku: string): LiveRow | undefined {
  const subscribe = useCallback((onChange: () => void) => live.onRow(sku, onChange), [live, sku]);
  return useSyncExternalStore(subscribe, () => live.row(sku));
}

export const ProductRow = memo(function ProductRow(props: ProductRowProps) {
  const { product, live, language, selected, nowMs, sparkMs, index, onSelect } = props;
  const row = useLiveRow(live, product.sku);
  const view = row && row.view.version > 0 ? row.view : undefined;
  const status = view?.status ?? 'none';
  const content = (
    <>
      <span className="product">
        <span className="name">{nameIn(language, product)}</span>
        <span className="details">
          <span className="sku">{product.sku}</span>
          {product.brand && <span className="brand"> · {product.brand}</span>}
          {product.category && <span> · {product.category}</span>}
        </span>
      </span>
      <SparkLine
        history={row?.history ?? NO_HISTORY}
        nowMs={Math.max(nowMs, row?.history.at(-1)?.atMs ?? 0)}
        windowMs={sparkMs}
      />
      <span className={`status ${status}`}>
        {view ? STATUS_TERMS[view.status][language] : textIn(language)('unknown')}
      </span>
      <Units row={row} language={language} nowMs={nowMs} />
    </>
  );
  if (!onSelect) return <div className={`row ${status}`}>{content}</div>;
  return (
    <button
      type="button"
      className={`row ${status}`}
      data-index={index}
      data-sku={product.sku}
      aria-pressed={selected}
      onClick={() => onSelect(product)}
    >
      {content}
    </button>
  );
});

const NO_HISTORY: LiveRow['history'] = [];

function Units({ row, language, nowMs }: { row: LiveRow | undefined; language: Language; nowMs: number }) {
  if (!row || row.view.version === 0) return <span className="units">–</span>;
  const { changeUnits, changedAtMs, view } = row;
  const direction = changeUnits > 0 ? 'up' : 'down';
  const isRecent = changedAtMs > 0 && nowMs - changedAtMs < CHANGE_SHOWN_MS;
  const say = textIn(language);
  const size = numberIn(language, Math.abs(changeUnits));
  // The key is new with every change, which starts the highlight anew.
  return (
    <span key={changedAtMs} className="units">
      {isRecent && (
        <span className={`change ${direction}`}>
          <span aria-hidden="true">
            {changeUnits > 0 ? '▲' : '▼'} {size}
          </span>
          <span className="unseen">{say(changeUnits > 0 ? 'rose' : 'fell', { count: size })}</span>
        </span>
      )}
      <span className={`available ${isRecent ? direction : ''}`}>{numberIn(language, view.available)}</span>
    </span>
  );
}
