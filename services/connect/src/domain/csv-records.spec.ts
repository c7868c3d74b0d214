import { describe, expect, it } from '@jest/globals';
import { CsvRecords } from './csv-records.js';

const LIMITS = { maxRowBytes: 60, maxCellCharacters: 20, maxColumns: 4 };
function read(input: string | Uint8Array) {
  const reader = new CsvRecords(LIMITS);
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  return [...reader.push(bytes), ...reader.end()].map(({ line, cells, problem }) =>
    problem === undefined ? [line, ...cells] : [line, { problem }],
  );
}

describe('CsvRecords', () => {
  it('keeps line numbers over quoted line ends and skips empty lines', () => {
    expect(read('a,b\n\n"x\ny",1\r\nlast,"say ""hi"""')).toEqual([
      [1, 'a', 'b'],
      [3, 'x\ny', '1'],
      [5, 'last', 'say "hi"'],
    ]);
  });

  it('loses only the line of a quote that is never closed', () => {
    const rows = Array.from({ length: 20 }, (_, i) => `row${i},1\n`).join('');
    const records = read(`a,"oops\n${rows}`);
    expect(records[0]).toEqual([1, { problem: 'a quoted cell that begins here is not closed within 60 bytes' }]);
    expect(records.slice(1)).toEqual(Array.from({ length: 20 }, (_, i) => [i + 2, `row${i}`, '1']));
  });

  it('loses only the line of an unclosed quote at the very end', () => {
    expect(read('a,b\n"c,d\ne,f')).toEqual([
      [1, 'a', 'b'],
      [2, { problem: 'a quoted cell that begins here is not closed within 60 bytes' }],
      [3, 'e', 'f'],
    ]);
  });

  it('names rows, cells and columns beyond the limits and goes on', () => {
    expect(read(`${'x'.repeat(500)},1\n${'y'.repeat(30)},2\n1,2,3,4,5\na "b" c,3\n"a"b,4\nok,5\n`)).toEqual([
      [1, { problem: 'row is longer than 60 bytes' }],
      [2, { problem: 'cell 1 is longer than 20 characters' }],
      [3, { problem: 'row has more than 4 cells' }],
      [4, 'a "b" c', '3'],
      [5, { problem: 'text follows a closing quote; write a quote within a cell twice' }],
      [6, 'ok', '5'],
    ]);
  });

  it('names rows that are not UTF-8 and goes on', () => {
    expect(read(new Uint8Array([97, 0xff, 44, 49, 10, 98, 44, 50, 10]))).toEqual([
      [1, { problem: 'row is not valid UTF-8' }],
      [2, 'b', '2'],
    ]);
  });
});
