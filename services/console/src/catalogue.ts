import type { LocationType } from '@shelfline/contracts/catalog';
import { restToken, SignInError } from './token-source.js';

export interface CatalogueProduct {
  readonly sku: string;
  readonly gtin?: string;
  readonly name: string;
  readonly nameZh?: string;
  readonly brand?: string;
  readonly unit?: string;
  readonly category?: string;
}
export interface CataloguePage {
  readonly items: readonly CatalogueProduct[];
  readonly next?: string | null;
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { headers: { authorization: `Bearer ${await restToken()}` }, signal });
  if (response.status === 401 || response.status === 403) throw new SignInError(`${response.status}`);
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as T;
}

const PER_PAGE = 100;

export function fetchProducts(search: string, cursor: string | null, signal: AbortSignal): Promise<CataloguePage> {
  const query = new URLSearchParams({
    limit: String(PER_PAGE),
    ...(search ? { search } : {}),
    ...(cursor ? { cursor } : {}),
  });
  return get(`/api/catalog/products?${query}`, signal);
}

export const fetchProduct = (sku: string): Promise<CatalogueProduct> =>
  get(`/api/catalog/products/${encodeURIComponent(sku)}`);

export interface ChannelView {
  readonly code: string;
  readonly name: string;
  readonly nameZh?: string;
  readonly pools: readonly { readonly regions?: readonly string[] }[];
}

export const fetchChannels = async (signal: AbortSignal): Promise<readonly ChannelView[]> =>
  (await get<{ items: readonly ChannelView[] }>('/api/catalog/channels?limit=100', signal)).items;

/** Regions that some pool of the channel names, in order. */
export const regionsOf = (channel: ChannelView | undefined): string[] =>
  [...new Set(channel?.pools.flatMap(({ regions }) => regions ?? []) ?? [])].sort();

export interface PlaceView {
  readonly code: string;
  readonly name: string;
  readonly nameZh?: string;
  readonly type: LocationType;
  readonly city?: string;
  readonly region?: string;
  readonly latitude: number;
  readonly longitude: number;
}
export const fetchPlaces = async (): Promise<readonly PlaceView[]> =>
  (await get<{ items: readonly PlaceView[] }>('/api/catalog/locations?limit=500')).items;
