import {
  type ConnectionState,
  connectStore,
  type Problem,
  type StoreConnection,
  type StoreTask,
} from '@shelfline/client/store';
import { useEffect, useState } from 'react';
import { storeToken } from '../token-source.js';

export interface StoreTasks {
  readonly connection: StoreConnection;
  readonly state: ConnectionState;
  readonly tasks: readonly StoreTask[];
  /** False until every open task is known, and again from a reconnect until the new snapshot is whole. */
  readonly isComplete: boolean;
  readonly problem: Problem | undefined;
  /** When it was last live; undefined before it ever was, and while it is. */
  readonly offlineSinceMs: number | undefined;
}

/** One connection a store; what was known stays to be seen while it is away. */
export function useStoreTasks(store: string): StoreTasks | undefined {
  const [shown, setShown] = useState<StoreTasks>();
  useEffect(() => {
    const connection = connectStore({ url: location.origin, token: storeToken(store), store });
    let problem: Problem | undefined;
    let offlineSinceMs: number | undefined;
    let wasLive = false;
    const show = (): void => {
      const { state, tasks, isComplete } = connection;
      setShown({ connection, state, tasks, isComplete, problem, offlineSinceMs });
    };
    const stops = [
      connection.subscribe(show),
      connection.onState((state) => {
        if (state === 'live') {
          problem = undefined;
          offlineSinceMs = undefined;
        } else if (wasLive) offlineSinceMs = Date.now();
        wasLive = state === 'live';
        show();
      }),
      connection.onProblem((told) => {
        problem = told;
        show();
      }),
    ];
    show();
    return () => {
      for (const stop of stops) stop();
      connection.close();
      setShown(undefined);
    };
  }, [store]);
  return shown;
}
