import type { CatalogChange } from '@shelfline/contracts/catalog';
import { checkCatalogHeader, entityFromRow, type HeaderCheck } from '@shelfline/contracts/catalog-csv';
import { unguardFormula } from '@shelfline/contracts/csv-cells';
import { timeReader } from '@shelfline/contracts/local-time';
import { type FilePlace, POS_LINE_COLUMNS, PosLineReader } from '@shelfline/contracts/pos-line';
import type { StockFact } from '@shelfline/contracts/stock-delta';
import { acceptDelta } from './accept-deltas.js';
import type { CsvRecord } from './csv-records.js';
import type { ImportKind, ImportOptions } from './import-kinds.js';

export type ImportedRecord =
  | { readonly to: 'deltas'; readonly fact: StockFact }
  | { readonly to: 'catalogChanges'; readonly change: CatalogChange };
export type RowReading =
  | { readonly ok: true; readonly record: ImportedRecord }
  | { readonly ok: false; readonly reason: string };

/** Reads the rows of one file, in order. */
export interface RowReader {
  read(record: CsvRecord, nowMs: number): RowReading;
  /** Where a new reader must begin to be in this one's state; undefined when any row will do. */
  rereadFrom(): FilePlace | undefined;
}
export type HeaderReading =
  | {
      readonly ok: true;
      readonly reader: RowReader;
      readonly columns: readonly string[];
      /** Columns that nothing is read from. */
      readonly ignored: readonly string[];
    }
  | { readonly ok: false; readonly detail: string };

type Row = Readonly<Record<string, string>>;
type ReadRow = (row: Row, record: CsvRecord, nowMs: number) => RowReading;

const FACT_COLUMNS = ['id', 'sku', 'location', 'quantity', 'occurredAt'];
const OPTIONAL_FACT_TEXTS = ['lot', 'expiresOn', 'reference', 'reason'] as const;
/** Several in one cell. */
const SERIALS = 'serials';
const SERIALS_DIVIDED_BY = ';';

/** Opens a file by its header; `importId` goes into the ids of catalog changes, which have none of their own. */
export function openRows(kind: ImportKind, header: CsvRecord, options: ImportOptions, importId: string): HeaderReading {
  if (header.problem !== undefined) return refuseHeader(`the header cannot be read: ${header.problem}`);
  const columns = header.cells.map((cell) => cell.trim());
  const check = checkColumns(kind, columns);
  const wrong = checkHeader(columns, check);
  if (wrong !== undefined) return refuseHeader(wrong);
  const named = { columns, ignored: check.ignored };
  switch (kind) {
    case 'pos-lines': {
      const reader = new PosLineReader(options);
      return opened(
        named,
        (row, place, nowMs) => readPosLine(reader, row, place, nowMs),
        () => reader.oldestOpenPlace(),
      );
    }
    case 'receipts':
    case 'counts':
      return opened(named, factReader(kind === 'receipts' ? 'receipt' : 'count', options));
    case 'products':
    case 'locations':
      return opened(named, catalogReader(kind, options, importId));
    default:
      return kind satisfies never;
  }
}

function opened(
  { columns, ignored }: { readonly columns: readonly string[]; readonly ignored: readonly string[] },
  readRow: ReadRow,
  rereadFrom: RowReader['rereadFrom'] = () => undefined,
): HeaderReading {
  const read: RowReader['read'] = (record, nowMs) => {
    if (record.problem !== undefined) return refuse(record.problem);
    if (record.cells.length !== columns.length)
      return refuse(`row has ${record.cells.length} cells, the header has ${columns.length}`);
    return readRow(Object.fromEntries(columns.map((name, i) => [name, record.cells[i] ?? ''])), record, nowMs);
  };
  return { ok: true, columns, ignored, reader: { read, rereadFrom } };
}

const checkColumns = (kind: ImportKind, columns: readonly string[]): HeaderCheck =>
  kind === 'products' || kind === 'locations' ? checkCatalogHeader(kind, columns) : checkFactHeader(kind, columns);

function checkHeader(columns: readonly string[], { missing, repeated }: HeaderCheck): string | undefined {
  if (columns[0]?.startsWith('\u{fffd}') || columns[0]?.includes('\0'))
    return 'the file is not UTF-8 text; save it as UTF-8 (in Excel: "CSV UTF-8")';
  const found = `it has: ${columns.map((name) => name.slice(0, 60)).join(', ')}`;
  if (missing.length > 0)
    return `the first line must name the columns; it lacks ${missing.join(', ')}; ${found}${separatorHint(columns)}`;
  if (repeated.length > 0) return `the header names ${repeated.join(', ')} more than once; ${found}`;
  return undefined;
}

function checkFactHeader(kind: ImportKind, columns: readonly string[]): HeaderCheck {
  const isTill = kind === 'pos-lines';
  const needed: readonly string[] = isTill ? POS_LINE_COLUMNS : FACT_COLUMNS;
  const known = isTill ? needed : [...needed, ...OPTIONAL_FACT_TEXTS, SERIALS, 'source'];
  return {
    missing: needed.filter((name) => !columns.includes(name)),
    repeated: known.filter((name) => columns.indexOf(name) !== columns.lastIndexOf(name)),
    ignored: columns.filter((name) => !known.includes(name)),
  };
}

const separatorHint = (columns: readonly string[]): string =>
  columns.length === 1 && /[;\t]/.test(columns[0] ?? '') ? '; cells must be divided by commas' : '';

function readPosLine(reader: PosLineReader, row: Row, place: CsvRecord, nowMs: number): RowReading {
  const reading = reader.read(row, { byte: place.byte, line: place.line });
  return reading.ok ? checkFact(reading.fact, nowMs) : reading;
}

function factReader(type: 'receipt' | 'count', options: ImportOptions): ReadRow {
  const readTime = timeReader(options.timeZone);
  return (row, _place, nowMs) => {
    const cell = (name: string) => unguardFormula(row[name] ?? '').trim();
    const missing = FACT_COLUMNS.find((name) => cell(name) === '');
    if (missing !== undefined) return refuse(`${missing} is empty`);
    const quantity = cell('quantity');
    if (!/^[+-]?\d+(\.\d+)?$/.test(quantity)) return refuse('quantity is not a number');
    const written = cell('occurredAt');
    const occurredAtMs = readTime(written);
    if (occurredAtMs === undefined)
      return refuse('occurredAt is no date and time; write it as 2026-01-31T18:05:00+08:00');
    const texts = OPTIONAL_FACT_TEXTS.flatMap((name) => (cell(name) === '' ? [] : [[name, cell(name)] as const]));
    const fact = {
      id: cell('id'),
      source: cell('source') || options.source || `csv-${type}s`,
      type,
      sku: cell('sku'),
      location: cell('location'),
      quantity: Number(quantity),
      occurredAt: new Date(occurredAtMs).toISOString(),
      occurredAtSource: written,
      ...Object.fromEntries(texts),
      ...serialsOf(cell(SERIALS)),
    };
    return checkFact(fact, nowMs);
  };
}

function serialsOf(cell: string): { serials?: string[] } {
  const serials = cell.split(SERIALS_DIVIDED_BY).map((serial) => serial.trim());
  return cell === '' ? {} : { serials: serials.filter((serial) => serial !== '') };
}

/** The same rules as for deltas over REST. */
function checkFact(fact: object, nowMs: number): RowReading {
  const acceptance = acceptDelta(fact, nowMs);
  if (!acceptance.ok) return refuse(acceptance.reason.detail);
  const { delta } = acceptance;
  if (delta.type === 'heartbeat') return refuse('a heartbeat is no row');
  return { ok: true, record: { to: 'deltas', fact: delta } };
}

function catalogReader(kind: 'products' | 'locations', options: ImportOptions, importId: string): ReadRow {
  return (row, { line }) => {
    const reading = entityFromRow(kind, row);
    if (!reading.ok)
      return refuse(reading.errors.map(({ field, detail }) => (field ? `${field}: ${detail}` : detail)).join('; '));
    const change: CatalogChange = {
      id: `${importId}-${line}`,
      source: options.source ?? 'csv-import',
      kind,
      code: reading.code,
      entity: reading.entity,
    };
    return { ok: true, record: { to: 'catalogChanges', change } };
  };
}

const refuse = (reason: string): RowReading => ({ ok: false, reason });
const refuseHeader = (detail: string): HeaderReading => ({ ok: false, detail });
