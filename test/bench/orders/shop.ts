import { TOPICS } from '@shelfline/contracts/topics';
import { IMAGES_COLLECTION } from '@shelfline/streaming/mongo-documents';
import type { SeededRandom } from '../../seeded-random.ts';
import { type Rig, until } from '../rig.ts';
import type { FrontDoor } from './front-door.ts';

export const STORES = 208;
export const SKUS = 5000;
/** Of each SKU's places, and pieces at each: near stores sell out during a run, so routing has to look further. */
const PLACES_PER_SKU = 24;
const UNITS_PER_PLACE = 3;
const CITIES = 26;
const REGIONS = 7;
const BULK = 2500;
const DELTAS_AT_ONCE = 5000;

export const FLASH_SKU = 'flash';
export const FLASH_PLACES = 40;
export const FLASH_UNITS_PER_PLACE = 25;

const cityOf = (n: number) => ({
  city: `city-${n}`,
  region: `region-${n % REGIONS}`,
  latitude: 22 + (n % 5) * 4,
  longitude: 100 + Math.floor(n / 5) * 4,
});
export const stores = Array.from({ length: STORES }, (_, i) => `store-${i}`);
const skus = Array.from({ length: SKUS }, (_, i) => `sku-${i}`);

/** Places spread over the cities; what stands where is the same in every run. */
const placesOf = (skuNumber: number): string[] =>
  Array.from({ length: PLACES_PER_SKU }, (_, k) => stores[(skuNumber * 7919 + k * 53) % STORES]!);

interface Supply {
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
}
export const keyOf = ({ sku, location }: { readonly sku: string; readonly location: string }): string =>
  `${sku}@${location}`;
export const SUPPLIES: readonly Supply[] = [
  ...skus.flatMap((sku, i) => placesOf(i).map((location) => ({ sku, location, quantity: UNITS_PER_PLACE }))),
  ...stores.slice(0, FLASH_PLACES).map((location) => ({
    sku: FLASH_SKU,
    location,
    quantity: FLASH_UNITS_PER_PLACE,
  })),
];

/** All by REST but the stock, which comes as tills would send it. */
export async function openShop(rig: Rig, { call }: FrontDoor): Promise<void> {
  await call(
    'POST',
    '/api/catalog/locations/bulk',
    stores.map((code, i) => {
      const { latitude, longitude, ...city } = cityOf(i % CITIES);
      const around = Math.floor(i / CITIES) / 50;
      return {
        code,
        name: code,
        type: 'store',
        ...city,
        latitude: latitude + around,
        longitude: longitude - around,
        safetyStock: 0,
      };
    }),
  );
  const products = [...skus, FLASH_SKU].map((sku) => ({ sku, name: sku }));
  for (let i = 0; i < products.length; i += BULK)
    await call('POST', '/api/catalog/products/bulk', products.slice(i, i + BULK));
  const occurredAt = new Date().toISOString();
  const before = await rig.count(TOPICS.movements);
  for (let i = 0; i < SUPPLIES.length; i += DELTAS_AT_ONCE)
    await rig.produce(
      TOPICS.deltas,
      SUPPLIES.slice(i, i + DELTAS_AT_ONCE).map((supply) => ({
        by: supply.sku,
        key: supply.sku,
        value: JSON.stringify({ id: `open-${keyOf(supply)}`, source: 'bench', type: 'receipt', occurredAt, ...supply }),
      })),
    );
  await until(async () => (await rig.count(TOPICS.movements)) >= before + SUPPLIES.length, 'the opening stock');
  // A shop is not filled at the hour it opens: writing 120,000 levels behind would be measured with the orders.
  const unflushed = rig.database('inventory').collection(IMAGES_COLLECTION);
  await until(async () => (await unflushed.findOne()) === null, 'the opening stock is written to its documents');
}

export interface MadeOrder {
  readonly orderId: string;
  readonly wish?: string;
  readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly quantity: number }[];
}

const common = (orderId: string, random: SeededRandom) => ({
  orderId,
  channel: 'web',
  placedAt: new Date().toISOString(),
  currency: 'CNY',
  method: 'courier',
  destination: {
    ...cityOf(random.between(0, CITIES - 1)),
    address: '1 Long Road',
    recipient: 'A. Customer',
    phone: '0100000000',
  },
});
const line = (n: number, sku: string) => ({ lineId: String(n), sku, quantity: 1, unitPriceMinor: 19_900 });

/** Two different SKUs, one piece each, to anywhere. */
export function twoLineOrder(orderId: string, random: SeededRandom): MadeOrder {
  const first = random.between(0, SKUS - 1);
  const second = (first + 1 + random.between(0, SKUS - 2)) % SKUS;
  return { ...common(orderId, random), lines: [line(1, skus[first]!), line(2, skus[second]!)] };
}

/** Whoever gets none is told so at once, and does not wait. */
export const flashOrder = (orderId: string, random: SeededRandom): MadeOrder => ({
  ...common(orderId, random),
  wish: 'cancel_rest',
  lines: [line(1, FLASH_SKU)],
});
