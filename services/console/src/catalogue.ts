import { restToken } from './token-source.js';

export interface CatalogueProduct {
  readonly sku: string;
  readonly name: string;
  readonly nameZh?: string;
  readonly brand?: string;
  readonly category?: string;
}
export interface CataloguePage {
  readonly items: readonly CatalogueProduct[];
  readonly next: string | null;
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { headers: { authorization: `Bearer ${await restToken()}` }, signal });
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

interface ChannelView {
  readonly code: string;
  readonly pools: readonly { readonly regions?: readonly string[] }[];
}

/** Regions that some pool of the web channel names. */
export async function fetchRegions(): Promise<string[]> {
  const { items } = await get<{ items: readonly ChannelView[] }>('/api/catalog/channels?limit=100');
  const channel = items.find(({ code }) => code === 'web');
  return [...new Set(channel?.pools.flatMap(({ regions }) => regions ?? []) ?? [])].sort();
}

export interface PlaceView {
  readonly code: string;
  readonly name: string;
  readonly nameZh?: string;
}
export async function fetchPlaces(): Promise<readonly PlaceView[]> {
  return (await get<{ items: readonly PlaceView[] }>('/api/catalog/locations?limit=300')).items;
}
