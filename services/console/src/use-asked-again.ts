import { useEffect, useState } from 'react';
import type { Answered } from './store-rest.js';

/** Colleagues at other screens of a store work too. */
const EVERY_MS = 10_000;

/** What `ask` answers, asked again now and then. What was found stays while nobody answers. */
export function useAskedAgain<T>(ask: () => Promise<Answered<T>>) {
  const [found, setFound] = useState<Answered<T>>();
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is a reason to ask again
  useEffect(() => {
    let isGone = false;
    const look = async (): Promise<void> => {
      const next = await ask();
      if (!isGone) setFound((before) => (next.kind === 'uncertain' && before?.kind === 'done' ? before : next));
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [ask, round]);
  return {
    found: found?.kind === 'done' ? found.value : undefined,
    failure: found === undefined || found.kind === 'done' ? undefined : found.reason,
    look: () => setRound((before) => before + 1),
  };
}
