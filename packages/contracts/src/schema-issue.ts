import type { z } from 'zod';

/** One finding of a schema about a value, for those who put it into words. */
export type SchemaIssue = z.core.$ZodIssue;
