import { LRUCache } from 'lru-cache';

/** How long a key that was withdrawn may still be believed here; a key set file is not looked at more often either. */
const KEPT_MS = 5000;
const MOST_KEPT = 10_000;

interface Verified<P> {
  readonly principal: P;
  readonly untilMs: number;
}

/**
 * Seconds since 1970 in `exp`, as JWT has it. Tokens whose signature was checked a moment ago: to check one costs a third of a millisecond, and whoever places a
 * thousand orders a second sends the same one with each. Those that are refused are not kept.
 */
export class VerifiedTokens<P extends { readonly exp: number }> {
  private readonly kept = new LRUCache<string, Verified<P>>({ max: MOST_KEPT });

  find(token: string, nowMs: number): P | undefined {
    const found = this.kept.get(token);
    return found && nowMs < found.untilMs ? found.principal : undefined;
  }

  /** Not beyond its own end. */
  keep(token: string, principal: P, nowMs: number): void {
    this.kept.set(token, { principal, untilMs: Math.min(nowMs + KEPT_MS, principal.exp * 1000) });
  }
}
