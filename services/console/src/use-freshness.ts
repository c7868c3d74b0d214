import { useConnectionState } from '@shelfline/client/react';
import type { ConnectionState } from '@shelfline/client/storefront';
import { useEffect, useState } from 'react';
import type { LiveStock } from './live-stock.js';

export interface Freshness {
  readonly state: ConnectionState;
  /** Since when figures may be old; undefined while they are live, and before the first were. */
  readonly staleSinceMs: number | undefined;
}

export function useFreshness(live: LiveStock): Freshness {
  const state = useConnectionState(live.connection);
  const [staleSinceMs, setStaleSinceMs] = useState<number>();
  const isLive = state === 'live';
  useEffect(() => {
    if (!isLive) return undefined;
    // oxlint-disable-next-line react/set-state-in-effect -- being live again ends staleness, which began in the clean-up
    setStaleSinceMs(undefined);
    return () => setStaleSinceMs(Date.now());
  }, [isLive]);
  return { state, staleSinceMs };
}
