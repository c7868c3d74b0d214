/** What the rig says to a process of sockets, and what it is answered: always the same report. */
export interface ConnectOrder {
  readonly type: 'connect';
  readonly port: number;
  readonly token: string;
  readonly seed: number;
  /** Number of the first socket: it decides what each watches. */
  readonly first: number;
  readonly sockets: number;
  readonly skus: readonly string[];
  readonly skusPerSocket: number;
  /** A socket whose connection was lost begins the next one at some moment within this. */
  readonly backWithinMs: number;
  /** Watched by each socket on top. */
  readonly alsoWatched: readonly string[];
}
export type LoaderOrder =
  | ConnectOrder
  | { readonly type: 'report' }
  /** Delays are counted from here on. */
  | { readonly type: 'measure' }
  /** The first so many stop or go on reading; without a number all of them. */
  | { readonly type: 'pause' | 'resume'; readonly sockets?: number }
  /** Every connection is lost at once. */
  | { readonly type: 'cut' }
  | { readonly type: 'compare'; readonly newest: readonly (readonly [sku: string, state: ShownStock])[] };

/** What a screen shows of a SKU. */
export interface ShownStock {
  readonly version: number;
  readonly available: number;
  readonly status: string;
}

export interface LoaderReport {
  readonly subscribed: number;
  /** Connections begun after the first of each socket. */
  readonly reconnects: number;
  /** Sockets that were told why before their connection ended. */
  readonly toldEvicted: number;
  /** When the last of them had its snapshot. */
  readonly lastBackMs: number;
  /** Updates by their delay in ms, from the produce call of the change to the callback. */
  readonly delays: readonly (readonly [ms: number, updates: number])[];
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
}
