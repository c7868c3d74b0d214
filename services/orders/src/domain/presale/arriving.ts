/** A place to which units are on their way that may still be promised. */
export interface Arriving {
  readonly location: string;
  readonly units: number;
}
export interface ArrivingStock {
  /** Best first. */
  readonly places: readonly Arriving[];
  /** From when they come in until they leave for the customer. */
  readonly handlingDays: number;
}
