/** Work on a record takes some 20 µs, so whatever else the process does waits for some milliseconds. */
const SLICE_RECORDS = 200;

/** Lets whatever waits in this process go on; undefined where it had better wait. */
export type Pause = () => Promise<void> | undefined;

export const isLarge = (records: number): boolean => records > SLICE_RECORDS;

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Does something for each in order, with a pause after each slice of them. */
export async function forEachInSlices<T>(
  all: readonly T[],
  work: (one: T) => void,
  pause: Pause | undefined,
): Promise<void> {
  for (let from = 0; from < all.length; from += SLICE_RECORDS) {
    if (from > 0) await pause?.();
    const end = Math.min(all.length, from + SLICE_RECORDS);
    for (let i = from; i < end; i++) work(all[i]!);
  }
}

/** Between steps of work on so many records. */
export const betweenSteps = (records: number, pause: Pause | undefined): Promise<void> | undefined =>
  isLarge(records) ? pause?.() : undefined;
