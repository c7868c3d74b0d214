import { useEffect, useState } from 'react';
import { type LastAnswer, withAnswer } from './last-answer.js';
import type { Answered } from './store-rest.js';

/** Colleagues at other screens of a store work too. */
const EVERY_MS = 10_000;

/** What `ask` answers, asked again now and then. */
export function useAskedAgain<T>(ask: () => Promise<Answered<T>>): LastAnswer<T> & { readonly look: () => void } {
  const [last, setLast] = useState<LastAnswer<T>>({});
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is a reason to ask again
  useEffect(() => {
    let isGone = false;
    const look = async (): Promise<void> => {
      const next = await ask();
      if (!isGone) setLast((before) => withAnswer(before, next, Date.now()));
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [ask, round]);
  return { ...last, look: () => setRound((before) => before + 1) };
}
