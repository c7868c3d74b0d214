import { Channel, Location, Product } from '@shelfline/contracts/catalog';
import { membershipsOf } from '@shelfline/contracts/channel-pools';
import { LONGEST_HOLD_MS } from '@shelfline/contracts/identifiers';
import { calendarDay } from '@shelfline/contracts/local-time';
import { DEFAULT_CHANNEL, DEFAULT_LOW_AT_UNITS } from '@shelfline/contracts/stock-level';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Table } from '@shelfline/streaming/table';
import type { ChannelFacts, LocationFacts, ProductFacts, Reference } from './domain/reference.js';

/** A product as decisions need it; the rest stays in the catalog. */
export interface ProductRow extends ProductFacts {
  readonly version: number;
}
type Versioned<T> = T & { readonly version?: number };

const json = (record: ReceivedRecord): unknown => {
  try {
    return JSON.parse(record.value!.toString());
  } catch {
    return undefined;
  }
};

/** What does not read as the contract says is kept out: one bad record must not stop the ledger. */
export function decodeProduct(record: ReceivedRecord): ProductRow | undefined {
  const { success, data } = Product.safeParse(json(record));
  if (!success) return undefined;
  const { brand = null, safetyStock = null, active, version } = data as Versioned<Product>;
  return { brand, safetyStock, active, version: version ?? 0 };
}
export const decodeLocation = (record: ReceivedRecord): Versioned<Location> | undefined =>
  Location.safeParse(json(record)).data as Versioned<Location> | undefined;
export const decodeChannel = (record: ReceivedRecord): Versioned<Channel> | undefined =>
  Channel.safeParse(json(record)).data as Versioned<Channel> | undefined;

export interface ReferenceTables {
  readonly products: Table<ProductRow>;
  readonly locations: Table<Versioned<Location>>;
  readonly channels: Table<Versioned<Channel>>;
}

/** The catalog's tables as the one immutable view that decisions read; made anew when places or channels change. */
export class ReferenceData {
  private compiled: Places | undefined;
  private placesHash = 0;
  private readonly productListeners = new Set<(skus: readonly string[]) => void>();

  constructor(
    private readonly tables: ReferenceTables,
    private readonly factoryStaleAfterMs: number,
    private readonly longestHoldMs: number = LONGEST_HOLD_MS,
  ) {
    tables.products.onChange((changes) => {
      for (const listener of this.productListeners) listener(changes.map(({ key }) => key));
    });
    const onPlaces = (
      changes: readonly { key: string; value?: { version?: number }; previous?: { version?: number } }[],
    ) => {
      for (const { key, value, previous } of changes) {
        if (previous) this.placesHash ^= mix(key, previous.version ?? 0);
        if (value) this.placesHash ^= mix(key, value.version ?? 0);
      }
      this.compiled = undefined;
    };
    tables.locations.onChange(onPlaces);
    tables.channels.onChange(onPlaces);
  }

  onProductsChanged(listener: (skus: readonly string[]) => void): void {
    this.productListeners.add(listener);
  }

  current(): Reference {
    this.compiled ??= compile(
      [...this.tables.locations.entries()],
      [...this.tables.channels.entries()],
      this.factoryStaleAfterMs,
    );
    return viewOf(this.tables.products, this.compiled, String(this.placesHash), this.longestHoldMs);
  }
}

interface Places {
  readonly locations: ReadonlyMap<string, LocationFacts>;
  readonly channels: ReadonlyMap<string, ChannelFacts>;
  readonly timeZones: readonly string[];
}

const viewOf = (
  products: { get(sku: string): ProductFacts | undefined },
  { locations, channels, timeZones }: Places,
  fingerprint: string,
  longestHoldMs: number,
): Reference => ({
  findProduct: (sku) => products.get(sku),
  findLocation: (code) => locations.get(code),
  findChannel: (code) => channels.get(code),
  fingerprint,
  daysAt: (ms) => ['UTC', ...timeZones].map((timeZone) => calendarDay(ms, timeZone)).join(),
  longestHoldMs,
});

/** The view of one state of the catalog. */
export const referenceOf = (
  products: ReadonlyMap<string, ProductFacts>,
  locations: readonly [string, Location][],
  channels: readonly [string, Channel][],
  factoryStaleAfterMs: number,
): Reference => viewOf(products, compile(locations, channels, factoryStaleAfterMs), '', LONGEST_HOLD_MS);

/** FNV-1a over key and version; xor-ed over all entries, so the order of arrival does not matter. */
function mix(key: string, version: number): number {
  let hash = 0x811c9dc5;
  const text = `${key}@${version}`;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

function compile(
  locations: readonly [string, Location][],
  channels: readonly [string, Channel][],
  factoryStaleAfterMs: number,
): Places {
  const facts = new Map<string, ChannelFacts>();
  for (const [code, { active, lowAtUnits }] of channels)
    facts.set(code, { code, active: active ?? true, lowAtUnits: lowAtUnits ?? DEFAULT_LOW_AT_UNITS });
  if (!facts.has(DEFAULT_CHANNEL))
    facts.set(DEFAULT_CHANNEL, { code: DEFAULT_CHANNEL, active: true, lowAtUnits: DEFAULT_LOW_AT_UNITS });
  const places = new Map<string, LocationFacts>();
  for (const [code, location] of locations)
    places.set(code, {
      code,
      type: location.type,
      active: location.active ?? true,
      timeZone: location.timeZone ?? 'UTC',
      safetyStock: location.safetyStock ?? null,
      staleAfterMs: staleAfterMs(location, factoryStaleAfterMs),
      serves: membershipsOf(code, location, channels),
    });
  return {
    locations: places,
    channels: facts,
    timeZones: [...new Set([...places.values()].map(({ timeZone }) => timeZone))],
  };
}

function staleAfterMs({ staleAfterMinutes, type }: Location, factoryMs: number): number | null {
  if (staleAfterMinutes !== undefined) return staleAfterMinutes * 60_000;
  return type === 'factory_dc' ? factoryMs : null;
}
