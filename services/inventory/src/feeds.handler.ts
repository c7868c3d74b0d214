import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { TOPICS } from '@shelfline/contracts/topics';
import type { FeedObservation, RiskEvent } from '@shelfline/contracts/upkeep';
import { type DueSource, EarliestDue } from '@shelfline/streaming/earliest-due';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision, LedgerEntry, OutputRecord } from '@shelfline/streaming/stream';
import {
  type Feed,
  type FeedDecision,
  type FeedRules,
  feedDueAtMs,
  judgeFeed,
  newFeed,
  observeFeed,
} from './domain/feed.js';
import { FeedsRepository, type FeedWrites } from './feeds.repository.js';
import { FEED_RULES, FEEDS_DUE } from './tokens.js';

/** A risk that was told: what a new owner tells again if it may not have been heard. */
export interface RiskEntry extends LedgerEntry {
  readonly risk: RiskEvent;
}

/** Feeds judged per tick; the rest with the next. */
const JUDGED_PER_TICK = 500;

/**
 * Topic `inventory.feeds`, key source. A source's numbers come through all partitions of the ledger; here one owner sees
 * them together. An observation seen again changes nothing, so only risks leave entries.
 */
@Controller()
export class FeedsHandler {
  constructor(
    @Inject(FeedsRepository) private readonly repository: FeedsRepository,
    @Inject(FEED_RULES) private readonly rules: FeedRules,
    @Inject(FEEDS_DUE) private readonly due: EarliestDue,
  ) {}

  private readonly judged: DueSource<Feed> = {
    findEarliestDueMs: (partition) => this.repository.findEarliestDueMs(partition, this.rules),
    findDue: (partition, nowMs, limit) => this.repository.findDue(partition, nowMs, this.rules, limit),
  };

  @HandlesBatch(TOPICS.feeds)
  async handle(@Payload() batch: Batch<FeedObservation>): Promise<Decision<FeedWrites>> {
    const { partition } = batch;
    const observations = batch.items.flatMap((item) => (item.kind === 'message' ? [item] : []));
    const tick = batch.items.findLast(({ kind }) => kind === 'tick');
    const feeds = await this.repository.findMany([...new Set(observations.map(({ message }) => message.source))]);
    const changed = new Map<string, Feed>();
    const risks: RiskEntry[] = [];
    const conclude = ({ feed, risks: found }: FeedDecision, offset: number) => {
      changed.set(feed.source, feed);
      for (const risk of found) risks.push(riskEntry(risk, partition, offset));
    };
    for (const { message, record } of observations) {
      const { source, sequences, heartbeat } = message;
      const before = changed.get(source) ?? feeds.get(source) ?? newFeed(source);
      const atMs = Date.parse(message.lastSeenAt);
      conclude(observeFeed(before, { source, sequences, atMs, isHeartbeat: heartbeat === true }), record.offset);
    }
    if (tick) {
      const nowMs = tick.record.timestampMs;
      for (const stored of await this.due.find(this.judged, { partition, nowMs, limit: JUDGED_PER_TICK }))
        conclude(judgeFeed(changed.get(stored.source) ?? stored, nowMs, this.rules), tick.record.offset);
    }
    return {
      entries: risks,
      writes: { feeds: [...changed.values()].map((feed) => ({ partition, feed })) },
      outputs: risks.map(riskOutput),
      committed: () =>
        this.due.committed(
          partition,
          [...changed.values()].map((feed) => feedDueAtMs(feed, this.rules)),
        ),
      nothingChanged: changed.size === 0,
    };
  }
}

const riskEntry = (risk: RiskEvent, partition: number, offset: number): RiskEntry => ({
  _id: `${risk.id}@${partition}/${offset}`,
  contentHash: '',
  partition,
  offset,
  outcome: risk.type,
  risk,
});

export const riskOutput = ({ risk }: RiskEntry): OutputRecord => ({
  topic: TOPICS.risks,
  key: risk.subject,
  partition: { by: risk.subject },
  type: 'risk.event',
  value: risk,
});
