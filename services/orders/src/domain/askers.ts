/** Whoever asked for an order, as `source/id` of his message, and the version in which that was decided. */
export interface Asker {
  readonly askedBy: string;
  /** Absent in orders of former versions. */
  readonly askedVersion?: number;
}

/** All that wait for what becomes of it, the newest first. */
export const askersOf = ({
  askedBy,
  askedVersion,
  alsoAsked = [],
}: Asker & { readonly alsoAsked?: readonly Asker[] }): Asker[] => [
  { askedBy, ...(askedVersion === undefined ? {} : { askedVersion }) },
  ...alsoAsked,
];
