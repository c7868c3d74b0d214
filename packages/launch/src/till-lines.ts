import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { POS_LINE_COLUMNS, PosLineReader, type PosLineReading } from '@shelfline/contracts/pos-line';
import { parse } from 'csv-parse';

/** A line of a till receipt: the sale it is, or why it is none. */
export interface TillLine {
  readonly storeId: string;
  readonly productId: string;
  readonly reading: PosLineReading;
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
  for await (const row of parser as AsyncIterable<Record<string, string>>)
    yield { storeId: row['store_id'] ?? '', productId: row['product_id'] ?? '', reading: reader.read(row) };
}

function checkHeader(file: string, header: string[]): string[] {
  const missing = POS_LINE_COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0)
    throw new Error(
      `${file} is not a file of till lines: its header lacks ${missing.join(', ')}. It has: ${header.join(', ')}.`,
    );
  return header;
}
