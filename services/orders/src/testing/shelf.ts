import { Channel, Location } from '@shelfline/contracts/catalog';
import { levelKey } from '@shelfline/contracts/identifiers';
import type { Table, TableChange, TableListener } from '@shelfline/streaming/table';
import type { Buyer } from '../domain/business/buyer.js';
import { type HeldLevel, type ProductRow, PromisableStock } from '../promisable-stock.js';

/** A table to which changes come by hand. */
class HandTable<V> {
  private readonly values = new Map<string, V>();
  private readonly listeners: TableListener<V>[] = [];
  get(key: string): V | undefined {
    return this.values.get(key);
  }
  entries() {
    return this.values.entries();
  }
  onChange(listener: TableListener<V>): () => void {
    this.listeners.push(listener);
    return () => {};
  }
  set(key: string, value: V | undefined): void {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
    const change = { key, value, previous: undefined } as unknown as TableChange<V>;
    for (const listener of this.listeners) void listener([change]);
  }
}
const asTable = <V>(table: HandTable<V>): Table<V> => table as unknown as Table<V>;

/** Stock, catalog and channels as the tables have them. */
export class Shelf {
  readonly levels = new HandTable<HeldLevel>();
  readonly products = new HandTable<ProductRow>();
  readonly locations = new HandTable<Location>();
  readonly channels = new HandTable<Channel>();
  readonly organisations = new HandTable<Buyer>();
  readonly risen: string[] = [];
  readonly stock = new PromisableStock(
    {
      levels: asTable(this.levels),
      products: asTable(this.products),
      locations: asTable(this.locations),
      channels: asTable(this.channels),
      organisations: asTable(this.organisations),
    },
    { rose: (sku) => this.risen.push(sku) },
  );

  place(code: string, over: object = {}): this {
    const facts = {
      code,
      type: 'store',
      name: code,
      city: 'Lyon',
      region: 'south',
      latitude: 0,
      longitude: 0,
      ...over,
    };
    this.locations.set(code, Location.parse(facts));
    return this;
  }
  sells(channel: string, ...pools: object[]): this {
    const named = pools.map((pool, i) => ({ code: `pool-${i}`, ...pool }));
    this.channels.set(channel, Channel.parse({ code: channel, name: channel, pools: named }));
    return this;
  }
  has(sku: string, location: string, available: number, confidence = 1): this {
    this.levels.set(levelKey(sku, location), { available, onHand: available, confidence, version: 1 });
    return this;
  }
  units(sku: string, channel = 'web', region?: string): Record<string, number | undefined> {
    const found = this.stock.stockOf([sku], { channel, region });
    return Object.fromEntries(found.map(({ place, units }) => [place.location.code, units.get(sku)]));
  }
}
