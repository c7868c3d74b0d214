import { z } from 'zod';
import { Circuit, type CircuitOptions } from './circuit.js';
import type { CreditAnswer, CreditHold, CreditPort } from './credit-port.js';

export interface HttpCreditOptions {
  readonly url: string;
  /** Of one try. */
  readonly timeoutMs: number;
  /** Tries of one request, the first one included; the order itself asks again later. */
  readonly tries: number;
  readonly token?: string | undefined;
  readonly circuit: CircuitOptions;
}

const Refusal = z.looseObject({ reason: z.string().max(200).optional() });
/** A body is a sentence; of one that never ends no more is read, and its connection is given up. */
const MOST_BODY_BYTES = 10_000;

/**
 * `PUT URL/accounts/ACCOUNT/holds/ORDER` with `{ holdMinor, currency, revision }` under an `idempotency-key` of order and
 * revision. 200 or 204 = held; 402, 404, 409, 422 = refused (`reason`); anything else, or silence, = nobody knows.
 */
export class HttpCredit implements CreditPort {
  private readonly circuit: Circuit;

  constructor(private readonly options: HttpCreditOptions) {
    this.circuit = new Circuit(options.circuit);
  }

  async hold(request: CreditHold): Promise<CreditAnswer> {
    let answer: CreditAnswer = CLOSED;
    for (let tried = 0; tried < this.options.tries && this.circuit.lets(); tried++) {
      answer = await this.ask(request);
      if (answer.result !== 'unavailable') {
        this.circuit.succeeded();
        return answer;
      }
      this.circuit.failed();
    }
    return answer;
  }

  private async ask({ orderId, account, ...body }: CreditHold): Promise<CreditAnswer> {
    const { url, timeoutMs, token } = this.options;
    const path = `/accounts/${encodeURIComponent(account)}/holds/${encodeURIComponent(orderId)}`;
    try {
      const response = await fetch(url.replace(/\/$/, '') + path, {
        method: 'PUT',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': `${orderId}/${body.revision}`,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await bodyOf(response);
      if (response.ok) return { result: 'held' };
      return REFUSALS.has(response.status)
        ? { result: 'refused', reason: reasonIn(text) ?? `status ${response.status}` }
        : { result: 'unavailable', reason: `status ${response.status}` };
    } catch (error) {
      return {
        result: 'unavailable',
        reason: (error as Error).name === 'TimeoutError' ? 'no answer in time' : 'no connection',
      };
    }
  }
}

const REFUSALS: ReadonlySet<number> = new Set([402, 404, 409, 422]);
const CLOSED: CreditAnswer = { result: 'unavailable', reason: 'not asked: it has not answered for a while' };

/** Within the time of the request, which ends the reading of its body too. */
async function bodyOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Left in the midst, the loop cancels the rest.
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, MOST_BODY_BYTES);
}

function reasonIn(text: string): string | undefined {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.reason;
  } catch {
    return undefined;
  }
}
