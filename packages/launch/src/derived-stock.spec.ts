import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { PosLineReader } from '@shelfline/contracts/pos-line';
import { type DerivedFact, deliveries, openingStock, planSales, type SalesPlan } from './derived-stock.js';
import type { TillLine } from './till-lines.js';

/** Sales of product 7, which comes in cases of 6, in store 1, whose first delivery is there on January 4: units by day. */
async function* sales(byDay: Readonly<Record<string, number>>): AsyncGenerator<TillLine> {
  for (const [day, quantity] of Object.entries(byDay))
    yield {
      storeId: '1',
      basketId: day,
      productId: '7',
      paidMinor: 0,
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
const openingOf = async (byDay: Readonly<Record<string, number>>) =>
  openingStock(await plan(byDay)).map(({ location, quantity }) => [location, quantity]);
const deliveriesOf = async (byDay: Readonly<Record<string, number>>) =>
  [...deliveries(await plan(byDay))].map(({ occurredAt, quantity }) => [occurredAt.slice(0, 10), quantity]);

describe('stock derived from the tills’ own sales', () => {
  it('opens a store with what is left of a case, or with what it sells before its first delivery', async () => {
    const [[, restOfCase] = ['', 0]] = await openingOf({ '2017-01-01': 1, '2017-02-20': 1 });
    expect(restOfCase).toBeGreaterThanOrEqual(1);
    expect(restOfCase).toBeLessThanOrEqual(6);
    expect(await openingOf({ '2017-01-01': 17 })).toEqual([['store-1', 17]]);
  });

  it('gives the online warehouse a tenth of what sells well', async () => {
    expect(await openingOf({ '2017-01-01': 60 })).toEqual([
      ['store-1', 60],
      ['dc-online', 8],
    ]);
    expect((await openingOf({ '2017-01-01': 59 })).map(([location]) => location)).toEqual(['store-1']);
  });

  it('delivers whole cases, the night before they would be missed and not before', async () => {
    expect(await deliveriesOf({ '2017-01-01': 17, '2017-01-20': 4, '2017-01-31': 1, '2017-02-14': 2 })).toEqual([
      ['2017-01-17', 6],
      ['2017-02-07', 6],
    ]);
    expect(await deliveriesOf({ '2017-01-01': 17 })).toEqual([]);
  });

  it('has the same ids for the same sales, and other ids for other sales: a second file is no repeat of the first', async () => {
    const first = openingStock(await plan({ '2017-01-01': 3 })).map(({ id }) => id);
    expect(openingStock(await plan({ '2017-01-01': 3 })).map(({ id }) => id)).toEqual(first);
    const other = openingStock(await plan({ '2017-03-01': 8 })).map(({ id }) => id);
    expect(other.filter((id) => first.includes(id))).toEqual([]);
  });
});

describe('stock derived for the sample', () => {
  const file = join(import.meta.dirname, '../../../test/data/pos-lines-2017-w01-w08.csv.gz');
  const sold: { at: string; key: string; sku: string; units: number }[] = [];
  /** The file has no quotes, so its lines are divided here: the CSV reader is several times slower in a spec. */
  async function* remembered(): AsyncGenerator<TillLine> {
    const reader = new PosLineReader();
    const [header, ...lines] = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    const columns = header!.split(',');
    for (const line of lines) {
      const cells = line.split(',');
      const row = Object.fromEntries(columns.map((column, i) => [column, cells[i]!]));
      const reading = reader.read(row);
      if (reading.ok) {
        const { sku, location, quantity, occurredAt } = reading.fact;
        sold.push({ at: occurredAt, key: `${sku}@${location}`, sku, units: -quantity! });
      }
      const { store_id: storeId, basket_id: basketId, product_id: productId } = row;
      yield { storeId: storeId!, basketId: basketId!, productId: productId!, paidMinor: 0, reading };
    }
  }
  let sample: SalesPlan;
  let opening: DerivedFact[];
  let delivered: DerivedFact[];
  beforeAll(async () => {
    sample = await planSales(remembered());
    opening = openingStock(sample);
    delivered = [...deliveries(sample)];
  }, 60_000);

  const received = () =>
    [...opening, ...delivered].map(({ occurredAt, sku, location, quantity }) => ({
      at: occurredAt,
      key: `${sku}@${location}`,
      sku,
      units: quantity,
    }));

  it('never lets a till sell what is not there', () => {
    const levels = new Map<string, number>();
    let least = 0;
    for (const { key, units } of [...received(), ...sold].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
      const level = (levels.get(key) ?? 0) + units;
      levels.set(key, level);
      least = Math.min(least, level);
    }
    expect(least).toBe(0);
  });

  it('has a delta for each of its facts, with an id of its own, deliveries oldest first', () => {
    expect([sold.length, opening.length, delivered.length]).toMatchInlineSnapshot(`
[
  200249,
  110794,
  51875,
]
`);
    expect(new Set([...opening, ...delivered].map(({ id }) => id)).size).toBe(opening.length + delivered.length);
    const times = delivered.map(({ occurredAt }) => occurredAt);
    expect(times).toEqual([...times].sort());
  });

  it('shows a page some of everything at any time: in stock, low, out', () => {
    // As the web shop counts: of each store what is above its buffer of 1, less a tenth; low at 6.
    const shownOf = (location: string, units: number) =>
      location.startsWith('store-') ? Math.floor(Math.max(0, units - 1) * 0.9) : units;
    const facts = [...received(), ...sold].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const levels = new Map<string, number>();
    const shown = new Map<string, number>();
    const shares: Record<string, number>[] = [];
    let next = 0;
    for (const until of ['2017-01-01T00:00:01', '2017-01-15', '2017-02-05', '2017-03-01']) {
      for (; next < facts.length && facts[next]!.at < until; next++) {
        const { key, sku, units } = facts[next]!;
        const location = key.slice(sku.length + 1);
        const before = levels.get(key) ?? 0;
        levels.set(key, before + units);
        shown.set(sku, (shown.get(sku) ?? 0) + shownOf(location, before + units) - shownOf(location, before));
      }
      const count = (is: (units: number) => boolean) => [...shown.values()].filter(is).length / shown.size;
      shares.push({ out: count((u) => u === 0), low: count((u) => u > 0 && u <= 6), in: count((u) => u > 6) });
    }
    for (const share of shares) for (const part of Object.values(share)) expect(part).toBeGreaterThan(0.2);
  });
});
