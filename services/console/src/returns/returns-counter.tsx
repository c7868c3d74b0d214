import { useMemo, useState } from 'react';
import { useProductNames } from '../inbox/use-product-names.js';
import { type Language, textIn } from '../language.js';
import { NotUpToDate } from '../not-up-to-date.js';
import { askWith } from '../store-rest.js';
import { storeToken } from '../token-source.js';
import { useAskedAgain } from '../use-asked-again.js';
import { FindSold } from './find-sold.js';
import { OpenReturn } from './open-return.js';
import './returns.css';
import type { StoreReturn } from './return-choices.js';
import { ReturnsDesk } from './returns-desk.js';

interface ReturnsCounterProps {
  readonly store: string;
  readonly language: Language;
}

/** Where a store takes goods back, wherever they were bought. */
export function ReturnsCounter({ store, language }: ReturnsCounterProps) {
  const desk = useMemo(() => new ReturnsDesk(store, askWith(storeToken(store))), [store]);
  const { found: open = NONE, foundAtMs, failure, look } = useAskedAgain(desk.openReturns);
  const names = useProductNames(open.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const [outcome, setOutcome] = useState('');
  const say = textIn(language);
  return (
    <div className="returns">
      <FindSold desk={desk} language={language} onTakenIn={look} />
      <h2>{say('openReturns')}</h2>
      <output aria-live="polite">{outcome}</output>
      <NotUpToDate failure={failure} foundAtMs={foundAtMs} language={language} />
      {open.length === 0 && failure === undefined && <p>{say('openReturnsNone')}</p>}
      <ul className="tasks" aria-label={say('openReturns')}>
        {open.map((one) => (
          <OpenReturn
            key={`${one.orderId}/${one.returnId}`}
            returned={one}
            names={names}
            language={language}
            onDecide={async (choices) => {
              const answer = await desk.decide(one, choices);
              if (answer.kind === 'done') setOutcome(outcomeOf(answer.value, language));
              look();
              return answer;
            }}
          />
        ))}
      </ul>
    </div>
  );
}

function outcomeOf({ refundMinor, currency, lines }: StoreReturn, language: Language): string {
  const say = textIn(language);
  if (!lines.some(({ acceptedUnits }) => acceptedUnits > 0)) return say('returnDeclined');
  return say('returnDone', { amount: moneyIn(language, refundMinor, currency) });
}

/** Of goods sold elsewhere their shop knows the amount. */
function moneyIn(language: Language, minor: number | undefined, currency: string | undefined): string {
  if (minor === undefined || currency === undefined) return '–';
  const format = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

const NONE: readonly StoreReturn[] = [];
