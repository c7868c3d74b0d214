import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Lifecycle, STOP_PHASES } from './lifecycle.js';
import { createLogger } from './logger.js';

const lines: string[] = [];
const log = createLogger({
  name: 'x',
  level: 'info',
  format: 'json',
  destination: { write: (line) => void lines.push(line) },
});
/** Resolves with the code the process would have ended with. */
function withExit(stopTimeoutMs = 60_000) {
  let ended: (code: number) => void = () => {};
  const exitCode = new Promise<number>((resolve) => {
    ended = resolve;
  });
  return { lifecycle: new Lifecycle(log, stopTimeoutMs, (code) => ended(code)), exitCode };
}

const EVENTS = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection', 'disconnect'] as const;
afterEach(() => {
  for (const event of EVENTS) process.removeAllListeners(event);
  lines.length = 0;
  jest.useRealTimers();
});

describe('Lifecycle', () => {
  it('stops phase after phase, each step finished before the next, whatever the order of registration', async () => {
    const { lifecycle } = withExit();
    const order: string[] = [];
    for (const phase of [...STOP_PHASES].reverse())
      for (const name of ['a', 'b'])
        lifecycle.onStop(phase, name, async () => {
          order.push(`${phase} ${name} begins`);
          await Promise.resolve();
          order.push(`${phase} ${name} ends`);
        });
    expect(lifecycle.isStopping).toBe(false);
    const stop = lifecycle.stop();
    expect(lifecycle.isStopping).toBe(true);
    expect(lifecycle.stop()).toBe(stop);
    await stop;
    expect(order).toEqual(
      STOP_PHASES.flatMap((phase) =>
        ['a', 'b'].flatMap((name) => [`${phase} ${name} begins`, `${phase} ${name} ends`]),
      ),
    );
  });

  it('goes on when a step fails, so that the database is closed in any case', async () => {
    const { lifecycle } = withExit();
    const closed = jest.fn();
    lifecycle.onStop('drain', 'streams', () => Promise.reject(new Error('no broker')));
    lifecycle.onStop('database', 'mongodb', closed);
    await lifecycle.stop();
    expect(closed).toHaveBeenCalledTimes(1);
    expect(lines.join('')).toContain('no broker');
  });

  it('ends with 0 after a signal and an orderly stop', async () => {
    const { lifecycle, exitCode } = withExit();
    const drained = jest.fn();
    lifecycle.onStop('drain', 'streams', drained);
    lifecycle.handleSignals();
    process.emit('SIGTERM', 'SIGTERM');
    expect(await exitCode).toBe(0);
    expect(drained).toHaveBeenCalledTimes(1);
  });

  it('ends at once on a second signal', async () => {
    jest.useFakeTimers();
    const { lifecycle, exitCode } = withExit();
    lifecycle.onStop('drain', 'streams', () => new Promise(() => {}));
    lifecycle.handleSignals();
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGINT', 'SIGINT');
    expect(await exitCode).toBe(1);
  });

  it('ends with 1 when the stop takes longer than it may', async () => {
    jest.useFakeTimers();
    const { lifecycle, exitCode } = withExit(5000);
    lifecycle.onStop('drain', 'streams', () => new Promise(() => {}));
    lifecycle.handleSignals();
    process.emit('SIGTERM', 'SIGTERM');
    jest.advanceTimersByTime(5000);
    expect(await exitCode).toBe(1);
    expect(lines.join('')).toContain('took too long');
  });

  it('ends with 1 on the unexpected, and logs it', async () => {
    const { lifecycle, exitCode } = withExit();
    lifecycle.handleSignals();
    process.emit('unhandledRejection', 'not even an error', Promise.resolve());
    expect(await exitCode).toBe(1);
    expect(lines.join('')).toContain('not even an error');
  });
});
