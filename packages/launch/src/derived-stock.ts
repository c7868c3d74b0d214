import { createHash } from 'node:crypto';
import { spread, storeCode } from './derived-network.js';
import { OnlineBaskets, type OnlineOrder } from './derived-orders.js';
import type { TillLine } from './till-lines.js';

/**
 * Opening stock and deliveries are not in the till data: they are DERIVED, by these rules, from the tills' own sales.
 * - A product comes in cases of 3, 4, 6 or 12, by its number.
 * - Of the products a store sells, three of four stand there at the opening: one case, some of it sold already, or what
 *   sells before the store's first delivery where that is more. The others come with their first delivery.
 * - A store gets a delivery every seventh night, by its number: whole cases of what would not last until the next one,
 *   and nothing of the rest. So shelves fall, run out, and recover, and no till sells what is not there.
 * - The online warehouse keeps what sells 60 and more in all: a tenth of it, and two.
 * Every quantity is a function of the sales alone, so levels can be recounted from the file, and are the same each time.
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

const DAY_MS = 24 * 60 * 60 * 1000;
const CASE_UNITS = [3, 4, 6, 12] as const;
const OPEN_PERCENT = 75;
const ONLINE_FROM_UNITS = 60;
/** Of the rules above: other rules derive other facts, which must not be taken for repeats of these. */
export const DERIVATION = 'cases-1';
export const DERIVED_SOURCE = 'derived-stock';

export interface SalesPlan {
  /** Of the sales' content: ids of what is derived from other sales must be others, or it would be taken for a repeat. */
  readonly mark: string;
  /** Midnight (UTC) before the first sale. */
  readonly firstDayMs: number;
  readonly days: number;
  /** Units sold after each delivery and before the next (0 = before the first), by `storeId|productId`. */
  readonly units: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly storeIds: readonly string[];
  readonly productIds: ReadonlySet<string>;
  readonly lines: number;
  readonly unusable: number;
  /** Ordered online instead of sold at the till, by basket. Stock is derived as if the till had sold them. */
  readonly online: ReadonlyMap<string, OnlineOrder>;
  readonly onlineLines: number;
}

/** Days after the first at whose beginning a store's deliveries have arrived: this one, and every seventh from it on. */
const firstDeliveryDay = (storeId: string): number => 1 + ((spread(storeId) >>> 4) % 7);

/** How many deliveries a store has had by a day. */
const deliveriesBy = (storeId: string, day: number): number => Math.floor((day + 7 - firstDeliveryDay(storeId)) / 7);

const caseUnits = (sku: string): number => CASE_UNITS[spread(sku) % CASE_UNITS.length]!;

/** First pass over the tills: who sells what between which deliveries. */
export async function planSales(lines: AsyncIterable<TillLine>, onlinePercent = 0): Promise<SalesPlan> {
  const baskets = new OnlineBaskets(onlinePercent);
  const units = new Map<string, Map<number, number>>();
  const storeIds = new Set<string>();
  const productIds = new Set<string>();
  let firstDayMs = Number.NaN;
  let days = 0;
  let count = 0;
  let unusable = 0;
  const content = createHash('sha256').update(DERIVATION);
  for await (const line of lines) {
    count++;
    if (line.storeId) storeIds.add(line.storeId);
    if (line.productId) productIds.add(line.productId);
    baskets.add(line);
    if (!line.reading.ok) {
      unusable++;
      continue;
    }
    const { id, quantity, occurredAt } = line.reading.fact;
    content.update(`${id}|${line.storeId}|${quantity}|${occurredAt}\n`);
    const occurredAtMs = Date.parse(occurredAt);
    if (Number.isNaN(firstDayMs)) firstDayMs = Math.floor(occurredAtMs / DAY_MS) * DAY_MS;
    const day = Math.max(0, Math.floor((occurredAtMs - firstDayMs) / DAY_MS));
    days = Math.max(days, day + 1);
    const key = `${line.storeId}|${line.productId}`;
    let sold = units.get(key);
    if (!sold) units.set(key, (sold = new Map()));
    const delivery = deliveriesBy(line.storeId, day);
    sold.set(delivery, (sold.get(delivery) ?? 0) + quantity);
  }
  const mark = content.digest('hex').slice(0, 8);
  const { orders: online, lines: onlineLines } = baskets.orders();
  const found = { mark, firstDayMs, days, units, productIds, unusable, online, onlineLines };
  return { ...found, storeIds: [...storeIds].sort(), lines: count };
}

const receipt = (
  { mark }: SalesPlan,
  kind: 'opening' | 'delivery',
  {
    sku,
    location,
    day,
    quantity,
    atMs,
  }: Pick<DerivedFact, 'sku' | 'location' | 'quantity'> & {
    readonly day: number;
    readonly atMs: number;
  },
): DerivedFact => ({
  id: `${kind}-${mark}-${location}-${sku}-d${day}`,
  source: DERIVED_SOURCE,
  type: 'receipt',
  sku,
  location,
  quantity,
  occurredAt: new Date(atMs).toISOString(),
  reference: `derived ${kind}, day ${day + 1}`,
});

/** What stands in stores and the online warehouse before the first sale. */
export function openingStock(plan: SalesPlan): DerivedFact[] {
  const { units, firstDayMs } = plan;
  const facts: DerivedFact[] = [];
  const opened = (sku: string, location: string, quantity: number): void => {
    if (quantity > 0) facts.push(receipt(plan, 'opening', { sku, location, quantity, day: 0, atMs: firstDayMs }));
  };
  const total = new Map<string, number>();
  for (const [key, sold] of units) {
    const [storeId, sku] = splitKey(key);
    for (const quantity of sold.values()) total.set(sku, (total.get(sku) ?? 0) + quantity);
    opened(sku, storeCode(storeId), openingUnits(key, sku, sold));
  }
  for (const [sku, quantity] of total)
    if (quantity >= ONLINE_FROM_UNITS) opened(sku, 'dc-online', Math.ceil(quantity / 10) + 2);
  return facts;
}

function openingUnits(key: string, sku: string, sold: ReadonlyMap<number, number>): number {
  const hash = spread(key);
  const restOfCase = hash % 100 < OPEN_PERCENT ? 1 + ((hash >>> 3) % caseUnits(sku)) : 0;
  return Math.max(restOfCase, sold.get(0) ?? 0);
}

/** A product's shelf in a store, as deliveries see it. */
interface Shelf {
  readonly key: string;
  readonly sold: ReadonlyMap<number, number>;
  readonly caseUnits: number;
  standing: number;
}

/** Deliveries to stores during the night before each of their days, oldest first. */
export function* deliveries(plan: SalesPlan): Generator<DerivedFact> {
  const { firstDayMs, days } = plan;
  const shelves = shelvesByFirstDay(plan);
  for (let day = 1; day < days; day++) {
    const first = ((day - 1) % 7) + 1;
    const due: { atMs: number; fact: DerivedFact }[] = [];
    for (const shelf of shelves.get(first) ?? []) {
      const lacking = (shelf.sold.get((day - first) / 7 + 1) ?? 0) - shelf.standing;
      const quantity = lacking > 0 ? Math.ceil(lacking / shelf.caseUnits) * shelf.caseUnits : 0;
      shelf.standing = quantity - lacking;
      if (quantity === 0) continue;
      const [storeId, sku] = splitKey(shelf.key);
      // Spread over the four hours before midnight, so that they do not all arrive in one second.
      const atMs = firstDayMs + day * DAY_MS - (spread(shelf.key) % (4 * 60 * 60)) * 1000 - 1000;
      due.push({ atMs, fact: receipt(plan, 'delivery', { sku, location: storeCode(storeId), quantity, day, atMs }) });
    }
    due.sort((a, b) => a.atMs - b.atMs);
    for (const { fact } of due) yield fact;
  }
}

function shelvesByFirstDay({ units }: SalesPlan): Map<number, Shelf[]> {
  const shelves = new Map<number, Shelf[]>();
  for (const [key, sold] of units) {
    const [storeId, sku] = splitKey(key);
    const first = firstDeliveryDay(storeId);
    let ofDay = shelves.get(first);
    if (!ofDay) shelves.set(first, (ofDay = []));
    const standing = openingUnits(key, sku, sold) - (sold.get(0) ?? 0);
    ofDay.push({ key, sold, caseUnits: caseUnits(sku), standing });
  }
  return shelves;
}

function splitKey(key: string): [storeId: string, sku: string] {
  const bar = key.indexOf('|');
  return [key.slice(0, bar), key.slice(bar + 1)];
}
