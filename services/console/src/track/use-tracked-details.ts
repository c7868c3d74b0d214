import { useEffect, useState } from 'react';
import { type DetailsAnswer, fetchDetails } from './tracked-details.js';

/** A renewed code changes no state that would be pushed. */
const LOOK_AGAIN_EVERY_MS = 15_000;

/** Asked for at each version of the order, and now and then. What was found stays while nobody answers. */
export function useTrackedDetails(token: string, version: number | undefined): DetailsAnswer | undefined {
  const [answer, setAnswer] = useState<DetailsAnswer>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is a reason to ask again
  useEffect(() => {
    const leaving = new AbortController();
    const ask = async (): Promise<void> => {
      const next = await fetchDetails(token, leaving.signal);
      if (leaving.signal.aborted) return;
      setAnswer((before) => (next.kind === 'away' && before?.kind === 'found' ? before : next));
    };
    void ask();
    const timer = setInterval(() => void ask(), LOOK_AGAIN_EVERY_MS);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [token, version]);
  return answer;
}
