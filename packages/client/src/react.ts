import { useMemo, useSyncExternalStore } from 'react';
import type { ConnectionState, MemberCart, StockView, StorefrontConnection, TrackedOrder } from './storefront.js';

/** Joins SKUs into one key: a SKU holds no control characters. */
const BETWEEN = '\n';

interface StockStore {
  readonly subscribe: (onChange: () => void) => () => void;
  readonly read: () => ReadonlyMap<string, StockView>;
}

function stockStore(connection: StorefrontConnection, skus: readonly string[]): StockStore {
  // What is known already is on the first picture.
  const known = skus.map((sku) => connection.get(sku)).filter((view) => view !== undefined);
  let views: ReadonlyMap<string, StockView> = new Map(known.map((view) => [view.sku, view]));
  return {
    subscribe: (onChange) =>
      connection.subscribe(skus, (changes) => {
        const next = new Map(views);
        for (const view of changes) next.set(view.sku, view);
        views = next;
        onChange();
      }),
    read: () => views,
  };
}

/** Live stock of these SKUs, by SKU; the map is a new one after every change. The list may be a new array each time. */
export function useStock(connection: StorefrontConnection, skus: readonly string[]): ReadonlyMap<string, StockView> {
  const key = skus.join(BETWEEN);
  const store = useMemo(() => stockStore(connection, key === '' ? [] : key.split(BETWEEN)), [connection, key]);
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}

/** The order that this tracking link is for, live; undefined until something is known of it. */
export function useTrackedOrder(connection: StorefrontConnection, token: string): TrackedOrder | undefined {
  const store = useMemo(
    () => ({
      subscribe: (onChange: () => void) => connection.track(token, onChange),
      read: () => connection.getOrder(token),
    }),
    [connection, token],
  );
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}

/** The cart of the token's member, or of one who is named, live; undefined until something is known of it. */
export function useMemberCart(connection: StorefrontConnection, memberId?: string): MemberCart | undefined {
  const store = useMemo(
    () => ({
      subscribe: (onChange: () => void) => connection.watchCart(onChange, memberId),
      read: () => connection.getCart(memberId),
    }),
    [connection, memberId],
  );
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}

export function useConnectionState(connection: StorefrontConnection): ConnectionState {
  const store = useMemo(
    () => ({
      subscribe: (onChange: () => void) => connection.onState(onChange),
      read: () => connection.state,
    }),
    [connection],
  );
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}
