import { useEffect, useState } from 'react';
import { useIntegratorToken } from '../use-integrator-token.js';
import { fetchStoreBoards, type StoreBoard } from './store-boards.js';

const LOOK_EVERY_MS = 5000;

/** Where orders wait; development only, since a store's own token does not tell of others. */
export function useStoreBoards(): readonly StoreBoard[] {
  const token = useIntegratorToken();
  const [boards, setBoards] = useState<readonly StoreBoard[]>([]);
  useEffect(() => {
    if (token === undefined) return undefined;
    const leaving = new AbortController();
    const look = async (): Promise<void> => {
      const found = await fetchStoreBoards(token, leaving.signal);
      if (!leaving.signal.aborted) setBoards(found);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [token]);
  return boards;
}
