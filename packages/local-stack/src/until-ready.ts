/**
 * Tries `attempt` again until it succeeds. Ends early with the error of `whyHopeless` (a server that has exited),
 * with the last error of `attempt` when `limitMs` have passed, or with the reason of `signal`.
 */
export async function untilReady(
  attempt: () => Promise<void>,
  options: { limitMs: number; pauseMs: number; signal?: AbortSignal; whyHopeless?: () => Error | undefined },
): Promise<void> {
  const giveUpAt = Date.now() + options.limitMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const hopeless = options.whyHopeless?.();
    if (hopeless) throw hopeless;
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() >= giveUpAt) throw error;
    }
    await new Promise((wake) => setTimeout(wake, options.pauseMs));
  }
}
