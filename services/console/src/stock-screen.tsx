import { STOCK_TERMS } from '@shelfline/contracts/terms';
import { type ReactNode, useRef, useState } from 'react';
import { BasketPanels } from './cart/basket-panels.js';
import type { CatalogueProduct } from './catalogue.js';
import { type Language, numberIn, type Say, textIn } from './language.js';
import { ListNotice } from './list-notice.js';
import { LiveFigures } from './live-figures.js';
import type { LiveStock } from './live-stock.js';
import { Notice } from './notice.js';
import { ProductList } from './product-list.js';
import { QuietHint } from './quiet-hint.js';
import type { Choice } from './stock-controls.js';
import { TryIt } from './try-it.js';
import { type CatalogueState, useCatalogue } from './use-catalogue.js';
import { useFreshness } from './use-freshness.js';
import { useIntegratorToken } from './use-integrator-token.js';
import { useOrderedProducts } from './use-ordered-products.js';
import { useProblem } from './use-problem.js';

interface StockScreenProps {
  readonly language: Language;
  readonly live: LiveStock;
  /** Whose cart is shown. */
  readonly member: string | undefined;
  readonly onMember: (member: string | undefined) => void;
  readonly choice: Choice;
  readonly header: ReactNode;
  readonly controls: ReactNode;
  readonly onClearSearch: () => void;
}

export function StockScreen(props: StockScreenProps) {
  const { language, live, member, onMember, choice, header, controls, onClearSearch } = props;
  const [selected, setSelected] = useState<CatalogueProduct>();
  const search = choice.search.trim();
  const catalogue = useCatalogue(search);
  const section = useRef<HTMLElement>(null);
  const products = useOrderedProducts(catalogue.products, live, { order: choice.order, search }, section);
  const freshness = useFreshness(live);
  const problem = useProblem(live);
  const integratorToken = useIntegratorToken();
  const scroller = useRef<HTMLElement>(null);
  const say = textIn(language);
  const isStale = freshness.staleSinceMs !== undefined && freshness.state !== 'live';
  return (
    <div className="screen">
      <main ref={scroller} className={isStale ? 'stale' : ''}>
        {header}
        <LiveFigures live={live} freshness={freshness} language={language} />
        {integratorToken !== undefined && products.length > 0 && freshness.state === 'live' && (
          <QuietHint live={live} say={say} />
        )}
        <div className="pinned">
          {controls}
          <div className="head" aria-hidden="true">
            <span>{say('product')}</span>
            <span>{say('trend')}</span>
            <span>{say('status')}</span>
            <span>{STOCK_TERMS.available[language]}</span>
          </div>
        </div>
        {problem && (
          <Notice
            isAlert
            happened={say('refusedHappened')}
            means={`${problem.title}. ${problem.detail}`}
            whatToDo={say('refusedDo')}
          />
        )}
        <ListNotice catalogue={catalogue} search={search} say={say} onClearSearch={onClearSearch} />
        {products.length > 0 && (
          <section ref={section}>
            <ProductList
              products={products}
              catalogue={catalogue}
              live={live}
              language={language}
              order={choice.order}
              selected={selected}
              onSelect={integratorToken === undefined && member === undefined ? undefined : setSelected}
              scroller={scroller}
            />
          </section>
        )}
        <ListEnd catalogue={catalogue} order={choice.order} language={language} say={say} />
      </main>
      <BasketPanels
        token={integratorToken}
        product={selected}
        live={live}
        channel={choice.channel || 'web'}
        member={member}
        onMember={onMember}
        language={language}
      />
      {integratorToken !== undefined && (
        <TryIt token={integratorToken} product={selected} live={live} language={language} />
      )}
    </div>
  );
}

interface ListEndProps {
  readonly catalogue: CatalogueState;
  readonly order: Choice['order'];
  readonly language: Language;
  readonly say: Say;
}

function ListEnd({ catalogue, order, language, say }: ListEndProps) {
  const { products, complete, failure, loading, retry } = catalogue;
  if (products.length === 0) return null;
  if (failure === 'other')
    return (
      <p className="list-end">
        {say('moreFailed')}{' '}
        <button type="button" onClick={retry}>
          {say('retry')}
        </button>
      </p>
    );
  const kind = complete
    ? products.length === 1
      ? 'shownOne'
      : 'shown'
    : order === 'active'
      ? 'shownActive'
      : 'shownMore';
  return (
    <p className="list-end" role="status">
      {loading && order === 'sku' ? say('loadingMore') : say(kind, { count: numberIn(language, products.length) })}
    </p>
  );
}
