import { Readable } from 'node:stream';
import { cellFor } from '@shelfline/contracts/csv-cells';
import { stringify } from 'csv-stringify';
import { isPromised, type Line, type Order, unitsOf } from '../domain/order.js';
import { cursorAfter } from '../orders-cursor.js';
import type { OrderListQuery, OrderListRepository } from './order-list.repository.js';

/** As many are held in memory while a slow reader takes his time. */
const ORDERS_AT_ONCE = 200;

type Cells = Readonly<Record<string, string | number | undefined>>;
const COLUMNS = [
  'orderId',
  'channel',
  'channelOrder',
  'memberId',
  'state',
  'method',
  'store',
  'soldAt',
  'soldBy',
  'placedAt',
  'takenAt',
  'changedAt',
  'promisedBy',
  'currency',
  'lineId',
  'sku',
  'quantity',
  'unitPriceMinor',
  'promisedUnits',
  'cancelledUnits',
  'places',
  'parcels',
  'cursor',
] as const;

/** Page by page, so that no cursor of the database is open while nobody reads. */
export async function* orderRows(
  repository: Pick<OrderListRepository, 'list'>,
  { filter, after, limit }: OrderListQuery,
): AsyncGenerator<readonly string[]> {
  yield COLUMNS;
  let last = after;
  for (let left = limit; left > 0; ) {
    const asked = Math.min(left, ORDERS_AT_ONCE);
    const orders = await repository.list({ filter, after: last, limit: asked });
    for (const order of orders) yield* rowsOf(order);
    if (orders.length < asked) return;
    last = orders.at(-1);
    left -= asked;
  }
}

export function ordersCsv(rows: AsyncIterable<readonly string[]>, { bom }: { readonly bom: boolean }): Readable {
  const source = Readable.from(rows);
  const csv = stringify({ bom, record_delimiter: '\r\n' });
  // Broken off, it must not look like a whole one.
  source.once('error', (error) => csv.destroy(error));
  csv.once('close', () => source.destroy());
  return source.pipe(csv);
}

function* rowsOf(order: Order): Generator<readonly string[]> {
  const { lines } = order;
  const whole = cellsOf(order);
  for (const [i, line] of lines.entries()) {
    const cells: Cells = {
      ...whole,
      ...lineCells(order, line),
      cursor: i === lines.length - 1 ? cursorAfter(order) : undefined,
    };
    yield COLUMNS.map((column) => {
      const value = cells[column];
      return cellFor(typeof value === 'number' ? 'number' : 'text', value);
    });
  }
}

const cellsOf = ({ orderId, placed, state, placedAtMs, changedAtMs }: Order): Cells => ({
  orderId,
  state,
  channel: placed.channel,
  channelOrder: placed.channelOrder,
  memberId: placed.memberId,
  method: placed.method,
  store: placed.store,
  soldAt: placed.soldAt,
  soldBy: placed.soldBy,
  placedAt: placed.placedAt,
  takenAt: new Date(placedAtMs).toISOString(),
  changedAt: new Date(changedAtMs).toISOString(),
  promisedBy: placed.promisedBy,
  currency: placed.currency,
});

function lineCells({ holds, tasks }: Order, { lineId, sku, quantity, unitPriceMinor, cancelledUnits }: Line): Cells {
  const counted = holds.filter((hold) => hold.lineId === lineId && isPromised(hold));
  const own = tasks.filter((task) => counted.some((hold) => hold.task === task.number));
  const joined = (texts: readonly (string | undefined)[]) =>
    [...new Set(texts.filter((text) => text !== undefined))].join(' ');
  return {
    lineId,
    sku,
    quantity,
    unitPriceMinor,
    promisedUnits: unitsOf(counted),
    cancelledUnits,
    places: joined(counted.map(({ location }) => location)),
    parcels: joined(own.map(({ tracking }) => tracking)),
  };
}
