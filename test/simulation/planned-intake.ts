/** An item of a request to connect, and how it must be answered whenever and wherever it is asked. */
export interface PlannedItem {
  readonly item: Readonly<Record<string, unknown>>;
  /** `accepted`, or the type of the rejection. */
  readonly answer: string;
}
export interface PlannedRequest {
  readonly atMs: number;
  readonly instance: number;
  readonly items: readonly PlannedItem[];
}
export interface PlannedLine {
  readonly line: number;
  /** Undefined: the line is to be rejected. So it is when it is dated more than a day after its file came. */
  readonly record?: { readonly id: string; readonly sku: string; readonly quantity?: number };
  readonly datedMs?: number;
}
export type FileKind = 'pos-lines' | 'receipts' | 'products';
export interface PlannedUpload {
  readonly atMs: number;
  readonly instance: number;
  readonly kind: FileKind;
  readonly options: { readonly source: string; readonly locationPrefix?: string };
  readonly text: string;
  /** Empty for a file whose header cannot be read: all of it is to fail. */
  readonly lines: readonly PlannedLine[];
}
