import { describe, expect, it } from '@jest/globals';
import { deliveries, openingStock, planSales } from './derived-stock.js';
import type { TillLine } from './till-lines.js';

/** Sales of product 7 in store 1: units by day. */
async function* sales(byDay: Readonly<Record<string, number>>): AsyncGenerator<TillLine> {
  for (const [day, quantity] of Object.entries(byDay))
    yield {
      storeId: '1',
      productId: '7',
      reading: {
        ok: true,
        fact: {
          id: `${day}-7-1`,
          source: 'pos-1',
          type: 'sale',
          sku: '7',
          location: 'store-1',
          quantity,
          occurredAt: `${day}T10:00:00.000Z`,
          occurredAtSource: `${day}T10:00:00`,
        },
      },
    };
}
const plan = (byDay: Readonly<Record<string, number>>) => planSales(sales(byDay));

describe('stock derived from the tills’ own sales', () => {
  it('opens a store with two weeks of its sales and tops it up before each later week', async () => {
    const derived = await plan({ '2017-01-01': 3, '2017-01-09': 2, '2017-01-16': 1, '2017-01-23': 9 });
    expect(openingStock(derived).map(({ location, quantity }) => [location, quantity])).toEqual([
      ['store-1', 5],
      ['dc-online', 4],
    ]);
    expect([...deliveries(derived)].map(({ reference, quantity }) => [reference, quantity])).toEqual([
      ['derived delivery, week 3', 5],
      ['derived delivery, week 4', 5],
    ]);
  });

  it('never falls below zero by the sales it was derived from', async () => {
    const byDay = { '2017-01-02': 1, '2017-01-15': 4, '2017-01-20': 2, '2017-01-31': 30, '2017-02-20': 1 };
    const derived = await plan(byDay);
    const facts = [
      ...openingStock(derived).filter(({ location }) => location === 'store-1'),
      ...deliveries(derived),
      ...Object.entries(byDay).map(([day, sold]) => ({ occurredAt: `${day}T10:00:00.000Z`, quantity: -sold })),
    ].sort((a, b) => a.occurredAt.localeCompare(b.occurredAt));
    let onHand = 0;
    for (const { quantity } of facts) expect((onHand += quantity)).toBeGreaterThanOrEqual(0);
  });

  it('has the same ids for the same sales, and other ids for other sales: a second file is no repeat of the first', async () => {
    const first = openingStock(await plan({ '2017-01-01': 3 })).map(({ id }) => id);
    expect(openingStock(await plan({ '2017-01-01': 3 })).map(({ id }) => id)).toEqual(first);
    const other = openingStock(await plan({ '2017-03-01': 8 })).map(({ id }) => id);
    expect(other.filter((id) => first.includes(id))).toEqual([]);
  });
});
