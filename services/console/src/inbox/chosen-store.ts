import { claimOfToken } from '../token-claims.js';

/** The store that a token speaks for; undefined for tokens of ops, and for what is no token. */
export const storeOfToken = (token: string): string | undefined => claimOfToken(token, 'store');

/** The address with this store in it, so that a reload, or a bookmark on the store's tablet, comes back to it. */
export function addressFor(store: string, { pathname, search, hash }: Location): string {
  const query = new URLSearchParams(search);
  query.set('store', store);
  return `${pathname}?${query}${hash}`;
}

export const storeInAddress = (search: string): string | undefined =>
  new URLSearchParams(search).get('store') || undefined;
