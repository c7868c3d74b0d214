import type { Problem } from '@shelfline/client/storefront';
import { useEffect, useState } from 'react';
import type { LiveStock } from './live-stock.js';

/** Why the server refuses to send stock, until another connection is chosen. */
export function useProblem(live: LiveStock): Problem | undefined {
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    const stop = live.connection.onProblem(setProblem);
    return () => {
      stop();
      setProblem(undefined);
    };
  }, [live]);
  return problem;
}
