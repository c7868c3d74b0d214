/** Units that are expected together; `atMs` is absent where nobody has told. */
export interface ArrivingUnits {
  readonly units: number;
  readonly atMs?: number;
}
/** A place to which units are on their way that may still be promised. */
export interface Arriving {
  readonly location: string;
  readonly units: number;
  /** The same units by their day, the earliest first; absent where no day was told. */
  readonly arrivals?: readonly ArrivingUnits[];
}
export interface ArrivingStock {
  /** Best first. */
  readonly places: readonly Arriving[];
  /** From when they come in until they leave for the customer. */
  readonly handlingDays: number;
}

/** When so many of them will be there; undefined where nobody has told it of them all. */
export function arrivedAtMs({ arrivals = [] }: Pick<Arriving, 'arrivals'>, units: number): number | undefined {
  let there = 0;
  for (const { units: more, atMs } of arrivals) {
    there += more;
    if (there >= units) return atMs;
  }
  return undefined;
}
