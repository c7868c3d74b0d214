const HOUR_S = 3600;
const HURRY_MS = 60_000;

export interface Countdown {
  /** `4:05`, or `1:04:05` from an hour on. */
  readonly text: string;
  readonly tone: 'calm' | 'hurry' | 'over';
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Time that is left; a second that has begun counts, so that 0:00 is never shown while there is some. */
export function countdownTo(untilMs: number, nowMs: number): Countdown {
  const leftMs = untilMs - nowMs;
  if (leftMs <= 0) return { text: '0:00', tone: 'over' };
  const seconds = Math.ceil(leftMs / 1000);
  const minutes = `${Math.floor((seconds % HOUR_S) / 60)}`;
  const rest = two(seconds % 60);
  const text =
    seconds < HOUR_S ? `${minutes}:${rest}` : `${Math.floor(seconds / HOUR_S)}:${two(Number(minutes))}:${rest}`;
  return { text, tone: leftMs <= HURRY_MS ? 'hurry' : 'calm' };
}
