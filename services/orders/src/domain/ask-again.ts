/** So many times the first wait: five minutes, unless it is set otherwise. */
const LONGEST_WAIT = 60;

/**
 * When a question to the ledger that has no answer is asked again: twice as late each time, up to a bound. A ledger that
 * is away for an hour would otherwise find each question hundreds of times when it comes back. The count is kept with
 * the question, so a restart does not begin anew.
 */
export const askAgainAtMs = (
  { askedAtMs, asks = 1 }: { readonly askedAtMs: number; readonly asks?: number },
  afterMs: number,
): number => askedAtMs + afterMs * Math.min(2 ** Math.min(asks - 1, 30), LONGEST_WAIT);
