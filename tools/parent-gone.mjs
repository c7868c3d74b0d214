const LOOK_EVERY_MS = 500;

/**
 * Calls back once whoever started this process is gone. npm passes a signal to the shell between, which ends without
 * passing it on; nothing but the new parent says so.
 */
export function whenParentIsGone(act) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY_MS);
  timer.unref();
}
