/** When what waits for company goes. */
export interface TurnTiming {
  /** Calls back when whoever else wants to go in this turn has said so. */
  readonly soon: (go: () => void) => void;
  /** Calls back after so long, unless what it returns is called first. */
  readonly after: (delayMs: number, go: () => void) => () => void;
}

/** By the event loop and timers of this process, which they do not keep alive. */
export const turnTiming: TurnTiming = {
  soon: (go) => void setImmediate(go),
  after: (delayMs, go) => {
    const timer = setTimeout(go, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
