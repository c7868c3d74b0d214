import { moment } from './awaiting.ts';
import type { FinalAnswer, LedgerRequest } from './ledger-requests.ts';
import { PLACES } from './made-deltas.ts';
import { type MadePromise, makePromise, PROMISED_SKUS } from './made-promises.ts';
import type { Allocation, AnsweredPromise, EndState } from './promise-verdict.ts';
import { WorkInPieces, type WorkOptions } from './work-in-pieces.ts';

const CUSTOMERS = 16;
const LONGEST_REST_MS = 200;
const ASKED_AGAIN_SHARE = 0.2;
const LOOK_EVERY_MS = 300;
const FIRST_UNITS = 12;
/** What left or is held for good comes in again, mostly. */
const RESTOCKED_SHARE = 0.9;

interface ReserveAnswer {
  readonly type?: string;
  readonly lines?: readonly { sku: string; reserved: number; allocations: readonly Allocation[]; state?: string }[];
}

/**
 * Customers: each reserves, then commits, fulfils, gives back or forgets, always until it is answered, and now and then
 * asks the same once more. What was answered is kept, to be compared with what the ledger holds in the end.
 */
export class PromiseLoad {
  readonly answered = new Map<string, AnsweredPromise>();
  /** Asked again and answered otherwise. */
  readonly answeredOtherwise: string[] = [];
  commands = 0;
  readonly work: WorkInPieces;
  private made = 0;
  private restocked = 0;

  constructor(options: WorkOptions) {
    this.work = new WorkInPieces('/api/inventory/reservations', options);
  }

  start(): void {
    for (const sku of PROMISED_SKUS) for (const location of PLACES) this.restock(sku, location, FIRST_UNITS);
    this.work.resume();
    for (let i = 0; i < CUSTOMERS; i++)
      void this.work.goOn(LONGEST_REST_MS, () => this.live(makePromise(this.made++, this.work.random)));
  }

  private async live(promise: MadePromise): Promise<void> {
    const expiresAtMs = Date.now() + promise.holdMs;
    const held = await this.reserve(promise, expiresAtMs);
    const keep = (state: EndState) => this.answered.set(promise.id, { ...promise, held, state });
    if (held.size === 0) return void keep('NONE');
    // Written down before the next step: a run may end while it is on its way.
    keep('ACTIVE');
    keep(await this.goOn(promise));
    for (const [sku, allocations] of held)
      for (const { location, quantity } of allocations)
        if (this.isGone(promise.id) && this.work.random.chance(RESTOCKED_SHARE)) this.restock(sku, location, quantity);
  }

  private isGone(id: string): boolean {
    const state = this.answered.get(id)?.state;
    return state === 'FULFILLED' || state === 'COMMITTED';
  }

  private async reserve(promise: MadePromise, expiresAtMs: number): Promise<Map<string, readonly Allocation[]>> {
    const { id, lines, mode } = promise;
    const body = JSON.stringify({ id, lines, mode, expiresAt: new Date(expiresAtMs).toISOString() });
    const request: LedgerRequest = { method: 'POST', path: '', body };
    const isOver = () => Date.now() >= expiresAtMs;
    const { status, body: answer } = await this.ask(id, 'reserve', request, linesOf, isOver);
    if (status === 409) return new Map();
    const found = (answer as ReserveAnswer).lines!.filter(({ reserved }) => reserved > 0);
    return new Map(found.map(({ sku, allocations }) => [sku, allocations]));
  }

  private async goOn(promise: MadePromise): Promise<EndState> {
    const { id, way, holdMs } = promise;
    switch (way) {
      case 'expires':
        return this.seeExpired(id);
      case 'races': {
        await moment(this.work.random.between(0, Math.round(1.2 * holdMs)), this.work.signal);
        if (await this.step(id, 'commit')) return 'COMMITTED';
        return this.seeExpired(id);
      }
      case 'released':
        await this.must(id, 'release');
        return 'RELEASED';
      case 'committed':
        await this.must(id, 'commit');
        return 'COMMITTED';
      case 'committed-fulfilled':
        await this.must(id, 'commit');
      // falls through
      case 'fulfilled':
        await this.must(id, 'fulfil');
        return 'FULFILLED';
    }
  }

  private async must(id: string, step: 'commit' | 'fulfil' | 'release'): Promise<void> {
    if (!(await this.step(id, step))) throw new Error(`${step} of ${id} was refused though its hold is long`);
  }

  private async step(id: string, step: 'commit' | 'fulfil' | 'release'): Promise<boolean> {
    const request: LedgerRequest =
      step === 'release' ? { method: 'DELETE', path: `/${id}` } : { method: 'POST', path: `/${id}/${step}` };
    const { status } = await this.ask(
      id,
      step,
      request,
      () => '',
      () => false,
    );
    return status === 200;
  }

  private async seeExpired(id: string): Promise<EndState> {
    const isExpired = async () => {
      const { body } = await this.work.ask({ method: 'GET', path: `/${id}` });
      return (body as ReserveAnswer).lines?.every(({ state }) => state === 'EXPIRED') === true;
    };
    while (!(await isExpired())) await moment(LOOK_EVERY_MS, this.work.signal);
    return 'EXPIRED';
  }

  /** `mayChange`: time alone may have made another answer of it meanwhile. */
  private async ask(
    id: string,
    command: string,
    request: LedgerRequest,
    content: (body: unknown) => string,
    mayChange: () => boolean,
  ): Promise<FinalAnswer> {
    const answer = await this.work.ask(request);
    this.commands++;
    if (answer.status !== 200 && answer.status !== 409)
      throw new Error(`${command} of ${id} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
    if (!this.work.random.chance(ASKED_AGAIN_SHARE)) return answer;
    const again = await this.work.ask(request);
    const isSame = again.status === answer.status && content(again.body) === content(answer.body);
    if (!isSame && !mayChange())
      this.answeredOtherwise.push(
        `${command} of ${id}: ${answer.status} ${JSON.stringify(answer.body)}, then ${again.status} ${JSON.stringify(again.body)}`,
      );
    return answer;
  }

  private restock(sku: string, location: string, quantity: number): void {
    const id = `p${this.restocked++}`;
    const occurredAt = '2025-01-01T00:00:00.000Z';
    this.work.load.add([{ id, source: 'faults', type: 'receipt', sku, location, quantity, occurredAt }]);
  }
}

/** What a reservation's answer promises, or why it promises nothing. */
function linesOf(body: unknown): string {
  const { type, lines = [] } = body as ReserveAnswer;
  const held = lines.map(({ sku, reserved, allocations }) => [sku, reserved, allocations]);
  return JSON.stringify(type === undefined ? held : [type.split('/').at(-1)]);
}
