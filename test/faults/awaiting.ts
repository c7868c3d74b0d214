import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const DEFAULT_LIMIT_MS = 180_000;

/** A moment that chance chose; ends early, as an error, when the run is interrupted. */
export const moment = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal });

/** Waits for what the outside world brings about. A condition that throws is not met yet: servers are being killed. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  signal: AbortSignal,
  limitMs = DEFAULT_LIMIT_MS,
): Promise<void> {
  const deadlineMs = Date.now() + limitMs;
  let reason = '';
  for (;;) {
    try {
      if (await condition()) return;
      reason = '';
    } catch (error) {
      reason = ` (${(error as Error).message})`;
    }
    signal.throwIfAborted();
    if (Date.now() > deadlineMs) throw new Error(`never happened within ${limitMs / 1000} s: ${what}${reason}`);
    await moment(POLL_MS, signal);
  }
}
