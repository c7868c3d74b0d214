import { until, type WholeSystem } from './whole-system.js';

const LYON = { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85 };
/** A trial needs one; each place is asked by itself, so it decides nothing. */
const ANY_RULE = { filters: [], sorters: [{ by: 'nearest', stepKm: 1 }], limits: { maxSplits: 1, splitAboveMinor: 0 } };

interface Product {
  readonly sku: string;
  readonly [fact: string]: unknown;
}
/** By the code of the place. */
type CountedUnits = Readonly<Record<string, number>>;

export interface StockedPlace {
  readonly code: string;
  /** Of the place, beside its code, or instead of where it lies. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly product: Product;
  readonly units: number;
}

/** A store in Lyon that has counted so many of one product; resolves once they can be ordered. */
export async function stockPlace(system: WholeSystem, { code, facts, product, units }: StockedPlace): Promise<void> {
  await openPlaces(system, { [code]: { ...LYON, ...facts } });
  await countStock(system, product, { [code]: units });
}

/** Places, by their code, that keep nothing back; resolves once orders know them. */
export async function openPlaces(system: WholeSystem, places: Readonly<Record<string, object>>): Promise<void> {
  for (const [code, facts] of Object.entries(places))
    await system.call('PUT', `/api/catalog/locations/${code}`, { code, name: code, safetyStock: 0, ...facts });
  for (const code of Object.keys(places))
    await until(async () => {
      const path = `/api/orders/appointments/slots?store=${code}&from=2030-01-01T00:00:00Z&until=2030-01-02T00:00:00Z`;
      return (await system.call('GET', path)).status === 200 ? true : undefined;
    }, `orders know ${code}`);
}

/** Counts a product at places that are open; resolves once it can be ordered. */
export async function countStock(
  system: WholeSystem,
  product: Product,
  units: CountedUnits,
  channel = 'web',
): Promise<void> {
  const { sku } = product;
  await system.call('PUT', `/api/catalog/products/${sku}`, { name: sku, ...product });
  const occurredAt = new Date(Date.now() - 60_000).toISOString();
  const counts = Object.entries(units).map(([location, quantity]) => {
    return { id: `count-${sku}-${location}`, source: 'e2e', type: 'count', sku, location, quantity, occurredAt };
  });
  await system.call('POST', '/api/inventory/deltas', counts, 'integrator');
  await untilOrdersSee(system, sku, units, channel);
}

/**
 * What catalog and ledger have committed the service of orders reads from Kafka a moment later: an order placed before then
 * waits, or goes to the place that was seen first. So it is asked where it would let each place serve all that is there.
 */
async function untilOrdersSee(system: WholeSystem, sku: string, units: CountedUnits, channel: string): Promise<void> {
  const rest = { channel, currency: 'EUR', method: 'pickup', placedAt: new Date().toISOString() };
  const orders = Object.entries(units).map(([store, there]) => {
    const lines = [{ lineId: '1', sku, quantity: Math.max(there, 1), unitPriceMinor: 1 }];
    return { orderId: `seen-${sku}-${store}`, store, lines, ...rest };
  });
  const nowhere = Object.values(units).filter((there) => there === 0).length;
  await until(
    async () => {
      const trial = { rule: ANY_RULE, orders };
      const { status, body } = await system.call<{ tried: { unplacedUnits: number } }>(
        'POST',
        '/api/orders/routing/simulate',
        trial,
      );
      return status === 200 && body.tried.unplacedUnits === nowhere ? true : undefined;
    },
    `orders see ${JSON.stringify(units)} of ${sku}`,
  );
}
