import { deliveries, openingStock, type SalesPlan } from './derived-stock.js';

/** What a replay sends, so that every figure it shows can be traced to these. */
export interface Totals {
  readonly lines: number;
  /** Lines with quantity 0, or that cannot be read. */
  readonly leftOut: number;
  readonly sales: number;
  readonly deliveries: number;
  readonly opening: number;
}

export function totalsOf(plan: SalesPlan): Totals {
  let delivered = 0;
  for (const _ of deliveries(plan)) delivered++;
  return {
    lines: plan.lines,
    leftOut: plan.unusable,
    sales: plan.lines - plan.unusable,
    deliveries: delivered,
    opening: openingStock(plan).length,
  };
}

/** Deltas of the replay itself; the opening stock is sent before it. */
export const replayedOf = ({ sales, deliveries: delivered }: Totals): number => sales + delivered;

const NUMBERS = new Intl.NumberFormat('en');
export const grouped = (value: number): string => NUMBERS.format(value);

export function describeTotals(totals: Totals): string[] {
  const { lines, leftOut, sales, opening } = totals;
  const left = leftOut === 0 ? '' : `; ${grouped(leftOut)} are left out: their quantity is 0, or they cannot be read`;
  return [
    `${grouped(lines)} till lines: ${grouped(sales)} sales${left}`,
    `derived from them: ${grouped(opening)} receipts of opening stock, ${grouped(totals.deliveries)} of deliveries`,
    `${grouped(opening + replayedOf(totals))} deltas in all; each becomes one movement in the ledger`,
  ];
}

/** What was done, in the numbers that were announced. */
export function describeEnd(totals: Totals, rejected: number, seconds: number): string {
  const refused = rejected === 0 ? '' : `; ${grouped(rejected)} were refused`;
  return `the replay is done in ${grouped(seconds)} s: ${grouped(totals.sales)} sales and ${grouped(totals.deliveries)} deliveries, after ${grouped(totals.opening)} receipts of opening stock: ${grouped(totals.opening + replayedOf(totals) - rejected)} movements${refused}`;
}
