import { DERIVED_WAREHOUSES, spread } from '@shelfline/launch/derived-network';
import { deliveries, openingStock, planSales, type SalesPlan } from '@shelfline/launch/derived-stock';
import type { Basket } from './till-baskets.ts';

export interface Supply {
  readonly id: string;
  readonly source: string;
  readonly type: 'receipt';
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
  readonly occurredAt: string;
}
type Derived = ReturnType<typeof openingStock>[number];

const IN_WAREHOUSE_PERCENT = 75;
/** Of what the tills sell of a product. */
const WAREHOUSE_SHARE = 0.5;

/**
 * What `npm start` derives from tills, derived from these baskets alone: so there is about as much as they want, yet it
 * lies where the tills sold it, and their customers want it elsewhere. Night by night the stores get more. Of three
 * products in four half of what is sold stands in one warehouse besides, by the product's number.
 */
export class ShopStock {
  private readonly coming: Iterator<Derived>;
  private next: Derived | undefined;
  private readonly plan: SalesPlan;
  /** All that came, by `sku@location`. */
  readonly received = new Map<string, number>();

  private constructor(plan: SalesPlan) {
    this.plan = plan;
    this.coming = deliveries(plan);
    this.next = this.coming.next().value as Derived | undefined;
  }

  static async derivedFrom(baskets: readonly Basket[]): Promise<ShopStock> {
    return new ShopStock(await planSales(linesOf(baskets)));
  }

  get storeIds(): readonly string[] {
    return this.plan.storeIds;
  }
  get skus(): ReadonlySet<string> {
    return this.plan.productIds;
  }

  opening(): Supply[] {
    const sold = new Map<string, number>();
    for (const [key, units] of this.plan.units)
      for (const quantity of units.values()) {
        const sku = key.slice(key.indexOf('|') + 1);
        sold.set(sku, (sold.get(sku) ?? 0) + quantity);
      }
    const inWarehouses = [...sold]
      .filter(([sku]) => spread(sku) % 100 < IN_WAREHOUSE_PERCENT)
      .map(([sku, units]) => {
        const location = DERIVED_WAREHOUSES[(spread(sku) >>> 8) % DERIVED_WAREHOUSES.length]!.code;
        const quantity = Math.ceil(units * WAREHOUSE_SHARE);
        return { id: `warehouse-${sku}`, source: 'derived-stock', type: 'receipt' as const, sku, location, quantity };
      });
    return this.take([...openingStock(this.plan), ...inWarehouses]);
  }

  /** What the nights before that time brought and was not taken yet. */
  deliveriesBefore(atMs: number): Supply[] {
    const due: Derived[] = [];
    while (this.next && Date.parse(this.next.occurredAt) < atMs) {
      due.push(this.next);
      this.next = this.coming.next().value as Derived | undefined;
    }
    return this.take(due);
  }

  private take(facts: readonly Omit<Supply, 'occurredAt'>[]): Supply[] {
    const occurredAt = new Date().toISOString();
    return facts.map(({ id, source, type, sku, location, quantity }) => {
      const key = `${sku}@${location}`;
      this.received.set(key, (this.received.get(key) ?? 0) + quantity);
      // Of the tills' time stock would be too old to promise.
      return { id, source, type, sku, location, quantity, occurredAt };
    });
  }
}

async function* linesOf(baskets: readonly Basket[]) {
  for (const { sold } of baskets) yield* sold;
}
