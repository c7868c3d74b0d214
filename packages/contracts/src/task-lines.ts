import { z } from 'zod';
import { LineId } from './order-id.js';

const hasOneOfEach = (lines: readonly { lineId: string }[]) =>
  new Set(lines.map(({ lineId }) => lineId)).size === lines.length;

/** Of a task, what its store cannot do. Whatever is not named stays with the store. */
export const RejectedLines = z
  .array(
    z.looseObject({
      lineId: LineId,
      quantity: z.int().min(1).max(10_000).optional().describe('All that the task has of the line unless told'),
    }),
  )
  .min(1)
  .max(50)
  .refine(hasOneOfEach, { error: 'must name each line once' });
export type RejectedLines = z.infer<typeof RejectedLines>;
