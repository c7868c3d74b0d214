import { STOCK_TERMS } from '@shelfline/contracts/terms';
import { useEffect, useMemo, useState } from 'react';
import { type CatalogueProduct, fetchRegions } from './catalogue.js';
import { ConnectionBadge } from './connection-badge.js';
import { type Language, readLanguage, storeLanguage, textIn } from './language.js';
import { LiveStock } from './live-stock.js';
import { ProductList } from './product-list.js';
import { TryIt } from './try-it.js';
import { useCatalogue } from './use-catalogue.js';

/** How often the order by activity is worked out anew: more often would make rows jump under the finger. */
const REORDER_EVERY_MS = 4000;

function useLiveStock(region: string): LiveStock | undefined {
  const [live, setLive] = useState<LiveStock>();
  useEffect(() => {
    const made = new LiveStock(region === '' ? undefined : region);
    // oxlint-disable-next-line react/set-state-in-effect -- the connection lives outside React and is made by this effect
    setLive(made);
    return () => made.close();
  }, [region]);
  return live;
}

function useOrder(products: readonly CatalogueProduct[], live: LiveStock | undefined, byActivity: boolean) {
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!byActivity) return undefined;
    const timer = setInterval(() => setRound((n) => n + 1), REORDER_EVERY_MS);
    return () => clearInterval(timer);
  }, [byActivity]);
  return useMemo(
    () =>
      byActivity && live && round >= 0
        ? products.toSorted((a, b) => live.activity(b.sku) - live.activity(a.sku))
        : products,
    [products, live, byActivity, round],
  );
}

interface Choice {
  readonly search: string;
  readonly region: string;
  readonly byActivity: boolean;
}

function PageHeader({
  live,
  language,
  onLanguage,
}: {
  live: LiveStock | undefined;
  language: Language;
  onLanguage: (language: Language) => void;
}) {
  const text = textIn(language);
  return (
    <header>
      <h1>
        <img src="/shelfline.svg" alt="" width="28" height="28" /> Shelfline <span>{text('title')}</span>
      </h1>
      <p>{text('hint')}</p>
      {live && <ConnectionBadge live={live} language={language} />}
      <button type="button" className="language" onClick={() => onLanguage(language === 'en' ? 'zh' : 'en')}>
        {text('language')}
      </button>
    </header>
  );
}

interface ControlsProps {
  readonly language: Language;
  readonly choice: Choice;
  readonly regions: readonly string[];
  readonly onChange: (change: Partial<Choice>) => void;
}

function Controls({ language, choice, regions, onChange }: ControlsProps) {
  const text = textIn(language);
  return (
    <div className="controls">
      <input
        type="search"
        value={choice.search}
        placeholder={text('search')}
        aria-label={text('search')}
        onChange={(event) => onChange({ search: event.target.value })}
      />
      <select
        value={choice.region}
        aria-label={text('region')}
        onChange={(event) => onChange({ region: event.target.value })}
      >
        <option value="">{text('allRegions')}</option>
        {regions.map((code) => (
          <option key={code} value={code}>
            {code}
          </option>
        ))}
      </select>
      <label className="check">
        <input
          type="checkbox"
          checked={choice.byActivity}
          onChange={(event) => onChange({ byActivity: event.target.checked })}
        />{' '}
        {text('active')}
      </label>
    </div>
  );
}

export function StorefrontPage() {
  const [language, setLanguage] = useState<Language>(readLanguage);
  const [choice, setChoice] = useState<Choice>({ search: '', region: '', byActivity: false });
  const [regions, setRegions] = useState<readonly string[]>([]);
  const [selected, setSelected] = useState<CatalogueProduct>();
  const catalogue = useCatalogue(choice.search);
  const live = useLiveStock(choice.region);
  const products = useOrder(catalogue.products, live, choice.byActivity);
  const text = textIn(language);
  useEffect(() => {
    fetchRegions().then(setRegions, () => setRegions([]));
  }, []);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    storeLanguage(language);
  }, [language]);
  return (
    <main>
      <PageHeader live={live} language={language} onLanguage={setLanguage} />
      <Controls
        language={language}
        choice={choice}
        regions={regions}
        onChange={(change) => setChoice((before) => ({ ...before, ...change }))}
      />
      <div className="head" aria-hidden="true">
        <span>{text('product')}</span>
        <span>{text('trend')}</span>
        <span />
        <span>{STOCK_TERMS.available[language]}</span>
      </div>
      {catalogue.failure && (
        <div className="notice" role="alert">
          {text(catalogue.failure === 'sign-in' ? 'signInFailed' : 'failed')}{' '}
          <button type="button" onClick={catalogue.retry}>
            {text('retry')}
          </button>
        </div>
      )}
      {!catalogue.failure && products.length === 0 && (
        <div className="notice">{text(catalogue.loading ? 'loading' : 'empty')}</div>
      )}
      {live && (
        <ProductList
          products={products}
          catalogue={catalogue}
          live={live}
          language={language}
          selected={selected}
          onSelect={setSelected}
        />
      )}
      <TryIt product={selected} language={language} />
    </main>
  );
}
