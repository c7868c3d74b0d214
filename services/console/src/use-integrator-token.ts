import { useEffect, useState } from 'react';
import { developmentToken } from './token-source.js';

/** A token that may send stock changes; undefined where the server was not started for development. */
export function useIntegratorToken(): string | undefined {
  const [token, setToken] = useState<string>();
  useEffect(() => {
    let isGone = false;
    developmentToken('integrator').then(
      (given) => {
        if (!isGone) setToken(given);
      },
      () => setToken(undefined),
    );
    return () => {
      isGone = true;
    };
  }, []);
  return token;
}
