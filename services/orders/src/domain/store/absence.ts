/** Nobody read the order's partition: what was to be pushed was not, and what a store did was heard later. */
export interface Absence {
  readonly fromMs: number;
  readonly untilMs: number;
}
