import type { SeededRandom } from '../seeded-random.ts';
import type { FileKind, PlannedLine } from './planned-intake.ts';
import { PLACES, SKUS, START_MS } from './setting.ts';

interface PlannedFile {
  readonly text: string;
  readonly lines: readonly PlannedLine[];
}
/** Rows of a file, with the number of the line on which each begins. */
class Writer {
  readonly lines: PlannedLine[] = [];
  text: string;
  private line = 2;

  constructor(header: string) {
    this.text = `${header}\n`;
  }

  add(row: string, record?: PlannedLine['record'], datedMs?: number): void {
    this.lines.push({ line: this.line, ...(record ? { record } : {}), ...(datedMs === undefined ? {} : { datedMs }) });
    this.text += `${row}\n`;
    this.line += row.split('\n').length;
  }
}

const HEADERS: Readonly<Record<FileKind, string>> = {
  'pos-lines': 'transaction_timestamp,store_id,basket_id,product_id,quantity,household',
  receipts: 'id,sku,location,quantity,occurredAt,reference',
  products: 'sku,name,unit,active',
};
const PRODUCTS = ['P-1', 'P-2', 'P-3'];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (ms: number): string => new Date(ms).toISOString();

/** A file in which about every sixth row is bad; one in fifteen has a header that nobody can read. */
export function fileOf(kind: FileKind, atMs: number, serial: number, random: SeededRandom): PlannedFile {
  const rows = random.between(4, 14);
  const occurredAt = at(START_MS + atMs - 60_000);
  const writer = new Writer(HEADERS[kind]);
  if (kind === 'pos-lines') addTillLines(writer, rows, `b${serial}`, occurredAt, random);
  else for (let row = 0; row < rows; row++) addRow[kind](writer, `u${serial}-${row}`, occurredAt, random);
  if (random.chance(0.07)) return { text: writer.text.replace(/^[^,]+/, 'what'), lines: [] };
  return writer;
}

/** Lines of a basket stand near each other, not together; a product may come twice in one. */
function addTillLines(writer: Writer, rows: number, prefix: string, occurredAt: string, random: SeededRandom): void {
  const timesInBasket = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const basket = `${prefix}x${Math.max(0, Math.floor(row / 4) - random.between(0, 1))}`;
    const sku = random.pick(SKUS.slice(0, 3));
    const quantity = random.between(1, 3);
    const start = `${occurredAt},${random.pick(PLACES)},${basket},${sku}`;
    if (random.chance(0.08)) {
      writer.add(start);
      continue;
    }
    const times = (timesInBasket.get(`${basket} ${sku}`) ?? 0) + 1;
    timesInBasket.set(`${basket} ${sku}`, times);
    if (random.chance(0.1)) writer.add(`${start},0,h`);
    else writer.add(`${start},${quantity},h`, { id: `${basket}-${sku}-${times}`, sku, quantity });
  }
}

type AddRow = (writer: Writer, id: string, occurredAt: string, random: SeededRandom) => void;
const addRow: Readonly<Record<'receipts' | 'products', AddRow>> = {
  receipts(writer, id, occurredAt, random) {
    const sku = random.pick(SKUS);
    const quantity = random.between(0, 6);
    const place = random.pick(PLACES);
    const reference = random.pick(['doc-1', '', '"a, b"', '"two\nlines"']);
    const row = (units: string, at = occurredAt) => `${id},${sku},${place},${units},${at},${reference}`;
    // So far ahead that clocks of intake and worker may differ about it.
    const datedMs = Date.parse(occurredAt) + random.between(-4, 40) * HOUR_MS;
    if (random.chance(0.25)) writer.add(row(String(quantity), at(datedMs)), { id, sku, quantity }, datedMs);
    else if (random.chance(0.8)) writer.add(row(String(quantity)), { id, sku, quantity });
    else
      random.pick([
        () => writer.add(row('-1')),
        () => writer.add(row('many')),
        () => writer.add(row('1', at(Date.parse(occurredAt) + 3 * DAY_MS))),
        () => writer.add(`${id},${sku}`),
      ])();
  },
  products(writer, id, _occurredAt, random) {
    const sku = random.pick(PRODUCTS);
    if (random.chance(0.82)) writer.add(`${sku},${random.pick(['one', 'two', 'three'])},piece,true`, { id, sku });
    else random.pick([() => writer.add(`${sku},,piece,true`), () => writer.add(`,one,piece,true`)])();
  },
};
