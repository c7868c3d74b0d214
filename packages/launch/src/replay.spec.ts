import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { DERIVATION, planSales } from './derived-stock.js';
import { deltasOf, identityOf, readProgress, saveProgress } from './replay.js';
import { readTillLines } from './till-lines.js';

describe('a replay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'tills.csv');
  writeFileSync(
    file,
    [
      'transaction_timestamp,store_id,basket_id,product_id,quantity',
      '2017-01-01 10:00:00,1,b1,7,40',
      '2017-01-06 10:00:00,1,b2,7,0',
      '2017-01-20 10:00:00,1,b3,7,2',
      '',
    ].join('\n'),
  );

  it('sends sales and deliveries in the order of time, and lines with quantity 0 not at all', async () => {
    const plan = await planSales(readTillLines(file));
    const sent: unknown[] = [];
    for await (const { type, quantity, occurredAt } of deltasOf(file, plan))
      sent.push([occurredAt.slice(0, 10), type, quantity]);
    expect(sent).toEqual([
      ['2017-01-01', 'sale', 40],
      ['2017-01-17', 'receipt', 6],
      ['2017-01-20', 'sale', 2],
    ]);
  });

  it('goes on where it was, of the same file only', () => {
    expect(readProgress(folder, file)).toBeUndefined();
    saveProgress(folder, { file: identityOf(file), derivation: DERIVATION, sent: 2, done: false });
    expect(readProgress(folder, file)?.sent).toBe(2);
    saveProgress(folder, { file: 'other.csv:12', derivation: DERIVATION, sent: 2, done: false });
    expect(readProgress(folder, file)).toBeUndefined();
  });

  it('that other rules of derivation began is not continued, and says how to begin anew', () => {
    saveProgress(folder, { file: identityOf(file), sent: 2, done: false });
    expect(() => readProgress(folder, file)).toThrow(/earlier version.*\nBegin anew.*--fresh/);
    saveProgress(folder, { file: identityOf(file), sent: 2, done: true });
    expect(readProgress(folder, file)?.done).toBe(true);
  });
});
