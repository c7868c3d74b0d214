interface CatalogueRecord {
  readonly by: string;
  readonly key: string;
  readonly value: string;
}

/** What the catalog would publish of these places, so that the ledger knows them. */
export const locationRecords = (codes: readonly string[]): CatalogueRecord[] =>
  codes.map((code, i) => ({
    by: code,
    key: code,
    value: JSON.stringify({
      code,
      type: 'regional_dc',
      name: code,
      city: 'x',
      region: 'r1',
      latitude: 0,
      longitude: 0,
      active: true,
      version: i + 1,
    }),
  }));

export const productRecords = (skus: readonly string[]): CatalogueRecord[] =>
  skus.map((sku, i) => ({
    by: sku,
    key: sku,
    value: JSON.stringify({ sku, name: sku, unit: 'piece', active: true, version: i + 1 }),
  }));
