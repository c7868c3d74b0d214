import type { TokenSource } from '@shelfline/client/store';
import { whyUnanswered } from './unanswered.js';

export type Answered<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may or may not be done: the same again does no harm. */
  | { readonly kind: 'uncertain'; readonly reason: string };

export function readAnswer<T>(status: number, body: unknown): Answered<T> {
  if (status === 200) return { kind: 'done', value: body as T };
  const reason = (body as { detail?: string } | undefined)?.detail ?? String(status);
  return { kind: status >= 500 || status === 429 ? 'uncertain' : 'refused', reason };
}

export type Ask = <T>(method: 'GET' | 'POST', path: string, body?: object) => Promise<Answered<T>>;

/** The REST interface as a store's page uses it. */
export const askWith =
  (token: TokenSource): Ask =>
  async <T>(method: string, path: string, body?: object): Promise<Answered<T>> => {
    try {
      const text = typeof token === 'function' ? await token() : token;
      const response = await fetch(path, {
        method,
        headers: { authorization: `Bearer ${text}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return readAnswer<T>(response.status, await response.json().catch(() => undefined));
    } catch (error) {
      return { kind: 'uncertain', reason: whyUnanswered(error) };
    }
  };
