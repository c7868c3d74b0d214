import type { MemberCart, StorefrontConnection } from '@shelfline/client/storefront';
import { useMemo, useSyncExternalStore } from 'react';

const NOBODYS = { subscribe: () => () => {}, read: () => undefined };

/** The member's cart, live; undefined while there is none, and of nobody. */
export function useMemberCart(connection: StorefrontConnection, member: string | undefined): MemberCart | undefined {
  const store = useMemo(
    () =>
      member === undefined
        ? NOBODYS
        : {
            subscribe: (onChange: () => void) => connection.watchCart(onChange, member),
            read: () => connection.getCart(member),
          },
    [connection, member],
  );
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}
