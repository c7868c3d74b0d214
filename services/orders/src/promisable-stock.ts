import { Channel, Location, Organisation, Product } from '@shelfline/contracts/catalog';
import { membershipsOf, namesPlace, type PoolMembership } from '@shelfline/contracts/channel-pools';
import { parseLevelKey } from '@shelfline/contracts/identifiers';
import { ALL_REGIONS, DEFAULT_CHANNEL, StockLevel } from '@shelfline/contracts/stock-level';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { Table } from '@shelfline/streaming/table';
import type { Buyer } from './domain/business/buyer.js';
import type { ArrivingUnits } from './domain/presale/arriving.js';
import type { RisenStock } from './risen-stock.js';

/** Of a level, what a plan needs. */
export interface HeldLevel {
  readonly available: number;
  readonly onHand: number;
  /** Absent where nobody has counted it. */
  readonly countedAtMs?: number;
  readonly confidence: number;
  readonly version: number;
  /** When the oldest lot that is there came; absent where no lot was ever named. */
  readonly oldestAtMs?: number;
  /** Expected there and not promised yet; absent = nothing. */
  readonly arriving?: number;
  /** The same units by their day, the earliest first; absent where no day was told. */
  readonly arrivals?: readonly ArrivingUnits[];
}
export interface ProductRow {
  readonly active: boolean;
  readonly brand: string | null;
  readonly category?: string;
  readonly name?: string;
  readonly nameZh?: string;
}
export interface Place {
  readonly location: Location;
  readonly serves: readonly PoolMembership[];
  /** Channels that have it for the regions they name, and for no other. */
  readonly regionalIn: ReadonlySet<string>;
}
export interface PlannedStock {
  readonly place: Place;
  /** Units per SKU that this channel may promise there. */
  readonly units: ReadonlyMap<string, number>;
  readonly confidence: number;
  /** Per SKU when the oldest lot there came, of those that have lots. */
  readonly oldestAtMs?: ReadonlyMap<string, number>;
}

const json = (record: ReceivedRecord): unknown => {
  try {
    return JSON.parse(record.value!.toString());
  } catch {
    return undefined;
  }
};
export function decodeLevel(record: ReceivedRecord): HeldLevel | undefined {
  const { data } = StockLevel.safeParse(json(record));
  // What the catalog does not know is neither promised nor shown.
  if (!data) return undefined;
  const { available, onHand, countedAt, confidence, version, lots, unreferenced } = data;
  const arriving = unreferenced ? 0 : promisableIncoming(data);
  const arrivals = (lots ?? []).flatMap(({ onHand, receivedAt }) => (onHand > 0 ? [Date.parse(receivedAt)] : []));
  return {
    available: unreferenced ? 0 : available,
    onHand,
    ...(countedAt === null ? {} : { countedAtMs: Date.parse(countedAt) }),
    confidence,
    version,
    ...(arrivals.length > 0 ? { oldestAtMs: Math.min(...arrivals) } : {}),
    ...(arriving > 0 ? { arriving, ...arrivalsOf(data) } : {}),
  };
}
/** As the ledger counts: what is short there already takes of the next delivery before anybody else. */
function promisableIncoming({ incoming, promisedIncoming = 0, reserved, onHand, damaged, qualityControl }: StockLevel) {
  return incoming - promisedIncoming - Math.max(0, reserved - (onHand - damaged - qualityControl));
}
function arrivalsOf({ arrivals }: StockLevel): Pick<HeldLevel, 'arrivals'> {
  if (!arrivals) return {};
  return {
    arrivals: arrivals.map(({ units, expectedAt }) => ({
      units,
      ...(expectedAt === undefined ? {} : { atMs: Date.parse(expectedAt) }),
    })),
  };
}
export function decodeProductRow(record: ReceivedRecord): ProductRow | undefined {
  const { data } = Product.safeParse(json(record));
  const category = data?.category === undefined ? {} : { category: data.category };
  return data && { active: data.active, brand: data.brand ?? null, ...category, ...namesOf(data) };
}
const namesOf = ({ name, nameZh }: Product) => (nameZh === undefined ? { name } : { name, nameZh });
export const decodePlace = (record: ReceivedRecord): Location | undefined => Location.safeParse(json(record)).data;
export function decodeBuyer(record: ReceivedRecord): Buyer | undefined {
  const { data } = Organisation.safeParse(json(record));
  return data && { active: data.active, ...(data.buying ? { terms: data.buying } : {}) };
}
export const decodeSalesChannel = (record: ReceivedRecord): Channel | undefined => Channel.safeParse(json(record)).data;

export interface ArrivingThere extends Pick<HeldLevel, 'arrivals'> {
  readonly place: Place;
  readonly units: number;
}

interface StockScope {
  readonly channel: string;
  /** Where it goes. */
  readonly region: string | undefined;
  /** The one place that is asked, where an order may come from no other. */
  readonly onlyAt?: string | undefined;
  /** Units that whoever asks holds himself: there for him, though for nobody else. */
  readonly own?: { unitsAt(sku: string, location: string): number };
}

export interface StockTables {
  readonly levels: Table<HeldLevel>;
  readonly products: Table<ProductRow>;
  readonly locations: Table<Location>;
  readonly channels: Table<Channel>;
  readonly organisations: Table<Buyer>;
}

/**
 * What could be promised where, as far as the tables have heard. They lag some milliseconds behind the ledger, so a plan
 * made of them is a proposal: the ledger alone promises.
 */
export class PromisableStock {
  private compiled: ReadonlyMap<string, Place> | undefined;
  private readonly bySku = new Map<string, Map<string, HeldLevel>>();

  constructor(
    private readonly tables: StockTables,
    private readonly risen: Pick<RisenStock, 'rose'>,
  ) {
    const forget = () => {
      this.compiled = undefined;
    };
    tables.locations.onChange(forget);
    tables.channels.onChange(forget);
    tables.levels.onChange((changes) => {
      for (const { key, value, previous } of changes) {
        this.keep(key, value);
        if (value && hasRisen(value, previous)) this.risen.rose(parseLevelKey(key).sku);
      }
    });
  }

  findChannel(code: string): { readonly active: boolean; readonly trusted?: boolean | undefined } | undefined {
    return this.tables.channels.get(code) ?? (code === DEFAULT_CHANNEL ? { active: true } : undefined);
  }
  /** What the channel itself states of its methods. */
  findDelivery(code: string): Channel['delivery'] {
    return this.tables.channels.get(code)?.delivery;
  }
  findBuyer(code: string): Buyer | undefined {
    return this.tables.organisations.get(code);
  }
  /** What the channel sells before it is there. */
  findPresale(code: string): Channel['presale'] {
    return this.tables.channels.get(code)?.presale;
  }
  findPlace(code: string): Place | undefined {
    this.compiled ??= this.compile();
    return this.compiled.get(code);
  }
  places(): Iterable<Place> {
    this.compiled ??= this.compile();
    return this.compiled.values();
  }
  /** As people know it; its code where the catalog does not know the place. */
  nameOf(code: string, language: 'en' | 'zh'): string {
    const location = this.tables.locations.get(code);
    return (language === 'zh' ? location?.nameZh : undefined) ?? location?.name ?? code;
  }
  /** Undefined where the catalog does not know it any more. */
  findProductNames(sku: string): { readonly name: string; readonly nameZh?: string } | undefined {
    const { name, nameZh } = this.tables.products.get(sku) ?? {};
    return name === undefined ? undefined : { name, ...(nameZh === undefined ? {} : { nameZh }) };
  }
  categoryOf(sku: string): string | undefined {
    return this.tables.products.get(sku)?.category;
  }
  brandOf(sku: string): string | null {
    return this.tables.products.get(sku)?.brand ?? null;
  }
  sells(sku: string): boolean {
    return this.tables.products.get(sku)?.active ?? false;
  }

  findLevel(sku: string, location: string): HeldLevel | undefined {
    return this.bySku.get(sku)?.get(location);
  }

  /** Places that have some of these SKUs for this channel. */
  stockOf(skus: readonly string[], scope: StockScope): PlannedStock[] {
    const found = new Map<string, FoundStock>();
    for (const sku of skus) {
      const brand = this.tables.products.get(sku)?.brand ?? null;
      for (const [code, level] of this.levelsOf(sku, scope.onlyAt)) {
        const place = this.findPlace(code);
        if (!place?.location.active) continue;
        const available = level.available + (scope.own?.unitsAt(sku, code) ?? 0);
        const units = promisable(place, { ...level, available }, brand, scope);
        if (units <= 0) continue;
        let stock = found.get(code);
        if (!stock) found.set(code, (stock = { place, units: new Map(), confidence: 1, oldestAtMs: undefined }));
        stock.units.set(sku, units);
        if (level.oldestAtMs !== undefined) (stock.oldestAtMs ??= new Map<string, number>()).set(sku, level.oldestAtMs);
        stock.confidence = Math.min(stock.confidence, level.confidence);
      }
    }
    return [...found.values()];
  }

  /** Places that serve this channel and expect some of a product, with the units that are not promised yet. */
  arrivingOf(sku: string, scope: StockScope): ArrivingThere[] {
    const brand = this.tables.products.get(sku)?.brand ?? null;
    const found: ArrivingThere[] = [];
    for (const [code, { arriving = 0, arrivals }] of this.levelsOf(sku, scope.onlyAt)) {
      if (arriving === 0) continue;
      const place = this.findPlace(code);
      if (place?.location.active && servingPool(place, brand, scope))
        found.push({ place, units: arriving, ...(arrivals ? { arrivals } : {}) });
    }
    return found;
  }

  private levelsOf(sku: string, onlyAt: string | undefined): Iterable<readonly [string, HeldLevel]> {
    const own = this.bySku.get(sku);
    if (!own || onlyAt === undefined) return own ?? [];
    const level = own.get(onlyAt);
    return level ? [[onlyAt, level]] : [];
  }

  private keep(key: string, level: HeldLevel | undefined): void {
    const { sku, location } = parseLevelKey(key);
    const own = this.bySku.get(sku);
    if (level && own) own.set(location, level);
    else if (level) this.bySku.set(sku, new Map([[location, level]]));
    else own?.delete(location);
  }

  private compile(): ReadonlyMap<string, Place> {
    const channels = [...this.tables.channels.entries()];
    return new Map(
      [...this.tables.locations.entries()].map(([code, location]) => [
        code,
        { location, serves: membershipsOf(code, location, channels), regionalIn: regionalIn(location, channels) },
      ]),
    );
  }
}

const hasRisen = (now: HeldLevel, before: HeldLevel | undefined): boolean =>
  now.available > (before?.available ?? 0) || (now.arriving ?? 0) > (before?.arriving ?? 0);

interface FoundStock {
  readonly place: Place;
  readonly units: Map<string, number>;
  confidence: number;
  oldestAtMs: Map<string, number> | undefined;
}

/** As the ledger shows availability: what is kept back, and less where figures are not sure. */
function promisable(place: Place, level: HeldLevel, brand: string | null, scope: StockScope): number {
  const pool = servingPool(place, brand, scope);
  return pool ? Math.floor(Math.max(0, level.available - pool.bufferUnits) * level.confidence) : 0;
}

function servingPool(place: Place, brand: string | null, { channel, region }: StockScope): PoolMembership | undefined {
  const isRegional = region !== undefined && place.regionalIn.has(channel);
  return (
    membership(place, channel, region ?? ALL_REGIONS, brand) ??
    (isRegional ? undefined : membership(place, channel, ALL_REGIONS, brand))
  );
}

const regionalIn = (location: Location, channels: readonly (readonly [string, Channel])[]): ReadonlySet<string> =>
  new Set(
    channels.flatMap(([code, { pools }]) => {
      const own = pools.filter((pool) => namesPlace(pool, location));
      return own.length > 0 && own.every(({ regions }) => regions) ? [code] : [];
    }),
  );

const membership = ({ serves }: Place, channel: string, region: string, brand: string | null) =>
  serves.find(
    (pool) =>
      pool.channel === channel &&
      pool.region === region &&
      (pool.brands === null || (brand !== null && pool.brands.has(brand))),
  );
