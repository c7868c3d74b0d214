/** What the processes of this bench say to each other. */
export interface ConnectOrder {
  readonly type: 'connect';
  readonly port: number;
  /** `socket.io` joins /storefront with a token and subscribes; `ws` is put into its room by its path. */
  readonly protocol: 'socket.io' | 'ws';
  readonly token: string;
  readonly sockets: number;
  readonly skus: readonly string[];
  /** How many SKUs each socket watches. */
  readonly skusPerSocket: number;
  /** Tell the total whenever it grew by this. */
  readonly tellEvery: number;
}
export type LoaderOrder =
  | ConnectOrder
  | { readonly type: 'reset'; readonly timeEvery: number }
  | { readonly type: 'report' }
  | { readonly type: 'close' };
export interface Report {
  readonly type: 'report';
  readonly updates: number;
  readonly messages: number;
  readonly backwards: number;
  readonly lost: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
export type LoaderNews =
  | { readonly type: 'connected' }
  | { readonly type: 'progress'; readonly updates: number }
  | { readonly type: 'closed' }
  | Report;

export interface Usage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}
/** One message per update to each member of a room, or per tick and socket one with all its updates. */
export type BareKind = 'socket.io' | 'socket.io packed' | 'ws';
export type BareOrder = { readonly type: 'change'; readonly skus: readonly string[] } | { readonly type: 'usage' };
export type BareNews = { readonly type: 'listening'; readonly port: number } | ({ readonly type: 'usage' } & Usage);

export const viewOf = (sku: string, version: number, nowMs: number) => ({
  sku,
  available: 100 + (version % 900),
  status: 'in_stock' as const,
  version,
  asOf: new Date(nowMs).toISOString(),
});

/** Names of a length that makes one update a message of some 200 bytes. */
export const skuNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `push-bench-${'x'.repeat(28)}-${String(i).padStart(6, '0')}`);

/** Coprime to the numbers of SKUs used here, so that no socket watches a SKU twice. */
const STRIDE = 37;

/** What each socket watches: as many sockets for each SKU, and another set for each socket. */
export const watchedBy = (index: number, skus: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, i) => skus[(index + i * STRIDE) % skus.length]!);
