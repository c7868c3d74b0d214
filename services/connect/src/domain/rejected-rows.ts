import { guardFormula } from '@shelfline/contracts/csv-cells';

/** The file of rejected rows: where, why, then the row as it came, safe to open in a spreadsheet. */
export const rejectedHeader = (columns: readonly string[]): string => csvLine(['line', 'reason', ...columns]);

export const rejectedLine = (line: number, reason: string, cells: readonly string[]): string =>
  csvLine([String(line), reason, ...cells]);

const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(text: string): string {
  const safe = guardFormula(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
