import { useEffect, useRef, useState } from 'react';
import { type CatalogueProduct, fetchProduct } from '../catalogue.js';

/** Names of what is to be picked, each asked for once; a product whose name cannot be had is shown by its SKU. */
export function useProductNames(skus: readonly string[]): ReadonlyMap<string, CatalogueProduct> {
  const [known, setKnown] = useState<ReadonlyMap<string, CatalogueProduct>>(new Map());
  const asked = useRef(new Set<string>());
  const key = [...new Set(skus)].sort().join('\n');
  useEffect(() => {
    for (const sku of key === '' ? [] : key.split('\n')) {
      if (asked.current.has(sku)) continue;
      asked.current.add(sku);
      fetchProduct(sku).then(
        (product) => setKnown((before) => new Map(before).set(sku, product)),
        // Asked again with the next order that comes.
        () => asked.current.delete(sku),
      );
    }
  }, [key]);
  return known;
}
