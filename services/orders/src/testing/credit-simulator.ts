import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Hold {
  readonly holdMinor: number;
  readonly revision: number;
  readonly currency: string;
}
interface Account {
  limitMinor: number;
  readonly currency: string;
  readonly holds: Map<string, Hold>;
}
interface Answer {
  readonly status: number;
  readonly body?: object;
}
/** `fail`: 500, nothing done. `lose`: done, and the connection breaks before the answer. `hang`: nothing ever comes. */
export type Misbehaviour = 'fail' | 'lose' | 'hang' | 'babble' | 'stall';

/**
 * Whoever gives credit, complete and on this machine: accounts with a limit, holds by order, both told over HTTP as the
 * connector asks (http-credit.ts). It misbehaves on demand.
 */
export class CreditSimulator {
  /** Every request that came, as `order/revision`, misbehaved upon or not. */
  readonly asked: string[] = [];
  private readonly accounts = new Map<string, Account>();
  /** By idempotency key: the same again is answered again. */
  private readonly answers = new Map<string, { readonly content: string; readonly answer: Answer }>();
  private readonly misbehaving: Misbehaviour[] = [];
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  open(account: string, limitMinor: number, currency = 'CNY'): this {
    const known = this.accounts.get(account);
    if (known) known.limitMinor = limitMinor;
    else this.accounts.set(account, { limitMinor, currency, holds: new Map() });
    return this;
  }
  misbehave(...next: readonly Misbehaviour[]): this {
    this.misbehaving.push(...next);
    return this;
  }
  heldMinor(account: string): number {
    return [...(this.accounts.get(account)?.holds.values() ?? [])].reduce((sum, { holdMinor }) => sum + holdMinor, 0);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const [, , account = '', , order = ''] = (request.url ?? '').split('/').map(decodeURIComponent);
    const hold = JSON.parse(text) as Hold;
    this.asked.push(`${order}/${hold.revision}`);
    const misbehaviour = this.misbehaving.shift();
    if (misbehaviour === 'hang') return;
    const answer: Answer =
      misbehaviour === 'fail'
        ? { status: 500 }
        : this.once(String(request.headers['idempotency-key']), account, order, hold);
    if (misbehaviour === 'stall') {
      response.writeHead(402).write('{ "reason": "limi');
      return;
    }
    if (misbehaviour === 'babble') {
      const go = (): void => {
        while (!response.destroyed && response.write('no '.repeat(10_000)));
      };
      response.writeHead(402).on('drain', go);
      go();
      return;
    }
    if (misbehaviour === 'lose') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? {}));
  }

  /** A refusal may be another answer later: only what was done is remembered. */
  private once(key: string, account: string, order: string, hold: Hold): Answer {
    const content = JSON.stringify([account, order, hold]);
    const known = this.answers.get(key);
    if (known) return known.content === content ? known.answer : { status: 400, body: { reason: 'another request' } };
    const answer = this.hold(account, order, hold);
    if (answer.status === 200) this.answers.set(key, { content, answer });
    return answer;
  }

  private hold(code: string, order: string, hold: Hold): Answer {
    const account = this.accounts.get(code);
    if (!account) return { status: 404, body: { reason: 'no such account' } };
    if (account.currency !== hold.currency) return { status: 422, body: { reason: 'another currency' } };
    const known = account.holds.get(order);
    // A newer revision has been told already.
    if (known && known.revision > hold.revision) return { status: 200 };
    const others = this.heldMinor(code) - (known?.holdMinor ?? 0);
    // Less than before is always possible, whatever has become of the limit.
    if (hold.holdMinor > (known?.holdMinor ?? 0) && others + hold.holdMinor > account.limitMinor)
      return { status: 402, body: { reason: 'limit exceeded' } };
    account.holds.set(order, hold);
    return { status: 200 };
  }
}
