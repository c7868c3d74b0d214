const LONGEST_MS = 30_000;

/** How long a message that was sent so often waits for its acknowledgement before it is sent again. */
export const redeliveryDelayMs = (sends: number, firstMs: number): number =>
  Math.min(LONGEST_MS, firstMs * 2 ** Math.min(sends - 1, 10));
