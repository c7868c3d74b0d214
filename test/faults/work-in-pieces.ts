import type { SeededRandom } from '../seeded-random.ts';
import { moment, until } from './awaiting.ts';
import type { DeltaLoad } from './delta-load.ts';
import { askUntilAnswered, type FinalAnswer, type LedgerRequest } from './ledger-requests.ts';

export interface WorkOptions {
  readonly address: () => string;
  readonly token: string;
  readonly load: DeltaLoad;
  readonly random: SeededRandom;
  readonly signal: AbortSignal;
}

/** What people do piece by piece, each asked until it is answered. A pause waits for pieces that were begun. */
export class WorkInPieces {
  readonly load: DeltaLoad;
  readonly random: SeededRandom;
  readonly signal: AbortSignal;
  address: () => string;
  private readonly token: string;
  private readonly path: string;
  private readonly ended = new AbortController();
  private mayBegin = false;
  private underWay = 0;
  private failure: Error | undefined;

  /** `path`: what all its requests begin with. */
  constructor(path: string, options: WorkOptions) {
    this.path = path;
    this.address = options.address;
    this.token = options.token;
    this.load = options.load;
    this.random = options.random;
    this.signal = AbortSignal.any([options.signal, this.ended.signal]);
  }

  /** One piece after the other, with rests, until the load ends. */
  async goOn(longestRestMs: number, piece: () => Promise<void>): Promise<void> {
    try {
      for (;;) {
        await moment(this.random.between(1, longestRestMs), this.signal);
        if (!this.mayBegin) continue;
        this.underWay++;
        await piece().finally(() => this.underWay--);
      }
    } catch (error) {
      if (!this.signal.aborted) this.failure = error as Error;
    }
  }

  resume(): void {
    this.mayBegin = true;
  }

  /** Begins nothing new; resolves when everything that was begun is at its end. */
  async pause(): Promise<void> {
    this.mayBegin = false;
    const isAtRest = () => this.underWay === 0 || this.failure !== undefined;
    await until(isAtRest, `what was begun at ${this.path} at its end`, this.signal);
    this.check();
  }

  stop(): void {
    this.ended.abort(new Error('the load has ended'));
  }

  /** Throws what somebody was refused with: what they ask is right, so nothing may be. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  ask({ path, ...rest }: LedgerRequest): Promise<FinalAnswer> {
    return askUntilAnswered(this.address, this.token, { ...rest, path: this.path + path }, this.signal);
  }
}
