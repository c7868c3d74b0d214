import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { DERIVED_CHANNELS, DERIVED_ORGANISATIONS, DERIVED_WAREHOUSES, deriveStore } from './derived-network.js';
import type { FrontDoor } from './front-door.js';

interface BulkAnswer {
  accepted: number;
  unchanged: number;
  rejected: { index: number; code: string; title: string; detail: string }[];
}
const PER_REQUEST = 2500;

/** Writes entities of one kind; the same again changes nothing, so a second start may repeat it. */
async function putAll(
  door: FrontDoor,
  kind: string,
  entities: readonly object[],
  onDone: (count: number) => void,
): Promise<void> {
  for (let i = 0; i < entities.length; i += PER_REQUEST) {
    const slice = entities.slice(i, i + PER_REQUEST);
    const answer = await door.send<BulkAnswer>('POST', `/api/catalog/${kind}/bulk`, slice);
    const [first] = answer.rejected;
    if (first) throw new Error(`${kind} ${first.code} was refused: ${first.title}. ${first.detail}`);
    onDone(slice.length);
  }
}

export interface CatalogueToLoad {
  readonly products: readonly object[];
  readonly locations: readonly object[];
}

export async function loadCatalogue(
  door: FrontDoor,
  { products, locations }: CatalogueToLoad,
  onDone: (count: number) => void,
): Promise<void> {
  await putAll(door, 'organisations', DERIVED_ORGANISATIONS, onDone);
  await putAll(door, 'locations', locations, onDone);
  await putAll(door, 'channels', DERIVED_CHANNELS, onDone);
  await putAll(door, 'products', products, onDone);
}

export const networkOf = (storeIds: readonly string[]): object[] => [
  ...DERIVED_WAREHOUSES,
  ...storeIds.map(deriveStore),
];

const words = (text: string): string =>
  text.toLowerCase().replace(/(^|[\s/-])\p{L}/gu, (letter) => letter.toUpperCase());

/** The sample's products; a name is made of type and package size, since the data has none. */
export async function readSampleProducts(file: string, wanted: ReadonlySet<string>): Promise<object[]> {
  const products: object[] = [];
  const known = new Set<string>();
  const rows = createReadStream(file)
    .pipe(createGunzip())
    .pipe(parse({ columns: true, bom: true })) as AsyncIterable<Record<string, string>>;
  for await (const row of rows) {
    const sku = row['product_id'] ?? '';
    if (!wanted.has(sku)) continue;
    known.add(sku);
    const type = words(row['product_type'] || row['product_category'] || `Product ${sku}`);
    products.push({
      sku,
      name: row['package_size'] ? `${type}, ${row['package_size'].toLowerCase()}` : type,
      brand: row['brand'] === 'Private' ? 'House brand' : `Maker ${row['manufacturer_id']}`,
      unit: 'piece',
      ...(row['product_category'] ? { category: words(row['product_category']) } : {}),
      ...(row['department'] ? { attributes: { department: words(row['department']) } } : {}),
    });
  }
  // Tills of other weeks may sell what the product list lacks.
  for (const sku of wanted) if (!known.has(sku)) products.push({ sku, name: `Product ${sku}` });
  return products;
}
