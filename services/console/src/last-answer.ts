import type { Answered } from './store-rest.js';

export interface LastAnswer<T> {
  /** What was found last, though nobody may have answered since. */
  readonly found?: T;
  readonly foundAtMs?: number;
  /** Why there is nothing newer. */
  readonly failure?: string;
}

/** What is known after one more answer: what was found stays while nobody answers, and goes once it is refused. */
export function withAnswer<T>(before: LastAnswer<T>, answer: Answered<T>, nowMs: number): LastAnswer<T> {
  if (answer.kind === 'done') return { found: answer.value, foundAtMs: nowMs };
  if (answer.kind === 'refused') return { failure: answer.reason };
  return { ...before, failure: answer.reason };
}
