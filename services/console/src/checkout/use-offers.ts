import { useEffect, useState } from 'react';
import type { Language } from '../language.js';
import type { Basket } from './basket.js';
import type { Whereabouts } from './cities.js';
import { fetchOffers, type OffersAnswer, questionOf } from './offers.js';

/** Not at every letter that is typed. */
const SETTLED_AFTER_MS = 400;
/** Stock moves, and so do the times. */
const ASK_AGAIN_EVERY_MS = 20_000;

interface Asked {
  readonly token: string;
  readonly basket: Basket;
  readonly where: Whereabouts | undefined;
  readonly channel: string;
  readonly language: Language;
}

/** How the basket can be had now; undefined until it is known for this very basket and place. */
export function useOffers({ token, basket, where, channel, language }: Asked): OffersAnswer | undefined {
  const question = questionOf(basket, where, channel);
  const [found, setFound] = useState<{ readonly key: string; readonly answer: OffersAnswer }>();
  const key = `${language} ${question}`;
  useEffect(() => {
    const leaving = new AbortController();
    const ask = async (): Promise<void> => {
      const answer = await fetchOffers(token, question, language, leaving.signal);
      if (!leaving.signal.aborted) setFound({ key, answer });
    };
    const first = setTimeout(() => void ask(), SETTLED_AFTER_MS);
    const timer = setInterval(() => void ask(), ASK_AGAIN_EVERY_MS);
    return () => {
      leaving.abort();
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [token, question, language, key]);
  return found?.key === key ? found.answer : undefined;
}
