import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { planSales } from './derived-stock.js';
import { derivationOf, identityOf, readProgress, replayedItems, saveProgress } from './replay.js';
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
    for await (const item of replayedItems(file, plan))
      if (item.kind === 'delta')
        sent.push([item.delta.occurredAt.slice(0, 10), item.delta['type'], item.delta['quantity']]);
    expect(sent).toEqual([
      ['2017-01-01', 'sale', 40],
      ['2017-01-17', 'receipt', 6],
      ['2017-01-20', 'sale', 2],
    ]);
  });

  it('places a basket that is ordered online once, in its place, and sells none of its lines', async () => {
    const tills = join(folder, 'online.csv');
    const rows = ['transaction_timestamp,store_id,basket_id,product_id,quantity,sales_value'];
    for (let basket = 1; basket <= 200; basket++)
      for (const product of [7, 8]) rows.push(`2017-01-01 10:00:00,1,b${basket},${product},2,3.00`);
    writeFileSync(tills, `${rows.join('\n')}\n`);
    const plan = await planSales(readTillLines(tills), 5);
    const kinds: string[] = [];
    let sales = 0;
    for await (const item of replayedItems(tills, plan)) {
      if (item.kind === 'order') kinds.push(item.order.orderId);
      else if (item.delta['type'] === 'sale') sales++;
    }
    expect(kinds.length).toBeGreaterThan(0);
    expect(kinds.length).toBeLessThan(40);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(sales + 2 * kinds.length).toBe(400);
  });

  it('goes on where it was, of the same file only', () => {
    const derivation = derivationOf(5);
    expect(readProgress(folder, file, 5)).toBeUndefined();
    saveProgress(folder, { file: identityOf(file), derivation, sent: 2, done: false });
    expect(readProgress(folder, file, 5)?.sent).toBe(2);
    saveProgress(folder, { file: 'other.csv:12', derivation, sent: 2, done: false });
    expect(readProgress(folder, file, 5)).toBeUndefined();
  });

  it('of which another share was ordered online is not continued', () => {
    saveProgress(folder, { file: identityOf(file), derivation: derivationOf(5), sent: 2, done: false });
    expect(() => readProgress(folder, file, 6)).toThrow(/another --online.*\nBegin anew.*--fresh/);
  });

  it('that other rules of derivation began is not continued, and says how to begin anew', () => {
    saveProgress(folder, { file: identityOf(file), sent: 2, done: false });
    expect(() => readProgress(folder, file, 5)).toThrow(/earlier version.*\nBegin anew.*--fresh/);
    saveProgress(folder, { file: identityOf(file), sent: 2, done: true });
    expect(readProgress(folder, file, 5)?.done).toBe(true);
  });
});
