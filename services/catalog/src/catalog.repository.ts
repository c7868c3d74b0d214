import { CATALOG_KINDS, type CatalogKind, type Product } from '@shelfline/contracts/catalog';
import { catalogKey } from '@shelfline/contracts/catalog-outcome';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import { type Connection, type Model, type mongo, type QueryFilter, Schema } from 'mongoose';
import type { CatalogEntry, Entity } from './domain/catalog-entry.js';
import { type SearchQuery, searchTokens } from './domain/search-tokens.js';

interface EntryDocument {
  _id: string;
  version: number;
  updatedAt: Date;
  /** Null once removed: the version stays, so that a former owner's late write can be told from a newer one. */
  entity: Entity | null;
  searchTokens?: string[];
}

/** What a transaction writes; a code the catalog never held is inserted, which is several times cheaper. */
export interface CatalogWrites {
  readonly inserted: readonly CatalogEntry[];
  readonly replaced: readonly CatalogEntry[];
}

export interface ListQuery {
  /** Exact values of fields of the entity. */
  readonly equal: Readonly<Record<string, string>>;
  readonly search?: SearchQuery;
  /** Of what else was asked. */
  readonly without?: string;
  /** Code of the last item seen. */
  readonly after?: string;
  readonly limit: number;
}

const FILTERS: Readonly<Record<CatalogKind, readonly string[]>> = {
  products: ['brand', 'category', 'gtin'],
  locations: ['type', 'region', 'city', 'organisation'],
  channels: [],
  organisations: ['kind', 'parent'],
};
/** Look-ups by code go out in pieces of this many. */
const CODES_PER_QUERY = 1000;
/** A GTIN may stand on several products: so many are looked at for the one that is meant. */
const MOST_NAMED = 20;

/** The only file that knows mongoose: one collection per kind, `_id` = code. */
export class CatalogRepository {
  private readonly models: Readonly<Record<CatalogKind, Model<EntryDocument>>>;

  constructor(connection: Connection) {
    this.models = Object.fromEntries(
      CATALOG_KINDS.map((kind) => [kind, connection.model<EntryDocument>(kind, schemaOf(kind), kind)]),
    ) as Record<CatalogKind, Model<EntryDocument>>;
  }

  /** Collections and indexes; a transaction must not have to create them. */
  async prepare(): Promise<void> {
    for (const kind of CATALOG_KINDS) {
      await this.models[kind].createCollection();
      await this.models[kind].createIndexes();
    }
  }

  /** By `kind/code`; removed ones included, since their versions count. */
  async findEntries(keys: ReadonlyMap<CatalogKind, readonly string[]>): Promise<Map<string, CatalogEntry>> {
    const found = new Map<string, CatalogEntry>();
    for (const [kind, codes] of keys)
      for (let i = 0; i < codes.length; i += CODES_PER_QUERY) {
        const piece = codes.slice(i, i + CODES_PER_QUERY);
        const documents = this.collection(kind).find({ _id: { $in: piece } }, { projection: { searchTokens: 0 } });
        for await (const document of documents) found.set(catalogKey(kind, document._id), toEntry(kind, document));
      }
    return found;
  }

  async findExisting(keys: ReadonlyMap<CatalogKind, readonly string[]>): Promise<Set<string>> {
    const found = new Set<string>();
    for (const [kind, codes] of keys)
      for (let i = 0; i < codes.length; i += CODES_PER_QUERY) {
        const filter = { _id: { $in: codes.slice(i, i + CODES_PER_QUERY) }, entity: { $ne: null } };
        const documents = this.collection(kind).find(filter, { projection: { _id: 1 } });
        for await (const { _id } of documents) found.add(catalogKey(kind, _id));
      }
    return found;
  }

  async findEntry(kind: CatalogKind, code: string): Promise<CatalogEntry | undefined> {
    const document = await this.collection(kind).findOne({ _id: code });
    return document?.entity ? toEntry(kind, document) : undefined;
  }

  /** Ordered by code. */
  async list(kind: CatalogKind, { equal, search, without, after, limit }: ListQuery): Promise<CatalogEntry[]> {
    const filter: QueryFilter<EntryDocument> = { entity: { $ne: null } };
    if (after !== undefined || without !== undefined)
      filter['_id'] = {
        ...(after === undefined ? {} : { $gt: after }),
        ...(without === undefined ? {} : { $ne: without }),
      };
    for (const [field, value] of Object.entries(equal)) filter[`entity.${field}`] = { $eq: value };
    if (search) filter['$and'] = search.map(groupFilter);
    const documents = await this.collection(kind)
      .find(filter as object, { projection: { searchTokens: 0 } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return documents.map((document) => toEntry(kind, document));
  }

  /** The product that somebody means who types its SKU (in whichever case) or its GTIN; looked up by indexes. */
  async findNamed(typed: string, equal: ListQuery['equal']): Promise<CatalogEntry | undefined> {
    const filter: QueryFilter<EntryDocument> = {
      entity: { $ne: null },
      $or: [{ _id: { $in: [typed, typed.toUpperCase(), typed.toLowerCase()] } }, { 'entity.gtin': { $eq: typed } }],
    };
    for (const [field, value] of Object.entries(equal)) filter[`entity.${field}`] = { $eq: value };
    const found = await this.collection('products')
      .find(filter as object, { projection: { searchTokens: 0 } })
      .sort({ _id: 1 })
      .limit(MOST_NAMED)
      .toArray();
    const isSku = ({ _id }: EntryDocument) => _id.toLowerCase() === typed.toLowerCase();
    const meant = found.find(({ _id }) => _id === typed) ?? found.find(isSku) ?? found[0];
    return meant && toEntry('products', meant);
  }

  count(kind: CatalogKind): Promise<number> {
    return this.collection(kind).countDocuments({ entity: { $ne: null } });
  }

  /** Every entity of a kind, by code, without holding them all. */
  async *all(kind: CatalogKind): AsyncGenerator<CatalogEntry> {
    const documents = this.collection(kind)
      .find({ entity: { $ne: null } }, { projection: { searchTokens: 0 } })
      .sort({ _id: 1 });
    for await (const document of documents) yield toEntry(kind, document);
  }

  async attributeNames(): Promise<Set<string>> {
    const names = new Set<string>();
    const documents = this.collection('products').find({ 'entity.attributes': { $exists: true } } as object, {
      projection: { 'entity.attributes': 1 },
    });
    for await (const { entity } of documents)
      for (const name of Object.keys((entity as Product | null)?.attributes ?? {})) names.add(name);
    return names;
  }

  write({ inserted, replaced }: CatalogWrites, transaction: TransactionWrites): void {
    for (const kind of CATALOG_KINDS) {
      const ofKind = (entries: CatalogWrites['inserted']) =>
        entries.filter((entry) => entry.kind === kind).map(toDocument);
      transaction.insert(this.collection(kind), ofKind(inserted));
      transaction.replace(this.collection(kind), ofKind(replaced));
    }
  }

  private collection(kind: CatalogKind) {
    return this.models[kind].collection as unknown as Collection;
  }
}

type Collection = mongo.Collection<EntryDocument>;

function schemaOf(kind: CatalogKind): Schema<EntryDocument> {
  const schema = new Schema<EntryDocument>(
    {
      _id: { type: String, required: true },
      version: { type: Number, required: true },
      updatedAt: { type: Date, required: true },
      entity: { type: Schema.Types.Mixed },
      ...(kind === 'products' ? { searchTokens: { type: [String] } } : {}),
    },
    { autoIndex: false, autoCreate: false, versionKey: false },
  );
  for (const field of FILTERS[kind]) schema.index({ [`entity.${field}`]: 1, _id: 1 });
  if (kind === 'products') schema.index({ searchTokens: 1 });
  return schema;
}

function toDocument({ kind, code, version, updatedAtMs, entity }: CatalogEntry): EntryDocument {
  const document = { _id: code, version, updatedAt: new Date(updatedAtMs), entity };
  return kind === 'products' && entity ? { ...document, searchTokens: searchTokens(entity as Product) } : document;
}

const toEntry = (kind: CatalogKind, { _id, version, updatedAt, entity }: EntryDocument): CatalogEntry => ({
  kind,
  code: _id,
  version,
  updatedAtMs: updatedAt.getTime(),
  entity,
});

/** After every text that begins alike: strings are compared by their UTF-8 bytes. */
const LAST_CHARACTER = '\u{10ffff}';

/** Met by any alternative, each by all its terms. Beginnings are ranges: what was typed never becomes a pattern. */
const groupFilter = (alternatives: SearchQuery[number]): QueryFilter<EntryDocument> => ({
  $or: alternatives.map((terms) => ({
    $and: terms.map(({ text, whole }) => ({
      searchTokens: whole ? { $eq: text } : { $elemMatch: { $gte: text, $lt: text + LAST_CHARACTER } },
    })),
  })),
});
