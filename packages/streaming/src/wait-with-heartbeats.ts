import type { Clock } from './clock.js';

/** A partition that cannot be written for some seconds must not cost the membership in the group as well. */
export async function waitWithHeartbeats(
  work: Promise<void>,
  beating: {
    readonly clock: Clock;
    readonly heartbeatEveryMs: number;
    readonly heartbeat: () => Promise<void>;
  },
): Promise<void> {
  const { clock, heartbeatEveryMs, heartbeat } = beating;
  const done = new AbortController();
  // With a reason: the default one captures a stack, and this happens in every batch.
  const finished = work.then(() => done.abort('finished'));
  for (;;) {
    await Promise.race([finished, clock.sleep(heartbeatEveryMs, done.signal)]);
    if (done.signal.aborted) return;
    await heartbeat();
  }
}
