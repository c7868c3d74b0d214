import { CATALOG_SCHEMAS, type CatalogKind, type Channel, type Organisation } from '@shelfline/contracts/catalog';
import { entityCodeField } from '@shelfline/contracts/catalog-csv';
import { type FieldNote, notesOf } from '@shelfline/contracts/catalog-outcome';
import { fieldPath } from '@shelfline/contracts/field-path';
import { isStorableName, STORABLE_NAME_RULE } from '@shelfline/contracts/storable-name';
import { type Entity, OWN_FIELDS } from './catalog-entry.js';
import { isTimeZone } from './time-zone.js';

/** A record of the topic holds at most 1 MB, and readers keep every entity in memory. */
const MAX_ENTITY_BYTES = 64 * 1024;
const MAX_DEPTH = 8;

export type CheckedEntity =
  | { readonly ok: true; readonly entity: Entity }
  | { readonly ok: false; readonly errors: readonly FieldNote[] };

/** Reads what was sent as an entity of its kind, named by `code`. Every fault is named with its field. */
export function checkEntity(kind: CatalogKind, code: string, sent: Readonly<Record<string, unknown>>): CheckedEntity {
  const content = Object.fromEntries(Object.entries(sent).filter(([name]) => !OWN_FIELDS.includes(name)));
  const shape = checkShape(content);
  if (shape.length > 0) return { ok: false, errors: shape };
  const read = CATALOG_SCHEMAS[kind].safeParse(content);
  if (!read.success) return { ok: false, errors: notesOf(read.error, content) };
  const errors = [...checkCode(kind, code, read.data), ...checkRules(kind, read.data)];
  return errors.length > 0 ? { ok: false, errors } : { ok: true, entity: read.data };
}

function checkCode(kind: CatalogKind, code: string, entity: Entity): FieldNote[] {
  const field = entityCodeField(kind);
  if (entity[field] === code) return [];
  return [{ field, code: 'invalid', detail: `differs from the ${field} it was sent for; a code is never renamed` }];
}

function checkRules(kind: CatalogKind, entity: Entity): FieldNote[] {
  switch (kind) {
    case 'products':
      return [];
    case 'locations':
      return isTimeZone(entity['timeZone'])
        ? []
        : [{ field: 'timeZone', code: 'invalid', detail: 'not a time zone; write an IANA name such as Asia/Shanghai' }];
    case 'channels':
      return repeatedPools(entity as Channel);
    case 'organisations':
      return (entity as Organisation).parent === entity['code']
        ? [{ field: 'parent', code: 'invalid', detail: 'an organisation cannot be its own parent' }]
        : [];
    default:
      return kind satisfies never;
  }
}

function repeatedPools({ pools }: Channel): FieldNote[] {
  const seen = new Set<string>();
  return pools.flatMap(({ code }, i) => {
    if (!seen.has(code)) {
      seen.add(code);
      return [];
    }
    return [{ field: `pools[${i}].code`, code: 'invalid', detail: `a pool before it has this code` }];
  });
}

/** Bounds that no schema states: fields nobody knows are kept, so they must be storable and small. */
function checkShape(content: Entity): FieldNote[] {
  const reserved = findReservedName(content, '', 0);
  if (reserved) return [reserved];
  const bytes = new TextEncoder().encode(JSON.stringify(content)).length;
  if (bytes <= MAX_ENTITY_BYTES) return [];
  return [{ field: '', code: 'too_large', detail: `${bytes} bytes as JSON; at most ${MAX_ENTITY_BYTES} are kept` }];
}

function findReservedName(value: unknown, path: string, depth: number): FieldNote | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return { field: path, code: 'too_large', detail: `nested deeper than ${MAX_DEPTH} levels` };
  for (const [name, member] of Object.entries(value)) {
    const field = fieldPath(path, Array.isArray(value) ? Number(name) : name);
    if (!isStorableName(name)) return { field, code: 'reserved', detail: `no usable name: ${STORABLE_NAME_RULE}` };
    const found = findReservedName(member, field, depth + 1);
    if (found) return found;
  }
  return undefined;
}
