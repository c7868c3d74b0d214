import { moment } from './awaiting.ts';

const RETRY_AFTER_MS = 250;
const ANSWER_LIMIT_MS = 15_000;

/** An answer that is final: what has none, or one of a server in trouble, is asked again until it has. */
export interface FinalAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface LedgerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

/** Asks as a client does that must know: the same once more after every failure. */
export async function askUntilAnswered(
  address: () => string,
  token: string,
  { method, path, body, contentType = 'application/json' }: LedgerRequest,
  signal: AbortSignal,
): Promise<FinalAnswer> {
  for (;;) {
    try {
      const response = await fetch(address() + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': contentType }) },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
      });
      const text = await response.text();
      if (response.status < 500 && response.status !== 429)
        return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch {
      signal.throwIfAborted();
    }
    await moment(RETRY_AFTER_MS, signal);
  }
}
