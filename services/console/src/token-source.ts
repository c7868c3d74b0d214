import { storeOfToken } from './inbox/chosen-store.js';

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
export async function developmentToken(role: 'storefront' | 'integrator' | 'store', store?: string): Promise<string> {
  const query = new URLSearchParams({ role, ...(store === undefined ? {} : { store }) });
  const response = await fetch(`/api/auth/dev-token?${query}`);
  if (response.status === 404) throw new SignInError('The server hands out no development token');
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

/** A given token cannot be renewed, and the connection says so once it is refused; others are got anew each time. */
export const storefrontToken = (): string | (() => Promise<string>) =>
  givenToken() ?? (() => developmentToken('storefront'));

export const storeToken = (store: string): string | (() => Promise<string>) =>
  givenToken() ?? (() => developmentToken('store', store));

/** The store that the given token is for; where there is none, any may be chosen. */
export const storeOfGivenToken = (): string | undefined => {
  const token = givenToken();
  return token === undefined ? undefined : storeOfToken(token);
};

const KEPT_MS = 4 * 60_000;
let kept: { readonly token: string; readonly untilMs: number } | undefined;

/** For REST calls; a development token is kept for some minutes. */
export async function restToken(): Promise<string> {
  const given = givenToken();
  if (given) return given;
  if (kept && kept.untilMs > Date.now()) return kept.token;
  const token = await developmentToken('storefront');
  kept = { token, untilMs: Date.now() + KEPT_MS };
  return token;
}
