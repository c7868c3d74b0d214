/** What a CSV can hold. */
export const IMPORT_KINDS = ['pos-lines', 'receipts', 'counts', 'products', 'locations'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** How the sender wants the file read. */
export interface ImportOptions {
  /** System the facts come from; a column `source` goes before it. */
  readonly source?: string;
  /** Till lines: put before a store's id to make its location code; `store-` unless told. */
  readonly locationPrefix?: string;
  /** IANA zone of times without an offset; UTC unless told. */
  readonly timeZone?: string;
}
