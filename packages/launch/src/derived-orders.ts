import { MAX_LINE_UNITS, MAX_LINES, OrderId } from '@shelfline/contracts/order';
import { deriveStore, ONLINE_CHANNEL, spread, storeCode } from './derived-network.js';
import type { TillLine } from './till-lines.js';

/**
 * The till data holds no online orders: they are DERIVED, by these rules.
 * - Of a hundred baskets, `percent` (5 unless told) are ordered online instead of carried to the till: which ones is a
 *   hash of a fixed seed, the store's and the basket's number. Their lines are left out of the tills' sales.
 * - What is ordered and what it costs is the till's: one line a product, the price of a piece from `sales_value`.
 * - Where it goes is derived around the store that sold it: its city, a point within about 5 km. By the same hash 35 of
 *   a hundred are collected at that store, 25 are delivered the same day, the rest go by courier.
 * - 30 of a hundred wait for what is not there, the others do without it.
 * The household's number stands for the member. Names and streets are made up.
 */
export interface OnlineOrder {
  readonly orderId: string;
  readonly channel: string;
  /** The till's time. */
  readonly placedAt: string;
  readonly currency: 'USD';
  readonly method: 'pickup' | 'same_city' | 'courier';
  readonly wish: 'split' | 'cancel_rest';
  readonly store?: string;
  readonly destination?: object;
  readonly memberId?: string;
  readonly lines: readonly { lineId: string; sku: string; quantity: number; unitPriceMinor: number }[];
}
interface Basket {
  readonly storeId: string;
  readonly basketId: string;
  readonly householdId: string | undefined;
  readonly placedAt: string;
  readonly bySku: Map<string, { units: number; paidMinor: number }>;
  lines: number;
}

export const ONLINE_PERCENT = 5;
const SEED = 'online-1';
const PICKUP_PERCENT = 35;
const SAME_DAY_PERCENT = 25;
const WAITING_PERCENT = 30;

export const basketKey = ({ storeId, basketId }: Pick<TillLine, 'storeId' | 'basketId'>): string =>
  `${storeId}|${basketId}`;

/** Gathers the baskets that are ordered online, wherever their lines stand in the file. */
export class OnlineBaskets {
  private readonly baskets = new Map<string, Basket>();
  constructor(private readonly percent: number) {}

  add(line: TillLine): void {
    const { storeId, basketId, householdId, reading, paidMinor } = line;
    const key = basketKey(line);
    if (!reading.ok || spread(`${SEED}|${key}`) % 100 >= this.percent) return;
    const { sku, quantity, occurredAt } = reading.fact;
    let basket = this.baskets.get(key);
    if (!basket)
      this.baskets.set(
        key,
        (basket = { storeId, basketId, householdId, placedAt: occurredAt, bySku: new Map(), lines: 0 }),
      );
    const { units, paidMinor: paid } = basket.bySku.get(sku) ?? { units: 0, paidMinor: 0 };
    basket.bySku.set(sku, { units: units + quantity, paidMinor: paid + paidMinor });
    basket.lines++;
  }

  /** By basket; what no order may be (too many lines, a name that none may have) stays at the till. */
  orders(): { readonly orders: ReadonlyMap<string, OnlineOrder>; readonly lines: number } {
    const orders = new Map<string, OnlineOrder>();
    let lines = 0;
    for (const [key, basket] of this.baskets) {
      const order = orderOf(basket);
      const isOrder =
        order.lines.length <= MAX_LINES && order.lines.every(({ quantity }) => quantity <= MAX_LINE_UNITS);
      if (!isOrder || !OrderId.safeParse(order.orderId).success) continue;
      orders.set(key, order);
      lines += basket.lines;
    }
    return { orders, lines };
  }
}

function orderOf({ storeId, basketId, householdId, placedAt, bySku }: Basket): OnlineOrder {
  const hash = spread(`${basketId}|${SEED}|${storeId}`);
  const method = methodOf(hash % 100);
  return {
    orderId: `online-${storeId}-${basketId}`,
    channel: ONLINE_CHANNEL,
    placedAt,
    currency: 'USD',
    method,
    wish: (hash >>> 7) % 100 < WAITING_PERCENT ? 'split' : 'cancel_rest',
    ...(method === 'pickup'
      ? { store: storeCode(storeId) }
      : { destination: destinationOf(storeId, hash, householdId) }),
    ...(householdId ? { memberId: `household-${householdId}` } : {}),
    lines: [...bySku].map(([sku, { units, paidMinor }], i) => ({
      lineId: String(i + 1),
      sku,
      quantity: units,
      unitPriceMinor: Math.max(0, Math.round(paidMinor / units)),
    })),
  };
}

const methodOf = (percent: number): OnlineOrder['method'] => {
  if (percent < PICKUP_PERCENT) return 'pickup';
  return percent < PICKUP_PERCENT + SAME_DAY_PERCENT ? 'same_city' : 'courier';
};

/** Within about 5 km of the store, in steps of a thousandth of a degree. */
function destinationOf(storeId: string, hash: number, householdId: string | undefined): object {
  const { city, region, latitude, longitude } = deriveStore(storeId);
  const around = (degrees: number, bits: number) => Math.round((degrees + ((bits % 91) - 45) / 1000) * 1000) / 1000;
  return {
    city,
    region,
    latitude: around(latitude, hash >>> 8),
    longitude: around(longitude, hash >>> 16),
    address: `${1 + (hash % 200)} Sample Street`,
    recipient: householdId ? `Household ${householdId}` : 'A household',
  };
}

/** The store whose screen has most to show: most of the orders begin around it. */
export function busiestStore(orders: Iterable<OnlineOrder>): string | undefined {
  const counts = new Map<string, number>();
  for (const { store } of orders) if (store !== undefined) counts.set(store, (counts.get(store) ?? 0) + 1);
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))[0]?.[0];
}
