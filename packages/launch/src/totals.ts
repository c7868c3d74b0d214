import { deliveries, openingStock, type SalesPlan } from './derived-stock.js';
import type { OrderCounts } from './order-sender.js';

/** What a replay sends, so that every figure it shows can be traced to these. */
export interface Totals {
  readonly lines: number;
  /** Lines with quantity 0, or that cannot be read. */
  readonly leftOut: number;
  readonly sales: number;
  readonly deliveries: number;
  readonly opening: number;
  /** Baskets ordered online, and the till lines in them, which are no sales. */
  readonly orders: number;
  readonly orderLines: number;
}

export function totalsOf(plan: SalesPlan): Totals {
  let delivered = 0;
  for (const _ of deliveries(plan)) delivered++;
  return {
    lines: plan.lines,
    leftOut: plan.unusable,
    sales: plan.lines - plan.unusable - plan.onlineLines,
    deliveries: delivered,
    opening: openingStock(plan).length,
    orders: plan.online.size,
    orderLines: plan.onlineLines,
  };
}

/** Deltas of the replay itself; the opening stock is sent before it. */
const deltasOf = ({ sales, deliveries: delivered }: Totals): number => sales + delivered;
/** What the replay sends. */
export const replayedOf = (totals: Totals): number => deltasOf(totals) + totals.orders;

const NUMBERS = new Intl.NumberFormat('en');
export const grouped = (value: number): string => NUMBERS.format(value);

export function describeTotals(totals: Totals): string[] {
  const { lines, leftOut, sales, opening, orders, orderLines } = totals;
  const left = leftOut === 0 ? '' : `; ${grouped(leftOut)} are left out: their quantity is 0, or they cannot be read`;
  const online =
    orders === 0
      ? []
      : [`${grouped(orderLines)} more lines are ${grouped(orders)} baskets that are ordered online instead (--online)`];
  return [
    `${grouped(lines)} till lines: ${grouped(sales)} sales${left}`,
    ...online,
    `derived from them: ${grouped(opening)} receipts of opening stock, ${grouped(totals.deliveries)} of deliveries`,
    `${grouped(opening + deltasOf(totals))} deltas in all; each becomes one movement in the ledger`,
  ];
}

/** What was done, in the numbers that were announced. */
export function describeEnd(totals: Totals, rejected: number, seconds: number): string {
  const refused = rejected === 0 ? '' : `; ${grouped(rejected)} were refused`;
  return `the replay is done in ${grouped(seconds)} s: ${grouped(totals.sales)} sales and ${grouped(totals.deliveries)} deliveries, after ${grouped(totals.opening)} receipts of opening stock: ${grouped(totals.opening + deltasOf(totals) - rejected)} movements${refused}`;
}

/** What became of the online orders when they came; nothing where none was sent. */
export function describeOrders({ placed, outOfStock, pending, refused }: OrderCounts): string[] {
  const sent = placed + outOfStock + pending + refused;
  if (sent === 0) return [];
  const parts = [
    `${grouped(placed)} placed`,
    `${grouped(outOfStock)} of which nothing was there (they wait for it, or are cancelled)`,
    ...(pending > 0 ? [`${grouped(pending)} taken and still being decided`] : []),
    ...(refused > 0 ? [`${grouped(refused)} refused`] : []),
  ];
  return [`${grouped(sent)} online orders: ${parts.join(', ')}`];
}
