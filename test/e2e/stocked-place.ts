import { until, type WholeSystem } from './whole-system.js';

const LYON = { type: 'store', city: 'Lyon', region: 'south', latitude: 45.76, longitude: 4.85, safetyStock: 0 };

export interface StockedPlace {
  readonly code: string;
  /** Of the place, beside its code, or instead of where it lies. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly product: Readonly<Record<string, unknown>> & { readonly sku: string };
  readonly units: number;
}

/** A store in Lyon that has counted so many of one product; resolves once the ledger says so. */
export async function stockPlace(system: WholeSystem, { code, facts, product, units }: StockedPlace): Promise<void> {
  const { sku } = product;
  await system.call('PUT', `/api/catalog/locations/${code}`, { code, ...LYON, ...facts });
  await system.call('PUT', `/api/catalog/products/${sku}`, product);
  const count = { id: `count-${sku}`, source: 'e2e', type: 'count', sku, location: code, quantity: units };
  const occurredAt = new Date(Date.now() - 60_000).toISOString();
  await system.call('POST', '/api/inventory/deltas', [{ ...count, occurredAt }], 'integrator');
  await until(async () => {
    const path = `/api/inventory/levels?sku=${sku}&location=${code}`;
    const { body } = await system.call<{ items: { onHand: number }[] }>('GET', path);
    return body.items[0]?.onHand === units ? true : undefined;
  }, `${units} of ${sku} are counted at ${code}`);
}
