import type { Readable } from 'node:stream';
import type { CatalogChange, CatalogKind } from '@shelfline/contracts/catalog';
import { checkCatalogHeader, entityFromRow } from '@shelfline/contracts/catalog-csv';
import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import { CsvError, parse } from 'csv-parse';
import type { Answer, CatalogWriter } from './catalog-writer.js';
import type { ImportReport, RejectedRow } from './import-report.js';
import { newChange } from './new-change.js';
import { strictUtf8 } from './strict-utf8.js';

/** The file as a whole cannot be read; rows before the fault are imported all the same. */
export class UnreadableFile extends Error {
  constructor(
    detail: string,
    readonly report: ImportReport | undefined,
  ) {
    super(detail);
  }
}

const MAX_REJECTED_LISTED = 1000;
/** Sent together, since each partition's share is one transaction; whichever is reached first. */
const ROWS_TOGETHER = 5000;
const CHARACTERS_TOGETHER = 4 * 1024 * 1024;
const MAX_ROW_BYTES = 256 * 1024;

interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Reads a CSV as it arrives: what is in memory is bounded by the rows of one request, not by the file. */
export async function importCatalog(kind: CatalogKind, csv: Readable, writer: CatalogWriter): Promise<ImportReport> {
  const tally = new ImportTally();
  try {
    let header: readonly string[] | undefined;
    let waiting: { line: number; change: CatalogChange }[] = [];
    let characters = 0;
    for await (const { line, cells } of rowsOf(csv)) {
      if (!header) {
        header = readHeader(kind, cells, tally);
        continue;
      }
      const change = tally.read(kind, header, { line, cells });
      if (change) waiting.push({ line, change });
      for (const cell of cells) characters += cell.length;
      if (waiting.length < ROWS_TOGETHER && characters < CHARACTERS_TOGETHER) continue;
      await submit(writer, waiting, tally);
      waiting = [];
      characters = 0;
    }
    if (!header)
      throw new UnreadableFile('The file is empty: a header line with the column names is required', undefined);
    await submit(writer, waiting, tally);
    return tally.report();
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    if (error instanceof CsvError || error instanceof TypeError)
      throw new UnreadableFile(`Reading stopped after ${tally.rows} rows: ${error.message}`, tally.report());
    throw error;
  }
}

async function* rowsOf(csv: Readable): AsyncGenerator<CsvRow> {
  const parser = parse({ bom: true, info: true, relax_column_count: true, max_record_size: MAX_ROW_BYTES });
  const utf8 = strictUtf8();
  csv.once('error', (error) => utf8.destroy(error));
  utf8.once('error', (error) => parser.destroy(error));
  csv.pipe(utf8).pipe(parser);
  let line = 1;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    yield { line, cells: record };
    line = info.lines + 1;
  }
}

function readHeader(kind: CatalogKind, cells: readonly string[], tally: ImportTally): readonly string[] {
  const header = cells.map((cell) => cell.trim());
  const { missing, repeated, ignored } = checkCatalogHeader(kind, header);
  const faults = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(repeated.length > 0 ? [`more than once: ${repeated.join(', ')}`] : []),
  ];
  if (faults.length > 0)
    throw new UnreadableFile(`The header line does not name the columns of ${kind}: ${faults.join('; ')}`, undefined);
  tally.ignoredColumns = ignored;
  return header;
}

async function submit(
  writer: CatalogWriter,
  rows: readonly { line: number; change: CatalogChange }[],
  tally: ImportTally,
): Promise<void> {
  const answers = await writer.submit(rows.map(({ change }) => change));
  answers.forEach((answer, i) => tally.answered(rows[i]!.line, answer));
}

const sentence = (notes: readonly FieldNote[]): string =>
  notes.map(({ field, detail }) => (field === '' ? detail : `${field}: ${detail}`)).join('; ');

class ImportTally {
  rows = 0;
  ignoredColumns: readonly string[] = [];
  private applied = 0;
  private unchanged = 0;
  private pending = 0;
  private rejected = 0;
  private readonly rejectedRows: RejectedRow[] = [];

  read(kind: CatalogKind, header: readonly string[], { line, cells }: CsvRow): CatalogChange | undefined {
    this.rows++;
    if (cells.length !== header.length) {
      this.reject(line, `${cells.length} cells, the header has ${header.length}`);
      return undefined;
    }
    const entity = entityFromRow(kind, Object.fromEntries(header.map((column, i) => [column, cells[i]])));
    const change = entity.ok ? newChange(kind, entity.code, entity.entity) : entity;
    if (change.ok) return change.change;
    this.reject(line, sentence(change.errors));
    return undefined;
  }

  answered(line: number, answer: Answer): void {
    if (answer.kind === 'pending') this.pending++;
    else if (answer.kind === 'unavailable') this.reject(line, `could not be written, send it again: ${answer.detail}`);
    else if (answer.outcome.result === 'refused') this.reject(line, sentence(answer.outcome.errors ?? []));
    else this[answer.outcome.result]++;
  }

  report(): ImportReport {
    const { rows, applied, unchanged, pending, rejected, rejectedRows, ignoredColumns } = this;
    return { rows, applied, unchanged, pending, rejected, rejectedRows, ignoredColumns };
  }

  private reject(line: number, reason: string): void {
    this.rejected++;
    if (this.rejectedRows.length < MAX_REJECTED_LISTED) this.rejectedRows.push({ line, reason });
  }
}
