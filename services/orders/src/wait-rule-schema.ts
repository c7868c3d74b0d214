import { FulfilmentMethod } from '@shelfline/contracts/order';
import { z } from 'zod';
import type { WaitRule as Rule } from './domain/wait-rule.js';

export const WaitRules: z.ZodType<readonly Rule[]> = z
  .array(
    z.strictObject({
      methods: z.array(FulfilmentMethod).min(1).optional(),
      channels: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
      days: z.number().min(0.01).max(3650),
    }),
  )
  .max(100);
