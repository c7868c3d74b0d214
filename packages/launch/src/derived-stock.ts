import { createHash } from 'node:crypto';
import { spread, storeCode } from './derived-network.js';
import type { TillLine } from './till-lines.js';

/**
 * Opening stock and deliveries are not in the till data: they are DERIVED from the tills' own sales. A store opens
 * with what it sells of a product in the first two weeks; before each later week it is topped up to that level, or to
 * what it is about to sell where that is more. The online warehouse opens with a tenth of all sales of the product.
 */
export interface DerivedFact {
  readonly id: string;
  readonly source: string;
  readonly type: 'receipt';
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
  readonly occurredAt: string;
  readonly reference: string;
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const DAY_MS = WEEK_MS / 7;
const OPENING_WEEKS = 2;
export const DERIVED_SOURCE = 'derived-stock';

export interface SalesPlan {
  /** Of the sales' content: ids of what is derived from other sales must be others, or it would be taken for a repeat. */
  readonly mark: string;
  /** Midnight (UTC) before the first sale. */
  readonly firstDayMs: number;
  readonly weeks: number;
  /** Units by week, by `storeId|productId`. */
  readonly units: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly storeIds: readonly string[];
  readonly productIds: ReadonlySet<string>;
  readonly lines: number;
  readonly unusable: number;
}

/** First pass over the tills: who sells what in which week. */
export async function planSales(lines: AsyncIterable<TillLine>): Promise<SalesPlan> {
  const units = new Map<string, Map<number, number>>();
  const storeIds = new Set<string>();
  const productIds = new Set<string>();
  let firstDayMs = Number.NaN;
  let weeks = 0;
  let count = 0;
  let unusable = 0;
  const content = createHash('sha256');
  for await (const line of lines) {
    count++;
    if (line.storeId) storeIds.add(line.storeId);
    if (line.productId) productIds.add(line.productId);
    if (!line.reading.ok) {
      unusable++;
      continue;
    }
    const { id, quantity, occurredAt } = line.reading.fact;
    content.update(`${id}|${line.storeId}|${quantity}|${occurredAt}\n`);
    const occurredAtMs = Date.parse(occurredAt);
    if (Number.isNaN(firstDayMs)) firstDayMs = Math.floor(occurredAtMs / DAY_MS) * DAY_MS;
    const week = Math.max(0, Math.floor((occurredAtMs - firstDayMs) / WEEK_MS));
    weeks = Math.max(weeks, week + 1);
    const key = `${line.storeId}|${line.productId}`;
    let byWeek = units.get(key);
    if (!byWeek) units.set(key, (byWeek = new Map()));
    byWeek.set(week, (byWeek.get(week) ?? 0) + quantity);
  }
  const mark = content.digest('hex').slice(0, 8);
  return { mark, firstDayMs, weeks, units, storeIds: [...storeIds].sort(), productIds, lines: count, unusable };
}

const receipt = (
  { mark }: SalesPlan,
  kind: string,
  sku: string,
  location: string,
  week: number,
  quantity: number,
  atMs: number,
): DerivedFact => ({
  id: `${kind}-${mark}-${location}-${sku}-w${week}`,
  source: DERIVED_SOURCE,
  type: 'receipt',
  sku,
  location,
  quantity,
  occurredAt: new Date(atMs).toISOString(),
  reference: `derived ${kind}, week ${week + 1}`,
});

/** What stands in stores and the online warehouse before the first sale. */
export function openingStock(plan: SalesPlan): DerivedFact[] {
  const { units, firstDayMs } = plan;
  const facts: DerivedFact[] = [];
  const total = new Map<string, number>();
  for (const [key, byWeek] of units) {
    const [storeId, sku] = splitKey(key);
    for (const sold of byWeek.values()) total.set(sku, (total.get(sku) ?? 0) + sold);
    const level = openingLevel(byWeek);
    if (level > 0) facts.push(receipt(plan, 'opening', sku, storeCode(storeId), 0, level, firstDayMs));
  }
  for (const [sku, sold] of total)
    facts.push(receipt(plan, 'opening', sku, 'dc-online', 0, Math.ceil(sold / 10) + 2, firstDayMs));
  return facts;
}

/** Deliveries to stores during the night before each week, oldest first. */
export function* deliveries(plan: SalesPlan): Generator<DerivedFact> {
  const { units, firstDayMs, weeks } = plan;
  const standing = new Map<string, number>();
  for (const [key, byWeek] of units) {
    const opened = openingLevel(byWeek);
    let sold = 0;
    for (let week = 0; week < OPENING_WEEKS; week++) sold += byWeek.get(week) ?? 0;
    standing.set(key, opened - sold);
  }
  for (let week = OPENING_WEEKS; week < weeks; week++) {
    const due: { atMs: number; fact: DerivedFact }[] = [];
    for (const [key, byWeek] of units) {
      const [storeId, sku] = splitKey(key);
      const selling = byWeek.get(week) ?? 0;
      const before = standing.get(key) ?? 0;
      const quantity = Math.max(0, Math.max(openingLevel(byWeek), selling) - before);
      standing.set(key, before + quantity - selling);
      if (quantity === 0) continue;
      // Spread over the four hours before the week begins, so that they do not all arrive in one second.
      const atMs = firstDayMs + week * WEEK_MS - (spread(key) % (4 * 60 * 60)) * 1000 - 1000;
      due.push({ atMs, fact: receipt(plan, 'delivery', sku, storeCode(storeId), week, quantity, atMs) });
    }
    due.sort((a, b) => a.atMs - b.atMs);
    for (const { fact } of due) yield fact;
  }
}

function openingLevel(byWeek: ReadonlyMap<number, number>): number {
  let level = 0;
  for (let week = 0; week < OPENING_WEEKS; week++) level += byWeek.get(week) ?? 0;
  return level;
}

function splitKey(key: string): [storeId: string, sku: string] {
  const bar = key.indexOf('|');
  return [key.slice(0, bar), key.slice(bar + 1)];
}
