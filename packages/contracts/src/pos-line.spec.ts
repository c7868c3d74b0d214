import { describe, expect, it } from '@jest/globals';
import { timeReader } from './local-time.js';
import { PosLineReader, type PosLineRow, posLineEventId } from './pos-line.js';

const line = (change: Partial<Record<keyof PosLineRow, string>> = {}): PosLineRow => ({
  transaction_timestamp: '2017-01-01T11:53:26',
  store_id: '330',
  basket_id: '31198570044',
  product_id: '1095275',
  quantity: '2',
  ...change,
});
const idsOf = (reader: PosLineReader, rows: PosLineRow[]) =>
  rows.map((row, i) => {
    const reading = reader.read(row, { byte: i * 100, line: i + 2 });
    return reading.ok ? reading.fact.id : reading.reason;
  });

describe('PosLineReader', () => {
  it('makes a sale of a till line and passes nothing on about the household or prices', () => {
    const reading = new PosLineReader().read({ ...line(), household_id: '900', sales_value: '0.5' } as PosLineRow);
    expect(reading).toEqual({
      ok: true,
      fact: {
        id: '31198570044-1095275-1',
        source: 'pos-330',
        type: 'sale',
        sku: '1095275',
        location: 'store-330',
        quantity: 2,
        occurredAt: '2017-01-01T11:53:26.000Z',
        occurredAtSource: '2017-01-01T11:53:26',
        reference: '31198570044',
      },
    });
  });

  it('numbers repeated lines of a product within their basket, also when baskets interleave', () => {
    const rows = [
      line(),
      line({ basket_id: '2' }),
      line({ quantity: '0' }),
      line({ product_id: '7' }),
      line(),
      line({ basket_id: '2' }),
    ];
    expect(idsOf(new PosLineReader(), rows)).toEqual([
      '31198570044-1095275-1',
      '2-1095275-1',
      'quantity is 0',
      '31198570044-7-1',
      '31198570044-1095275-3',
      '2-1095275-2',
    ]);
  });

  it('gives the same ids after reading again from the oldest open basket', () => {
    const rows = Array.from({ length: 400 }, (_, i) =>
      line({ basket_id: String(Math.floor(i / 7) + (i % 3)), product_id: String(i % 2) }),
    );
    const reader = new PosLineReader({ openBaskets: 5 });
    const all = idsOf(reader, rows);
    for (const stop of [1, 50, 233, 399]) {
      const first = new PosLineReader({ openBaskets: 5 });
      idsOf(first, rows.slice(0, stop));
      const from = first.oldestOpenPlace()!.byte / 100;
      expect(from).toBeGreaterThan(stop - 60);
      expect(idsOf(new PosLineReader({ openBaskets: 5 }), rows.slice(from)).slice(stop - from)).toEqual(
        all.slice(stop),
      );
    }
  });

  it('keeps ids apart when basket or product contain the separator', () => {
    expect(posLineEventId('1-2', '3', 1)).not.toBe(posLineEventId('1', '2-3', 1));
    expect(posLineEventId('1%2D2', '3', 1)).not.toBe(posLineEventId('1-2', '3', 1));
  });

  it.each([
    [{ quantity: '0' }, 'quantity is 0'],
    [{ quantity: '' }, 'quantity is empty'],
    [{ quantity: '1.5' }, 'quantity is not a whole number'],
    [{ quantity: '-1' }, 'quantity is negative; a return is a delta of its own type'],
    [{ quantity: 'two' }, 'quantity is not a number'],
    [{ quantity: '1e3' }, 'quantity is not a number'],
    [{ quantity: '99999999999999999999' }, 'quantity is too large'],
    [{ store_id: ' ' }, 'store_id is empty'],
    [{ basket_id: '' }, 'basket_id is empty'],
    [{ product_id: '' }, 'product_id is empty'],
    [{ transaction_timestamp: '' }, 'transaction_timestamp is empty'],
    [
      { transaction_timestamp: '2017-02-30T10:00:00' },
      'transaction_timestamp is no date and time; write it as 2017-01-31T18:05:00',
    ],
  ])('refuses %j', (change, reason) => {
    expect(new PosLineReader().read(line(change))).toEqual({ ok: false, reason });
  });
});

describe('timeReader', () => {
  it.each([
    ['UTC', '2017-01-01T11:53:26', '2017-01-01T11:53:26.000Z'],
    ['UTC', '2017-01-01 11:53', '2017-01-01T11:53:00.000Z'],
    ['Asia/Shanghai', '2017-01-01T11:53:26.5', '2017-01-01T03:53:26.500Z'],
    ['Asia/Shanghai', '2017-01-01T11:53:26Z', '2017-01-01T11:53:26.000Z'],
    ['UTC', '2017-01-01T11:53:26-05:30', '2017-01-01T17:23:26.000Z'],
    ['America/New_York', '2017-03-12T01:59:59', '2017-03-12T06:59:59.000Z'],
    ['America/New_York', '2017-03-12T02:30:00', '2017-03-12T07:30:00.000Z'],
    ['America/New_York', '2017-03-12T03:00:00', '2017-03-12T07:00:00.000Z'],
    ['America/New_York', '2017-11-05T01:30:00', '2017-11-05T05:30:00.000Z'],
    ['America/New_York', '2017-11-05T02:00:00', '2017-11-05T07:00:00.000Z'],
  ])('reads %s %s', (timeZone, text, utc) => {
    expect(new Date(timeReader(timeZone)(text)!).toISOString()).toBe(utc);
  });

  it.each(['', 'yesterday', '2017-01-01', '2017-13-01T00:00:00', '2017-01-01T24:00:00', '2017-01-01T10:60:00'])(
    'finds no time in "%s"',
    (text) => expect(timeReader()(text)).toBeUndefined(),
  );
});
