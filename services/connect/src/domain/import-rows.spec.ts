import { describe, expect, it } from '@jest/globals';
import { CsvRecords } from './csv-records.js';
import type { ImportKind, ImportOptions } from './import-kinds.js';
import { openRows } from './import-rows.js';
import { rejectedHeader, rejectedLine } from './rejected-rows.js';

const NOW_MS = Date.parse('2026-06-01T12:00:00Z');

function readFile(kind: ImportKind, csv: string, options: ImportOptions = {}) {
  const reader = new CsvRecords();
  const [header, ...rows] = [...reader.push(new TextEncoder().encode(csv)), ...reader.end()];
  const file = openRows(kind, header!, options, 'imp1');
  if (!file.ok) return file.detail;
  return rows.map((row) => {
    const reading = file.reader.read(row, NOW_MS);
    if (!reading.ok) return reading.reason;
    return reading.record.to === 'deltas' ? reading.record.fact : reading.record.change;
  });
}

describe('openRows', () => {
  it('reads columns in any order, and facts by the rules of REST', () => {
    const csv =
      'quantity,id,ignored,location,sku,occurredAt,source\n' +
      '5,r1,x,dc-1,A1,2026-01-31T18:05:00+08:00,wms\n' +
      '-5,r2,x,dc-1,A1,2026-01-31T18:05:00Z,\n' +
      '1.5,r3,x,dc-1,A1,2026-01-31T18:05:00Z,\n' +
      'many,r4,x,dc-1,A1,2026-01-31T18:05:00Z,\n' +
      '1,r5,x,dc-1,A1,2027-01-31T18:05:00Z,\n' +
      '1,r6,x,dc 1,A1,2026-01-31T18:05:00Z,\n' +
      '1,,x,dc-1,A1,2026-01-31T18:05:00Z,\n' +
      '1,r7,x,dc-1,A1,31.1.2026,\n' +
      '1,r8\n';
    expect(readFile('receipts', csv)).toEqual([
      {
        id: 'r1',
        source: 'wms',
        type: 'receipt',
        sku: 'A1',
        location: 'dc-1',
        quantity: 5,
        occurredAt: '2026-01-31T10:05:00.000Z',
        occurredAtSource: '2026-01-31T18:05:00+08:00',
      },
      'quantity must be 0 or more, not -5',
      'quantity must be a whole number, not 1.5',
      'quantity is not a number',
      expect.stringMatching(/more than 24 hours ahead/),
      expect.stringMatching(/^location may hold letters, digits/),
      'id is empty',
      'occurredAt is no date and time; write it as 2026-01-31T18:05:00+08:00',
      'row has 2 cells, the header has 7',
    ]);
  });

  it('gives a count the source and zone of the import when the row has none', () => {
    const csv = 'id,sku,location,quantity,occurredAt\nc1,A1,store-1,5,2026-01-31 18:05\n';
    expect(readFile('counts', csv, { source: 'sheet', timeZone: 'Asia/Shanghai' })).toEqual([
      expect.objectContaining({ type: 'count', source: 'sheet', occurredAt: '2026-01-31T10:05:00.000Z' }),
    ]);
  });

  it('reads lot, last day and serial numbers, several divided by ";"', () => {
    const csv =
      'id,sku,location,quantity,occurredAt,lot,expiresOn,serials\n' +
      'r1,A1,dc,2,2026-01-31T18:05:00Z,L-7,2026-06-30,s1; s2\n' +
      'r2,A1,dc,2,2026-01-31T18:05:00Z,,,\n' +
      'r3,A1,dc,2,2026-01-31T18:05:00Z,L-7,30.06.2026,\n';
    const [full, plain, wrong] = readFile('receipts', csv) as object[];
    expect(full).toMatchObject({ lot: 'L-7', expiresOn: '2026-06-30', serials: ['s1', 's2'] });
    expect(Object.keys(plain!)).not.toEqual(expect.arrayContaining(['serials']));
    expect(wrong).toBe('expiresOn must be a date, as 2026-01-31');
  });

  it('makes catalog changes whose ids come from import and line', () => {
    const csv = 'sku,name,gtin\nA1,Tea,4006381333931\nA2,,\nA3,Milk,123\n';
    expect(readFile('products', csv)).toEqual([
      {
        id: 'imp1-2',
        source: 'csv-import',
        kind: 'products',
        code: 'A1',
        entity: expect.objectContaining({ sku: 'A1', name: 'Tea', gtin: '4006381333931' }),
      },
      expect.stringMatching(/^name: /),
      expect.stringMatching(/^gtin: must be a GTIN, which has 8, 12, 13 or 14 digits/),
    ]);
  });

  it.each<[ImportKind, string, RegExp]>([
    [
      'receipts',
      'a,b\n',
      /first line must name the columns; it lacks id, sku, location, quantity, occurredAt; it has: a, b/,
    ],
    ['receipts', 'id;sku;location;quantity;occurredAt\n', /divided by commas/],
    ['counts', 'id,id,sku,location,quantity,occurredAt\n', /names id more than once/],
    ['pos-lines', 'basket_id,product_id\n', /lacks transaction_timestamp, store_id, quantity/],
    ['products', 'name\n', /lacks sku/],
    ['receipts', '"id,sku\n', /the header cannot be read/],
  ])('refuses a file of %s with the header %j', (kind, csv, detail) => {
    expect(readFile(kind, csv)).toMatch(detail);
  });
});

describe('rejected rows', () => {
  it('are safe to open in a spreadsheet and keep commas, quotes and line ends', () => {
    expect(rejectedHeader(['sku', '=x'])).toBe("line,reason,sku,'=x\r\n");
    expect(rejectedLine(7, 'quantity is 0', ['=cmd()', '+1', '@a', '\tb', '\rc', '-x', '-5', 'a,"b"', 'ok'])).toBe(
      `7,quantity is 0,'=cmd(),'+1,'@a,'\tb,"'\rc",'-x,-5,"a,""b""",ok\r\n`,
    );
  });

  it.each([
    ['receipts', 'id,sku,location,quantity,occurredAt,lott,serials', ['lott']],
    [
      'pos-lines',
      'transaction_timestamp,store_id,basket_id,product_id,quantity,lot,household_id',
      ['lot', 'household_id'],
    ],
    ['products', 'sku,name,attributes.colour,colour', ['colour']],
    ['counts', 'id,sku,location,quantity,occurredAt,source,lot,expiresOn,serials,reference,reason', []],
  ] as const)('names the columns of %s that nothing is read from', (kind, header, ignored) => {
    const reader = new CsvRecords();
    const [first] = [...reader.push(new TextEncoder().encode(`${header}\n`)), ...reader.end()];
    expect(openRows(kind, first!, {}, 'imp1')).toMatchObject({ ok: true, ignored });
  });
});
