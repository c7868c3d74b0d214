import { STOCK_TERMS } from '@shelfline/contracts/terms';
import { useState } from 'react';
import type { CatalogueProduct } from './catalogue.js';
import { CurlExample } from './curl-example.js';
import { type Language, nameIn, numberIn, textIn } from './language.js';
import type { LiveStock } from './live-stock.js';
import { PlaceSelect } from './place-select.js';
import { useLiveRow } from './product-row.js';
import { type Delta, sendDelta } from './send-delta.js';
import { reasonIn, whyUnanswered } from './unanswered.js';
import { useLevels, usePlaces } from './use-places.js';

interface TryItProps {
  readonly token: string;
  readonly product: CatalogueProduct | undefined;
  readonly live: LiveStock;
  readonly language: Language;
}

const SALE: Delta = { type: 'sale', quantity: 1 };
const RECEIPT: Delta = { type: 'receipt', quantity: 10 };

/** Development only: shown where the server hands out integrator tokens. */
export function TryIt({ token, product, live, language }: TryItProps) {
  const [isOpen, setIsOpen] = useState(false);
  const say = textIn(language);
  return (
    <details className="try-it" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {say('tryIt')}
        {product && <span className="chosen">{nameIn(language, product)}</span>}
      </summary>
      {isOpen && (
        <div className="try-body">
          <p>{product ? say('tryHint') : say('tryChoose')}</p>
          {product && <TryProduct key={product.sku} token={token} product={product} live={live} language={language} />}
        </div>
      )}
    </details>
  );
}

function TryProduct({ token, product, live, language }: TryItProps & { readonly product: CatalogueProduct }) {
  const places = usePlaces();
  const levels = useLevels(token, product.sku);
  const [chosen, setChosen] = useState<string>();
  const [message, setMessage] = useState('');
  const row = useLiveRow(live, product.sku);
  const say = textIn(language);
  const place = chosen ?? levels[0]?.location ?? places[0]?.code ?? '';
  const send = async (delta: Delta): Promise<void> => {
    try {
      const refusal = await sendDelta(token, product.sku, place, delta);
      setMessage(refusal === undefined ? say('sent') : say('notSent', { reason: refusal }));
    } catch (error) {
      setMessage(reasonIn(language, whyUnanswered(error)));
    }
  };
  return (
    <>
      <div className="try-actions">
        <span className="now">
          {STOCK_TERMS.available[language]} <b>{row ? numberIn(language, row.view.available) : '–'}</b>
        </span>
        <PlaceSelect value={place} places={places} levels={levels} language={language} onChange={setChosen} />
        <button type="button" disabled={place === ''} onClick={() => void send(SALE)}>
          {say('sellOne')}
        </button>
        <button type="button" disabled={place === ''} onClick={() => void send(RECEIPT)}>
          {say('receiveTen')}
        </button>
        <output aria-live="polite">{message}</output>
      </div>
      <CurlExample sku={product.sku} place={place} delta={SALE} say={say} />
    </>
  );
}
