import { useEffect, useMemo, useState } from 'react';
import { useProductNames } from '../inbox/use-product-names.js';
import { type Language, textIn } from '../language.js';
import { storeToken } from '../token-source.js';
import { FindSold } from './find-sold.js';
import { OpenReturn } from './open-return.js';
import './returns.css';
import type { StoreReturn } from './return-choices.js';
import { type Answered, ReturnsDesk } from './returns-desk.js';

interface ReturnsCounterProps {
  readonly store: string;
  readonly language: Language;
}
/** Colleagues at another screen of this store take returns in too. */
const LOOK_EVERY_MS = 10_000;

/** Where a store takes goods back, wherever they were bought. */
export function ReturnsCounter({ store, language }: ReturnsCounterProps) {
  const desk = useMemo(() => new ReturnsDesk(store, storeToken(store)), [store]);
  const { open, failure, look } = useOpenReturns(desk);
  const names = useProductNames(open.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const [outcome, setOutcome] = useState('');
  const say = textIn(language);
  return (
    <div className="returns">
      <FindSold desk={desk} language={language} onTakenIn={look} />
      <h2>{say('openReturns')}</h2>
      <output aria-live="polite">{outcome}</output>
      {failure !== undefined && <p role="alert">{say('returnNotDone', { reason: failure })}</p>}
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

function useOpenReturns(desk: ReturnsDesk) {
  const [found, setFound] = useState<Answered<readonly StoreReturn[]>>();
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is a reason to ask again
  useEffect(() => {
    let isGone = false;
    const look = async (): Promise<void> => {
      const next = await desk.openReturns();
      if (!isGone) setFound((before) => (next.kind === 'uncertain' && before?.kind === 'done' ? before : next));
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [desk, round]);
  return {
    open: found?.kind === 'done' ? found.value : NONE,
    failure: found === undefined || found.kind === 'done' ? undefined : found.reason,
    look: () => setRound((before) => before + 1),
  };
}
const NONE: readonly StoreReturn[] = [];
