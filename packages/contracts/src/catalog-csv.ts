import { CATALOG_SCHEMAS, type CatalogKind } from './catalog.js';
import { type FieldNote, notesOf } from './catalog-outcome.js';
import { type CellType, cellFor, type Reading, readCell } from './csv-cells.js';

/**
 * CSV row ↔ catalog entity, used by the catalog's own import and export and by the connect service. A row is a whole
 * entity: importing it replaces what was stored, as PUT does. An empty cell means absent. Fields a newer writer added
 * beside the columns below do not travel by CSV.
 */

interface Columns {
  readonly key: string;
  readonly required: readonly string[];
  /** In the order of an export. */
  readonly cells: Readonly<Record<string, CellType>>;
  /** Columns named `attributes.NAME` make up the map `attributes`. */
  readonly attributes: boolean;
}

export const ATTRIBUTE_PREFIX = 'attributes.';
const CSV: Readonly<Record<CatalogKind, Columns>> = {
  products: {
    key: 'sku',
    required: ['sku', 'name'],
    cells: {
      sku: 'text',
      name: 'text',
      nameZh: 'text',
      brand: 'text',
      gtin: 'text',
      unit: 'text',
      category: 'text',
      safetyStock: 'number',
      active: 'flag',
    },
    attributes: true,
  },
  locations: {
    key: 'code',
    required: ['code', 'type', 'name', 'city', 'region', 'latitude', 'longitude'],
    cells: {
      code: 'text',
      type: 'text',
      name: 'text',
      city: 'text',
      region: 'text',
      latitude: 'number',
      longitude: 'number',
      nameZh: 'text',
      gln: 'text',
      organisation: 'text',
      timeZone: 'text',
      capacityPerDay: 'number',
      safetyStock: 'number',
      staleAfterMinutes: 'number',
      openingHours: 'hours',
      active: 'flag',
    },
    attributes: false,
  },
  channels: {
    key: 'code',
    required: ['code', 'name', 'pools'],
    cells: { code: 'text', name: 'text', nameZh: 'text', lowAtUnits: 'number', active: 'flag', pools: 'json' },
    attributes: false,
  },
  organisations: {
    key: 'code',
    required: ['code', 'name', 'kind'],
    cells: { code: 'text', name: 'text', kind: 'text', nameZh: 'text', parent: 'text', active: 'flag' },
    attributes: false,
  },
};

export interface HeaderCheck {
  readonly missing: readonly string[];
  readonly repeated: readonly string[];
  /** Columns that mean nothing here: left out, named to the sender. */
  readonly ignored: readonly string[];
}

/** A file can be read when `missing` and `repeated` are empty. */
export function checkCatalogHeader(kind: CatalogKind, header: readonly string[]): HeaderCheck {
  const { required, cells, attributes } = CSV[kind];
  const known = (name: string) =>
    Object.hasOwn(cells, name) ||
    (attributes && name.startsWith(ATTRIBUTE_PREFIX) && name.length > ATTRIBUTE_PREFIX.length);
  return {
    missing: required.filter((name) => !header.includes(name)),
    repeated: [...new Set(header.filter((name, i) => known(name) && header.indexOf(name) !== i))],
    ignored: header.filter((name) => !known(name)),
  };
}

export type EntityFromRow =
  | { readonly ok: true; readonly code: string; readonly entity: Record<string, unknown> }
  | { readonly ok: false; readonly errors: readonly FieldNote[] };

/** Reads a row keyed by column name. Every wrong cell is named, not only the first. */
export function entityFromRow(kind: CatalogKind, row: Readonly<Record<string, string | undefined>>): EntityFromRow {
  const { key, cells } = CSV[kind];
  const errors: FieldNote[] = [];
  const fields: [string, unknown][] = [];
  for (const [name, cell] of Object.entries(cells)) {
    const text = Object.hasOwn(row, name) ? row[name] : undefined;
    if (text === undefined || text === '') continue;
    const reading: Reading = readCell(cell, text);
    if (reading.ok) fields.push([name, reading.value]);
    else errors.push({ field: name, code: 'invalid', detail: reading.detail });
  }
  const attributes = CSV[kind].attributes ? readAttributes(row) : [];
  if (attributes.length > 0) fields.push(['attributes', Object.fromEntries(attributes)]);
  const read = Object.fromEntries(fields);
  const checked = CATALOG_SCHEMAS[kind].safeParse(read);
  const told = new Set(errors.map(({ field }) => field));
  if (!checked.success) errors.push(...notesOf(checked.error, read).filter(({ field }) => !told.has(field)));
  if (errors.length > 0) return { ok: false, errors };
  const entity = checked.data as Record<string, unknown>;
  return { ok: true, code: String(entity[key]), entity };
}

/** Columns of an export: the fixed ones, then the attributes in use. */
export const exportColumns = (kind: CatalogKind, attributeNames: Iterable<string>): string[] => [
  ...Object.keys(CSV[kind].cells),
  ...(CSV[kind].attributes ? [...attributeNames].sort().map((name) => `${ATTRIBUTE_PREFIX}${name}`) : []),
];

/** The cells of an entity in the order of `columns`, safe to open in a spreadsheet. */
export function rowFromEntity(
  kind: CatalogKind,
  entity: Readonly<Record<string, unknown>>,
  columns: readonly string[],
): string[] {
  const { cells } = CSV[kind];
  const attributes = (entity['attributes'] ?? {}) as Record<string, string>;
  return columns.map((column) => {
    const cell = cells[column];
    if (cell !== undefined) return cellFor(cell, entity[column]);
    const name = column.slice(ATTRIBUTE_PREFIX.length);
    return cellFor('text', Object.hasOwn(attributes, name) ? attributes[name] : undefined);
  });
}

export const entityCodeField = (kind: CatalogKind): string => CSV[kind].key;

/** `__proto__` as a column would set an object's prototype where somebody copies fields carelessly. */
function readAttributes(row: Readonly<Record<string, string | undefined>>): [string, unknown][] {
  return Object.entries(row).flatMap(([column, text]): [string, unknown][] => {
    const name = column.slice(ATTRIBUTE_PREFIX.length);
    if (!column.startsWith(ATTRIBUTE_PREFIX) || name === '' || name === '__proto__' || !text) return [];
    const reading = readCell('text', text);
    return reading.ok ? [[name, reading.value]] : [];
  });
}
