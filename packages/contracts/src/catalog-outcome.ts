import { z } from 'zod';
import { CATALOG_KINDS } from './catalog.js';
import { faultsIn } from './issue-words.js';
import { Version } from './stock-level.js';

/** What is wrong with, or worth knowing about, one field. `field` is a dotted path, empty for the whole. */
export const FieldNote = z.looseObject({
  field: z.string(),
  code: z.string().describe('invalid, too_large, reserved, version_conflict, not_found, unknown_reference, …'),
  detail: z.string(),
});
export type FieldNote = z.infer<typeof FieldNote>;

/** Answer to a `CatalogChange`. Topic `catalog.outcomes`, key: `kind/code`. */
export const CatalogOutcome = z.looseObject({
  id: z.string(),
  source: z.string(),
  kind: z.enum(CATALOG_KINDS),
  code: z.string(),
  result: z.enum(['applied', 'unchanged', 'refused']),
  version: Version.describe('The version stored after the change; 0 when there is none'),
  errors: z.array(FieldNote).optional().describe('Why it was refused'),
  warnings: z.array(FieldNote).optional().describe('Taken as it is, but worth a look: references to what is unknown'),
});
export type CatalogOutcome = z.infer<typeof CatalogOutcome>;

/** A schema's findings about a value as notes. */
export const notesOf = (error: z.ZodError, value: unknown): FieldNote[] =>
  faultsIn(error.issues, value).map(({ path, words }) => ({ field: path, code: 'invalid', detail: words }));

export const catalogKey = (kind: string, code: string): string => `${kind}/${code}`;
