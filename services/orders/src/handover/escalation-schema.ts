import { z } from 'zod';
import type { EscalationRule as Rule } from '../domain/store/escalation-rule.js';

const MAX_MINUTES = 10_080;
const step = <L extends string>(...levels: readonly [L, ...L[]]) =>
  z.strictObject({ afterMinutes: z.number().min(0.01).max(MAX_MINUTES), level: z.enum(levels) });

/** By type of place: minutes from when it was assigned (accept) or accepted (pick), and what comes then. */
export const EscalationRule: z.ZodType<Rule> = z.record(
  z.string().min(1).max(40),
  z.strictObject({
    accept: z.array(step('remind', 'manager')).max(10).default([]),
    pick: z
      .array(step('remind', 'manager', 'reroute'))
      .max(10)
      .default([]),
  }),
);
