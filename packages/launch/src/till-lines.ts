import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { POS_LINE_COLUMNS, PosLineReader, type PosLineReading } from '@shelfline/contracts/pos-line';
import { parse } from 'csv-parse';

/** A line of a till receipt: the sale it is, or why it is none. */
export interface TillLine {
  readonly storeId: string;
  readonly basketId: string;
  readonly householdId?: string | undefined;
  readonly productId: string;
  /** What was paid for the line, in cents; 0 where the file does not say. */
  readonly paidMinor: number;
  readonly reading: PosLineReading;
}

/** The file cannot be replayed: what is the matter with it, what to give instead. */
export class TillFileError extends Error {
  constructor(file: string, happened: string, todo: string) {
    super(`${file} ${happened}\n${todo}`);
  }
}

/** Streams till lines of a .csv or .csv.gz file in the file's order; ids are the same as a CSV import gives. */
export async function* readTillLines(file: string): AsyncGenerator<TillLine> {
  const bytes = createReadStream(file);
  const parser = parse({
    columns: (header: string[]) => checkHeader(file, header),
    bom: true,
    relax_column_count: true,
  });
  const source = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  bytes.on('error', (error: Error) => parser.destroy(error));
  source.on('error', (error: Error) => parser.destroy(error));
  source.pipe(parser);
  const reader = new PosLineReader();
  try {
    for await (const row of parser as AsyncIterable<Record<string, string>>)
      yield {
        storeId: row['store_id'] ?? '',
        basketId: row['basket_id'] ?? '',
        householdId: row['household_id'],
        productId: row['product_id'] ?? '',
        paidMinor: Math.round(Number(row['sales_value'] ?? 0) * 100) || 0,
        reading: reader.read(row),
      };
  } catch (error) {
    throw error instanceof TillFileError ? error : unreadable(file, error as NodeJS.ErrnoException);
  } finally {
    bytes.destroy();
  }
}

const GIVE = `Give a CSV of till lines with the columns ${POS_LINE_COLUMNS.join(', ')}, plain (.csv) or gzipped (.csv.gz).`;

function checkHeader(file: string, header: string[]): string[] {
  const missing = POS_LINE_COLUMNS.filter((column) => !header.includes(column));
  if (missing.length === 0) return header;
  const has = header.join(', ');
  throw new TillFileError(
    file,
    `is not a file of till lines: its header lacks ${missing.join(', ')}. Its first line is: ${has.slice(0, 200)}`,
    GIVE,
  );
}

const KNOWN_FAULTS: Readonly<Record<string, readonly [happened: string, todo: string]>> = {
  ENOENT: ['is not there.', 'Check the path; a relative one begins where npm was called.'],
  EISDIR: ['is a folder.', 'Name one file in it.'],
  EACCES: ['may not be read by this user.', 'Change its permissions, or copy it.'],
  Z_DATA_ERROR: ['is not gzip, or damaged.', 'Name it .csv if it is plain text; else copy or download it again.'],
  Z_BUF_ERROR: ['is cut off: its gzip data has no end.', 'Copy or download it again.'],
};

function unreadable(file: string, { code, message }: NodeJS.ErrnoException): TillFileError {
  const [happened, todo] = KNOWN_FAULTS[code ?? ''] ?? [`cannot be read: ${message}.`, GIVE];
  return new TillFileError(file, happened, todo);
}
