import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkTillFile } from './check-till-file.js';
import { planSales } from './derived-stock.js';
import { readTillLines } from './till-lines.js';

const HEADER = 'transaction_timestamp,store_id,basket_id,product_id,quantity';
const ROW = '2017-01-01 10:00:00,1,2,3,1';
const GOOD = `${HEADER}\n${ROW}\n`;

describe('a file for --replay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'till-file-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const written = (name: string, content: string | Buffer): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };

  it('is taken plain and gzipped', async () => {
    await expect(checkTillFile(written('good.csv', GOOD))).resolves.toBeUndefined();
    await expect(checkTillFile(written('good.csv.gz', gzipSync(GOOD)))).resolves.toBeUndefined();
  });

  it.each([
    ['no-header.csv', `a,b\n1,2\n`, /header lacks transaction_timestamp.*Its first line is: a, b\n.*columns/s],
    ['empty.csv', '', /is empty\.\nGive a file/],
    ['empty.csv.gz', '', /is empty\.\n/],
    ['nothing-in-it.csv.gz', gzipSync(''), /no till lines\.\n/],
    ['header-only.csv', `${HEADER}\n`, /a header and no till lines\.\n/],
    ['plain.csv.gz', GOOD, /is not gzip.*\nName it \.csv/s],
    ['zipped.csv', gzipSync(GOOD), /is gzip, though.*\nRename/],
    ['text.csv', 'Dear reader,\n"quotes that never end', /is not a file of till lines/],
  ])('is refused before anything is started for it: %s', async (name, content, reason) => {
    const file = written(name, content);
    await expect(checkTillFile(file)).rejects.toThrow(reason);
    await expect(checkTillFile(file)).rejects.toThrow(file);
  });

  it('is refused when it is a folder or not there', async () => {
    mkdirSync(join(folder, 'some.csv'));
    await expect(checkTillFile(join(folder, 'some.csv'))).rejects.toThrow(/is a folder\.\nName one file/);
    await expect(checkTillFile(folder)).rejects.toThrow(/is a folder/);
    await expect(checkTillFile(join(folder, 'absent.csv'))).rejects.toThrow(/is not there\.\nCheck the path/);
  });

  it('that is cut off is named as such, before anything is deleted for it and when it is read', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `2017-01-01 10:00:00,1,${i},${i * 7919},1`);
    const whole = gzipSync(`${HEADER}\n${rows.join('\n')}\n`);
    const file = written('cut.csv.gz', whole.subarray(0, whole.length - 200));
    await expect(checkTillFile(file)).rejects.toThrow(/is cut off/);
    await expect(planSales(readTillLines(file))).rejects.toThrow(/is cut off/);
  });
});
