/** A figure that was asked for, beside its limit. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  /** Depends on how busy the machine is: judged only when asked. */
  readonly isTiming: boolean;
}

export const isMet = ({ value, limit }: Figure): boolean => value <= limit;

/** Timings are printed always and decide only in a strict run. */
export const hasMet = (figures: readonly Figure[], { strict }: { readonly strict: boolean }): boolean =>
  figures.every((figure) => isMet(figure) || (figure.isTiming && !strict));
