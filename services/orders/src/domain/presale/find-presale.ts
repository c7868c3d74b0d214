import type { LocationType } from '@shelfline/contracts/catalog';
import type { PresaleTerms } from '@shelfline/contracts/presale-terms';
import { choosesProduct } from '../chooses-product.js';

/** What is on its way to a store is awaited there as a rule: shelves, pickups, returns of other stores. */
const WAREHOUSES: readonly LocationType[] = ['ecommerce_dc', 'regional_dc', 'factory_dc'];

interface Product {
  readonly sku: string;
  readonly category: string | undefined;
}

/** The first terms in force that name the product. */
export const findPresale = (
  terms: readonly PresaleTerms[],
  { sku, category }: Product,
  nowMs: number,
): PresaleTerms | undefined => terms.find((one) => isInForce(one, nowMs) && choosesProduct(one, sku, category));

const isInForce = ({ validFrom, validUntil }: PresaleTerms, nowMs: number): boolean =>
  (validFrom === undefined || Date.parse(validFrom) <= nowMs) &&
  (validUntil === undefined || nowMs < Date.parse(validUntil));

export const takesPlace = (
  { locations, locationTypes }: PresaleTerms,
  { code, type }: { readonly code: string; readonly type: LocationType },
): boolean => (locations?.includes(code) ?? false) || (locationTypes ?? (locations ? [] : WAREHOUSES)).includes(type);
