import { useEffect, useState } from 'react';
import { type CatalogueProduct, fetchPlaces, type PlaceView } from './catalogue.js';
import { type Language, textIn } from './language.js';
import { fetchToken } from './token-source.js';

interface Delta {
  readonly type: 'sale' | 'receipt';
  readonly quantity: number;
}

async function send(token: string, sku: string, location: string, delta: Delta): Promise<string | undefined> {
  const body = [
    { id: crypto.randomUUID(), source: 'console', ...delta, sku, location, occurredAt: new Date().toISOString() },
  ];
  const response = await fetch('/api/inventory/deltas', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { detail?: string; rejected?: { detail: string }[] };
  return response.ok ? answer.rejected?.[0]?.detail : (answer.detail ?? String(response.status));
}

/** Development only: shown where the server hands out integrator tokens. */
export function TryIt({ product, language }: { product: CatalogueProduct | undefined; language: Language }) {
  const [token, setToken] = useState<string>();
  const [places, setPlaces] = useState<readonly PlaceView[]>([]);
  const [place, setPlace] = useState('');
  const [message, setMessage] = useState('');
  useEffect(() => {
    fetchToken('integrator')
      .then(async (given) => {
        const found = await fetchPlaces();
        setToken(given);
        setPlaces(found);
        setPlace(found[0]?.code ?? '');
      })
      .catch(() => setToken(undefined));
  }, []);
  const text = textIn(language);
  if (!token || places.length === 0) return null;
  const run = async (delta: Delta) => {
    if (!product) return;
    const refusal = await send(token, product.sku, place, delta).catch((error: Error) => error.message);
    setMessage(refusal === undefined ? text('sent') : `${text('rejected')}: ${refusal}`);
  };
  const example = `curl -X POST ${location.origin}/api/inventory/deltas -H "authorization: Bearer $(curl -s '${location.origin}/api/auth/dev-token?role=integrator' | cut -d'"' -f4)" -H 'content-type: application/json' -d '[{"id":"my-1","source":"me","type":"sale","sku":"${product?.sku ?? ''}","location":"${place}","quantity":1,"occurredAt":"2026-01-01T12:00:00Z"}]'`;
  return (
    <details className="try-it">
      <summary>{text('tryIt')}</summary>
      <p>{text('tryHint')}</p>
      <div className="try-actions">
        <strong>{product ? product.name : text('choose')}</strong>
        <label>
          {text('at')}{' '}
          <select value={place} onChange={(event) => setPlace(event.target.value)}>
            {places.map(({ code, name, nameZh }) => (
              <option key={code} value={code}>
                {language === 'zh' ? (nameZh ?? name) : name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" disabled={!product} onClick={() => void run({ type: 'sale', quantity: 1 })}>
          {text('sellOne')}
        </button>
        <button type="button" disabled={!product} onClick={() => void run({ type: 'receipt', quantity: 10 })}>
          {text('receiveTen')}
        </button>
        <output aria-live="polite">{message}</output>
      </div>
      {product && <pre>{example}</pre>}
    </details>
  );
}
