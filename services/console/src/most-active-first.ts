import type { CatalogueProduct } from './catalogue.js';

/** Before anything more active comes the product whose whole SKU or barcode was typed. */
export function mostActiveFirst(
  products: readonly CatalogueProduct[],
  activityOf: (sku: string) => number,
  search: string,
): CatalogueProduct[] {
  const typed = search.toLowerCase();
  const isNamed = ({ sku, gtin }: CatalogueProduct) => typed !== '' && (sku.toLowerCase() === typed || gtin === typed);
  const scores = new Map(
    products.map((product) => [product, isNamed(product) ? Number.POSITIVE_INFINITY : activityOf(product.sku)]),
  );
  const score = (product: CatalogueProduct) => scores.get(product)!;
  return [...products].sort((a, b) => (score(a) === score(b) ? 0 : score(b) - score(a)));
}
