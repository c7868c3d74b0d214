import type { Socket } from 'socket.io';
import { problemOf } from './refusal.js';
import type { Timer } from './timer.js';

/** setTimeout takes no longer delay. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Tells the socket when its token ran out, then calls `end`. Answers how to call it off. */
export function expireAt(socket: Socket, expiresAtMs: number, timer: Timer, end: () => void): () => void {
  let callOff = (): void => {};
  const check = (): void => {
    const leftMs = expiresAtMs - timer.nowMs();
    if (leftMs > 0) {
      callOff = timer.after(Math.min(leftMs, LONGEST_TIMER_MS), check);
      return;
    }
    socket.emit('expired', problemOf('expired', 'Connect again with a new token.'));
    end();
  };
  check();
  return () => callOff();
}
