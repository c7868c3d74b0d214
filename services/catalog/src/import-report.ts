export interface RejectedRow {
  /** Line of the file the row begins on; the header is line 1. */
  readonly line: number;
  readonly reason: string;
}
export interface ImportReport {
  readonly rows: number;
  readonly applied: number;
  readonly unchanged: number;
  /** Sent, but not seen decided within the time a request waits. */
  readonly pending: number;
  readonly rejected: number;
  /** The first of them. */
  readonly rejectedRows: readonly RejectedRow[];
  readonly ignoredColumns: readonly string[];
}
