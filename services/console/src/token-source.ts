import { storeOfToken } from './inbox/chosen-store.js';
import { claimOfToken } from './token-claims.js';

declare global {
  interface Window {
    /** What the embedding page tells this one. */
    __SHELFLINE__?: { readonly token?: string };
  }
}

/** Thrown when no token can be had at all, so that the page can say so instead of trying for ever. */
export class SignInError extends Error {}

/** The token the embedding page gave, as a variable or in the address's fragment (`#token=…`, which no server sees). */
const givenToken = (): string | undefined =>
  window.__SHELFLINE__?.token ?? new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;

/** Development only: the server hands out tokens of any role. */
export async function developmentToken(
  role: 'storefront' | 'integrator' | 'store',
  whose: { readonly store?: string; readonly member?: string } = {},
): Promise<string> {
  const query = new URLSearchParams({ role, ...whose });
  const response = await fetch(`/api/auth/dev-token?${query}`);
  if (response.status === 404) throw new SignInError('The server hands out no development token');
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

/** A given token cannot be renewed, and the connection says so once it is refused; others are got anew each time. */
export const storefrontToken = (member: string | undefined): string | (() => Promise<string>) =>
  givenToken() ?? (() => developmentToken('storefront', member === undefined ? {} : { member }));

export const storeToken = (store: string): string | (() => Promise<string>) =>
  givenToken() ?? (() => developmentToken('store', { store }));

/** The store that the given token is for; where there is none, any may be chosen. */
export const storeOfGivenToken = (): string | undefined => {
  const token = givenToken();
  return token === undefined ? undefined : storeOfToken(token);
};

/** The member who signed in where the page is embedded; undefined where nobody did. */
export const memberOfGivenToken = (): string | undefined => {
  const token = givenToken();
  return token === undefined ? undefined : claimOfToken(token, 'member');
};
/** Where a token is given, nobody may choose whose it is. */
export const isTokenGiven = (): boolean => givenToken() !== undefined;

const KEPT_MS = 4 * 60_000;
const kept = new Map<string, { readonly token: string; readonly untilMs: number }>();

/** For REST calls, of a member where one is named; a development token is kept for some minutes. */
export async function restToken(member?: string): Promise<string> {
  const given = givenToken();
  if (given) return given;
  const whose = member ?? '';
  const known = kept.get(whose);
  if (known && known.untilMs > Date.now()) return known.token;
  const token = await developmentToken('storefront', member === undefined ? {} : { member });
  kept.set(whose, { token, untilMs: Date.now() + KEPT_MS });
  return token;
}
