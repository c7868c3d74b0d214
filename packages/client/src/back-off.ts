const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Full jitter: any delay from 0 to a bound that doubles with each attempt, up to 30 s. After a server's end all its
 * clients come back, and so spread themselves evenly.
 */
export const backOffMs = (attempt: number, random: () => number): number =>
  random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
