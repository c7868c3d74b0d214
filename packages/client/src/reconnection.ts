import { backOffMs } from './back-off.js';
import type { Problem } from './problem.js';
import type { Clock } from './wire.js';

/**
 * `connecting`: the first time, or again after a loss (`waiting` between attempts); `live`: messages arrive;
 * `refused`: the token is not accepted and there is no way to a new one; `closed`: by `close()`.
 */
export type ConnectionState = 'connecting' | 'live' | 'waiting' | 'refused' | 'closed';

export interface ReconnectionOptions {
  readonly canRenewToken: boolean;
  readonly connect: () => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** When a connection is tried again, and what is told of it. */
export class Reconnection {
  private readonly stateListeners = new Set<(state: ConnectionState) => void>();
  private readonly problemListeners = new Set<(problem: Problem) => void>();
  private currentState: ConnectionState = 'connecting';
  private attempt = 0;
  private callOffRetry: () => void = () => {};

  constructor(private readonly options: ReconnectionOptions) {}

  get state(): ConnectionState {
    return this.currentState;
  }
  onState(listener: (state: ConnectionState) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }
  onProblem(listener: (problem: Problem) => void): () => void {
    this.problemListeners.add(listener);
    return () => this.problemListeners.delete(listener);
  }
  report(problem: Problem): void {
    for (const listener of this.problemListeners) listener(problem);
  }

  connected(): void {
    this.attempt = 0;
    this.enter('live');
  }
  lost(expired: boolean): void {
    if (!expired) this.retryLater();
    else if (this.options.canRenewToken) this.retry();
    else this.enter('refused');
  }
  refused(problem: Problem | undefined): void {
    const isToken = problem !== undefined && (problem.status === 401 || problem.status === 403);
    if (problem && (isToken || problem.status === 429)) this.report(problem);
    if (isToken && !this.options.canRenewToken) this.enter('refused');
    else this.retryLater();
  }
  /** Longer with each time it is asked, until a connection comes about. */
  nextDelayMs(): number {
    return backOffMs(this.attempt++, this.options.random);
  }
  close(): void {
    this.callOffRetry();
    this.enter('closed');
  }

  private retryLater(): void {
    if (this.currentState === 'closed') return;
    this.enter('waiting');
    this.callOffRetry();
    this.callOffRetry = this.options.clock.after(this.nextDelayMs(), () => this.retry());
  }
  private retry(): void {
    if (this.currentState === 'closed') return;
    this.enter('connecting');
    this.options.connect();
  }
  private enter(state: ConnectionState): void {
    if (state === this.currentState) return;
    this.currentState = state;
    for (const listener of this.stateListeners) listener(state);
  }
}
