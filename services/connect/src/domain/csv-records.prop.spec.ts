import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { type CsvRecord, CsvRecords } from './csv-records.js';

const LIMITS = { maxRowBytes: 2_000, maxCellCharacters: 300, maxColumns: 20 };
const bytesOf = (text: string) => new TextEncoder().encode(text);

function readAll(bytes: Uint8Array, cuts: readonly number[] = [], limits = LIMITS): CsvRecord[] {
  const reader = new CsvRecords(limits);
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  const records = places.slice(1).flatMap((place, i) => reader.push(bytes.slice(places[i], place)));
  return [...records, ...reader.end()];
}

const cell = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.stringMatching(/^[a",\r\n 库]{0,8}$/),
);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const written = fc.tuple(cell, fc.boolean()).map(([text, always]) => ({
  text,
  csv: always || /[",\r\n]/.test(text) ? quoted(text) : text,
}));
const file = fc.record({
  rows: fc.array(fc.array(written, { minLength: 2, maxLength: 5 }), { maxLength: 8 }),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  closed: fc.boolean(),
});
const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe('CsvRecords', () => {
  it('reads the rows that were written, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(file, cuts, ({ rows, lineEnd, closed }, where) => {
        const text = rows.map((row) => row.map(({ csv }) => csv).join(',')).join(lineEnd) + (closed ? lineEnd : '');
        const records = readAll(bytesOf(text), where);
        expect(records.filter(({ problem }) => problem !== undefined)).toEqual([]);
        expect(records.map(({ cells }) => cells)).toEqual(rows.map((row) => row.map((c) => c.text)));
        expect(records.map(({ cells }) => cells)).toEqual(
          text === ''
            ? []
            : parse(text, { relax_column_count: true, record_delimiter: lineEnd, skip_empty_lines: true }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('answers alike for any bytes however they are cut, places every byte once and never throws', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.stringMatching(/^[a",\r\n]{0,300}$/).map((text) => bytesOf(text)),
    );
    const small = { maxRowBytes: 40, maxCellCharacters: 10, maxColumns: 4 };
    fc.assert(
      fc.property(noise, cuts, (bytes, where) => {
        const whole = readAll(bytes, [], small);
        expect(readAll(bytes, where, small)).toEqual(whole);
        let last = { endByte: 0, endLine: 0 };
        for (const record of whole) {
          expect(record.byte).toBeGreaterThanOrEqual(last.endByte);
          expect(record.line).toBeGreaterThan(last.endLine);
          expect(record.endByte).toBeGreaterThan(record.byte);
          expect(record.line).toBe(bytes.slice(0, record.byte).filter((byte) => byte === 10).length + 1);
          last = record;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the same from the start of any record on', () => {
    fc.assert(
      fc.property(file, fc.nat(), ({ rows, lineEnd }, n) => {
        const bytes = bytesOf(rows.map((row) => row.map(({ csv }) => csv).join(',') + lineEnd).join(''));
        const whole = readAll(bytes);
        if (whole.length === 0) return;
        const from = whole[n % whole.length]!;
        const reader = new CsvRecords(LIMITS, from.byte, from.line);
        const rest = [...reader.push(bytes.slice(from.byte)), ...reader.end()];
        expect(rest).toEqual(whole.slice(n % whole.length));
      }),
    );
  });
});
