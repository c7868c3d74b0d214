import { z } from 'zod';

/** Sequence numbers seen of one source in one batch. Topic `inventory.feeds`, key: source. */
export const FeedObservation = z.looseObject({
  id: z.string(),
  source: z.string(),
  sequences: z.array(z.int().min(0)).describe('Numbers seen, in any order'),
  lastSeenAt: z.iso.datetime(),
  heartbeat: z
    .boolean()
    .optional()
    .describe('The source says by itself that it is alive, so it is missed when it does not'),
});
export type FeedObservation = z.infer<typeof FeedObservation>;

/** Topic `risk.events`, key: subject. */
export const RiskEvent = z.looseObject({
  id: z.string(),
  type: z.enum(['feed_quiet', 'feed_back', 'sequence_gap', 'ledger_drift']),
  subject: z.string().describe('The source, or sku@location'),
  detail: z.string(),
  occurredAt: z.iso.datetime(),
});
export type RiskEvent = z.infer<typeof RiskEvent>;

/** Topic `dead-letters`: what could not be applied, with its original bytes (base64). */
export const DeadLetterNotice = z.looseObject({
  id: z.string(),
  topic: z.string(),
  partition: z.int().min(0),
  offset: z.int().min(0),
  key: z.string().nullable(),
  value: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  reason: z.string(),
  detail: z.string(),
  recordedAtMs: z.int(),
});
export type DeadLetterNotice = z.infer<typeof DeadLetterNotice>;
