import { z } from 'zod';
import { Sku } from './identifiers.js';

/** Which products a rule is about; every one where it names neither. */
export const productChoice = {
  skus: z.array(Sku).max(5000).optional().describe('These products, or …'),
  categories: z
    .array(z.string().min(1).max(200))
    .max(500)
    .optional()
    .describe('… those of these categories; all unless told'),
};
