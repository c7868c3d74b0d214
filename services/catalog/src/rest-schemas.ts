import { FieldNote } from '@shelfline/contracts/catalog-outcome';
import { Version } from '@shelfline/contracts/stock-level';
import { z } from 'zod';

/** Answers as OpenAPI describes them. */
export const viewSchemaOf = (entity: z.ZodObject) => entity.extend({ version: Version, updatedAt: z.iso.datetime() });
export const pageOf = (entity: z.ZodObject) =>
  z.object({ items: z.array(viewSchemaOf(entity)), next: z.string().nullable().describe('`cursor` of the next page') });

export const WriteAnswerBody = z.object({
  result: z.enum(['applied', 'unchanged', 'pending']),
  code: z.string(),
  version: Version.optional(),
  warnings: z.array(FieldNote).optional(),
  outcome: z.string().optional().describe('Where the outcome of a pending change can be read'),
});
export const BulkAnswerBody = z.object({
  accepted: z.int(),
  unchanged: z.int(),
  pending: z.int(),
  rejected: z.array(
    z.object({
      index: z.int(),
      code: z.string().nullable().describe('Code of the item, where it has one'),
      type: z.string(),
      title: z.string(),
      detail: z.string(),
    }),
  ),
});
export const ImportReportBody = z.object({
  rows: z.int(),
  applied: z.int(),
  unchanged: z.int(),
  pending: z.int(),
  rejected: z.int(),
  rejectedRows: z.array(z.object({ line: z.int(), reason: z.string() })),
  ignoredColumns: z.array(z.string()),
});
