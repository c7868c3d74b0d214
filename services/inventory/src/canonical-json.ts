import { isStorableName } from '@shelfline/contracts/storable-name';

/** No contract nests deeper than three; the database ends at a hundred, the stack somewhat later. */
const MAX_DEPTH = 20;

/** JSON that the ledger cannot keep beside the fields it knows. */
export class UnstorableError extends Error {}

/** One text for one content, whatever its spacing and order of fields. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = value as Record<string, unknown>;
  let text = '{';
  for (const { name, label } of fieldsOf(fields)) {
    if (fields[name] === undefined) continue;
    text += `${label}${canonicalJson(fields[name])},`;
  }
  return `${text}}`;
}

/**
 * Refuses what a database or a reader of the topics would stumble over: a record that can be decided but never stored
 * would stop its partition for good.
 */
export function requireStorable(value: object, depth = 1): void {
  if (depth > MAX_DEPTH) throw new UnstorableError(`its fields are nested more than ${MAX_DEPTH} deep`);
  if (!Array.isArray(value)) fieldsOf(value as Record<string, unknown>);
  for (const inner of Array.isArray(value) ? value : Object.values(value))
    if (typeof inner === 'object' && inner !== null) requireStorable(inner as object, depth + 1);
}

interface Field {
  readonly name: string;
  readonly label: string;
}
/** A feed's messages mostly have the same fields in the same order; sorting them costs more than comparing. */
let lastNames: readonly string[] = [];
let lastFields: readonly Field[] = [];

/** In order of their names. */
function fieldsOf(object: Record<string, unknown>): readonly Field[] {
  const names = Object.keys(object);
  if (names.length === lastNames.length && names.every((name, i) => name === lastNames[i])) return lastFields;
  lastFields = [...names].sort().map((name) => {
    if (!isStorableName(name)) throw new UnstorableError(`no field may be called ${JSON.stringify(name.slice(0, 60))}`);
    return { name, label: `${JSON.stringify(name)}:` };
  });
  lastNames = names;
  return lastFields;
}
