import type { Channel, Location } from '@shelfline/contracts/catalog';
import type { Reference } from '../domain/reference.js';
import { type ProductRow, referenceOf } from '../reference-data.js';

export interface Catalog {
  readonly products: Readonly<Record<string, Partial<ProductRow>>>;
  readonly locations: Readonly<Record<string, Partial<Location> & Pick<Location, 'type'>>>;
  readonly channels: Readonly<Record<string, Partial<Channel>>>;
}

/** Two shops, a warehouse of each kind and an agent; `web` sells from all of them, `tmall` from warehouses only. */
export const SHOPS: Catalog = {
  products: { 'SKU-1': {} },
  locations: {
    'shop-a': { type: 'store', region: 'north' },
    'shop-b': { type: 'store', region: 'south' },
    ecom: { type: 'ecommerce_dc', region: 'north' },
    regional: { type: 'regional_dc', region: 'north' },
    factory: { type: 'factory_dc', region: 'south' },
    agent: { type: 'agent', region: 'south' },
  },
  channels: {
    web: {
      pools: [
        { code: 'everything', locationTypes: ['ecommerce_dc', 'regional_dc', 'factory_dc', 'store'], bufferUnits: 0 },
        { code: 'agents', locations: ['agent'], bufferUnits: 0 },
      ],
    },
    tmall: { pools: [{ code: 'warehouses', locationTypes: ['ecommerce_dc', 'regional_dc'], bufferUnits: 0 }] },
  },
};

const FACTORY_STALE_AFTER_MS = 24 * 60 * 60 * 1000;
const made = new WeakMap<Catalog, Reference>();

export function catalogOf(catalog: Catalog): Reference {
  let reference = made.get(catalog);
  if (!reference) made.set(catalog, (reference = build(catalog)));
  return reference;
}

function build({ products, locations, channels }: Catalog): Reference {
  const rows = new Map(
    Object.entries(products).map(([sku, product]): [string, ProductRow] => [
      sku,
      { brand: null, safetyStock: null, active: true, version: 1, ...product },
    ]),
  );
  return referenceOf(
    rows,
    Object.entries(locations).map(([code, location]): [string, Location] => [
      code,
      {
        code,
        name: code,
        city: 'Springfield',
        region: 'north',
        latitude: 0,
        longitude: 0,
        timeZone: 'UTC',
        active: true,
        ...location,
      },
    ]),
    Object.entries(channels).map(([code, channel]): [string, Channel] => [
      code,
      { code, name: code, pools: [], active: true, ...channel },
    ]),
    FACTORY_STALE_AFTER_MS,
  );
}
