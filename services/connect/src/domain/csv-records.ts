/**
 * Cuts a CSV file (RFC 4180, UTF-8, commas, LF or CRLF) into records, however its bytes are divided into chunks.
 * A record that cannot be read is given with a problem, and reading goes on with the next one: a stray quote costs its
 * own line, not the rest of the file.
 */
export interface CsvRecord {
  /** Offset of the first byte. */
  readonly byte: number;
  /** Offset after the last byte, line end included. */
  readonly endByte: number;
  /** Number of the first line, from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly cells: readonly string[];
  /** Why the cells cannot be relied upon. */
  readonly problem?: string;
}
export interface CsvLimits {
  readonly maxRowBytes: number;
  readonly maxCellCharacters: number;
  readonly maxColumns: number;
}
export const CSV_LIMITS: CsvLimits = { maxRowBytes: 100_000, maxCellCharacters: 10_000, maxColumns: 200 };

const [LF, CR, QUOTE, COMMA] = [10, 13, 34, 44];
type Within = 'cell start' | 'plain cell' | 'quoted cell' | 'after quote';
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
/** Enough of an overlong row to find it again. */
const SHOWN_OF_LONG_ROW_BYTES = 200;

export class CsvRecords {
  /** The current record's bytes and what follows: a view of `buffer`, which is used again for every chunk. */
  private pending: Uint8Array = new Uint8Array(0);
  private buffer: Uint8Array = new Uint8Array(0);
  /** Position in `pending` up to which the current record was looked at. */
  private scanned = 0;
  private within: Within = 'cell start';
  private quotes = false;
  private misquoted = false;
  private lineFeeds = 0;
  /** Set while an overlong row is skipped up to its line end. */
  private skipped: { readonly cells: string[]; readonly byte: number } | undefined;

  /** `byte` and `line` say where in the file the first chunk begins: a record's start. */
  constructor(
    private readonly limits: CsvLimits = CSV_LIMITS,
    private byte = 0,
    private line = 1,
  ) {}

  /** The chunk is copied, so its memory may be used again. */
  push(chunk: Uint8Array): CsvRecord[] {
    const kept = this.pending.length;
    const length = kept + chunk.length;
    if (length > this.buffer.length) {
      const grown = new Uint8Array(length * 2);
      grown.set(this.pending);
      this.buffer = grown;
    } else this.buffer.copyWithin(0, this.pending.byteOffset, this.pending.byteOffset + kept);
    this.buffer.set(chunk, kept);
    this.pending = this.buffer.subarray(0, length);
    return this.takeRecords(false);
  }

  /** What is left at the end of the file: a last record without a line end, or an unclosed quote and what follows. */
  end(): CsvRecord[] {
    return this.takeRecords(true);
  }

  private takeRecords(atEnd: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let start = 0;
    for (;;) {
      if (this.skipped) {
        const next = this.skipLongRow(start, atEnd);
        if (next === undefined) {
          start = this.pending.length;
          break;
        }
        records.push(next.record);
        start = next.start;
        continue;
      }
      const end = this.findEnd(start);
      if (end !== undefined && end - start <= this.limits.maxRowBytes) {
        this.take(records, start, end);
        start = end;
        continue;
      }
      const length = this.pending.length - start;
      if (end === undefined && length <= this.limits.maxRowBytes && !atEnd) break;
      if (length === 0) break;
      if (this.within === 'quoted cell' || end !== undefined || length > this.limits.maxRowBytes) {
        start = this.giveUpLine(records, start, end);
        continue;
      }
      this.take(records, start, this.pending.length);
      start = this.pending.length;
      break;
    }
    this.scanned -= start;
    this.pending = this.pending.subarray(start);
    return records;
  }

  /** Looks for the line end that ends the record; remembers how far it came. */
  private findEnd(start: number): number | undefined {
    const { pending } = this;
    const until = Math.min(pending.length, start + this.limits.maxRowBytes + 1);
    let within = this.within;
    let i = this.scanned;
    for (; i < until; i++) {
      const byte = pending[i]!;
      if (within === 'quoted cell') {
        if (byte === QUOTE) within = 'after quote';
        else if (byte === LF) this.lineFeeds++;
      } else if (byte === LF) {
        this.scanned = i + 1;
        this.lineFeeds++;
        return i + 1;
      } else if (byte === COMMA) within = 'cell start';
      else if (byte === QUOTE && within !== 'plain cell') {
        within = 'quoted cell';
        this.quotes = true;
      } else if (within === 'after quote' && byte !== CR) {
        this.misquoted = true;
        within = 'plain cell';
      } else if (within === 'cell start') within = 'plain cell';
    }
    this.scanned = i;
    this.within = within;
    return undefined;
  }

  private take(records: CsvRecord[], start: number, end: number): void {
    let last = end;
    if (last > start && this.pending[last - 1] === LF) last--;
    if (last > start && this.pending[last - 1] === CR) last--;
    const lineFeeds = this.lineFeeds;
    if (last > start) {
      const read = readCells(this.pending.subarray(start, last), this.quotes, this.limits);
      const problem = this.misquoted ? 'text follows a closing quote; write a quote within a cell twice' : read.problem;
      records.push({
        byte: this.byte,
        endByte: this.byte + end - start,
        line: this.line,
        endLine: this.line + Math.max(lineFeeds - 1, 0),
        cells: read.cells,
        ...(problem === undefined ? {} : { problem }),
      });
    }
    this.moveOn(end - start, lineFeeds);
    this.scanned = end;
  }

  /** A quote that is never closed, or a row without end: its first line is the bad one, the next line is read anew. */
  private giveUpLine(records: CsvRecord[], start: number, end: number | undefined): number {
    const lineEnd = this.pending.indexOf(LF, start);
    const long =
      lineEnd < 0 ? this.pending.length - start > this.limits.maxRowBytes : lineEnd - start >= this.limits.maxRowBytes;
    if (long) {
      const shown = this.pending.subarray(start, start + SHOWN_OF_LONG_ROW_BYTES);
      this.skipped = { cells: [`${lenient.decode(shown)}…`], byte: this.byte };
      this.scanned = start;
      return start;
    }
    const after = lineEnd < 0 ? this.pending.length : lineEnd + 1;
    const text = this.pending.subarray(start, lineEnd < 0 ? after : lineEnd);
    records.push({
      byte: this.byte,
      endByte: this.byte + after - start,
      line: this.line,
      endLine: this.line,
      cells: lenient.decode(text).replace(/\r$/, '').split(',').slice(0, this.limits.maxColumns),
      problem:
        end === undefined && this.within !== 'quoted cell'
          ? `row is longer than ${this.limits.maxRowBytes} bytes`
          : `a quoted cell that begins here is not closed within ${this.limits.maxRowBytes} bytes`,
    });
    this.moveOn(after - start, 1);
    this.scanned = after;
    return after;
  }

  private skipLongRow(start: number, atEnd: boolean): { record: CsvRecord; start: number } | undefined {
    const { cells, byte } = this.skipped!;
    const lineEnd = this.pending.indexOf(LF, start);
    if (lineEnd < 0) {
      this.byte += this.pending.length - start;
      this.scanned = this.pending.length;
      if (!atEnd) return undefined;
    }
    const after = lineEnd < 0 ? this.pending.length : lineEnd + 1;
    if (lineEnd >= 0) this.byte += after - start;
    const record: CsvRecord = {
      byte,
      endByte: this.byte,
      line: this.line,
      endLine: this.line,
      cells,
      problem: `row is longer than ${this.limits.maxRowBytes} bytes`,
    };
    this.skipped = undefined;
    this.moveOn(0, 1);
    this.scanned = after;
    return { record, start: after };
  }

  private moveOn(bytes: number, lines: number): void {
    this.byte += bytes;
    this.line += lines;
    this.within = 'cell start';
    this.quotes = false;
    this.misquoted = false;
    this.lineFeeds = 0;
  }
}

function readCells(bytes: Uint8Array, quotes: boolean, limits: CsvLimits): { cells: string[]; problem?: string } {
  const decoded = decode(bytes);
  const cells = quotes ? splitQuoted(decoded.text) : decoded.text.split(',');
  if (decoded.problem !== undefined) return { cells: cells.slice(0, limits.maxColumns), problem: decoded.problem };
  if (cells.length > limits.maxColumns)
    return { cells: cells.slice(0, limits.maxColumns), problem: `row has more than ${limits.maxColumns} cells` };
  const long = cells.findIndex((cell) => cell.length > limits.maxCellCharacters);
  if (long >= 0)
    return {
      cells: cells.map((cell) => (cell.length > limits.maxCellCharacters ? `${cell.slice(0, 100)}…` : cell)),
      problem: `cell ${long + 1} is longer than ${limits.maxCellCharacters} characters`,
    };
  return { cells: decoded.text.length > LONG_ROW_CHARACTERS ? cells.map(detached) : cells };
}

/** A cell is a view of its row's text and would keep all of it in memory for as long as somebody keeps the cell. */
const LONG_ROW_CHARACTERS = 1000;
const detached = (cell: string): string => strict.decode(encoder.encode(cell));

function decode(bytes: Uint8Array): { text: string; problem?: string } {
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { text: lenient.decode(bytes), problem: 'row is not valid UTF-8' };
  }
}

/** The scan has found where the record ends; within it the same rules divide the cells. */
function splitQuoted(text: string): string[] {
  const cells: string[] = [];
  let i = 0;
  for (;;) {
    let cell = '';
    if (text[i] === '"') {
      i++;
      for (;;) {
        const quote = text.indexOf('"', i);
        cell += text.slice(i, quote < 0 ? text.length : quote);
        i = quote < 0 ? text.length : quote + 1;
        if (text[i] !== '"' || quote < 0) break;
        cell += '"';
        i++;
      }
    }
    const comma = text.indexOf(',', i);
    cells.push(cell + text.slice(i, comma < 0 ? text.length : comma));
    if (comma < 0) return cells;
    i = comma + 1;
  }
}
