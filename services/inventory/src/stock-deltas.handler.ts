import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { StockDelta } from '@shelfline/contracts/stock-delta';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import { headerOf, type ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { forEachInSlices } from '@shelfline/streaming/slices';
import type { Batch, Decision, Delivered, OutputRecord } from '@shelfline/streaming/stream';
import {
  availabilityOf,
  type PromiseContext,
  type Shown,
  type ShownFigures,
  shownFigures,
} from './domain/availability.js';
import type { Reference, SafetyRule } from './domain/reference.js';
import { isLive, type Level, StockDraft } from './domain/stock.js';
import { feedOutputs } from './feeds.stream.js';
import { PartitionUpkeep } from './partition-upkeep.js';
import { ReferenceData } from './reference-data.js';
import { NO_WRITES, type StockWrites } from './stock.repository.js';
import { type CachedStock, StockCache } from './stock-cache.js';
import type { LevelToStore, ReservationToStore } from './stock-documents.js';
import { StockEntry } from './stock-entry.js';
import { StockFold } from './stock-fold.js';
import { levelImage, reservationImage } from './stock-images.js';
import { changeKey, countsOf, StockLoader, type StockMessage } from './stock-loader.js';
import { availabilityOutput, entryOutputs, levelOutput } from './stock-outputs.js';
import { SAFETY_RULE, STOCK_OBSERVER } from './tokens.js';
import { UnflushedStock } from './unflushed-stock.js';

export interface StockObserver {
  /** Answers what counts them, to be called once they are committed; it holds nothing of them. */
  decided(entries: readonly StockEntry[]): () => void;
}

/**
 * Topic `inventory.deltas`, key sku: all places of a SKU stand in one partition, so one writer decides about it, in the
 * order of offsets. Redelivery: the runtime drops repeats by `source/id` and sends a command's stored answer again.
 */
@Controller()
export class StockDeltasHandler {
  private readonly loader: StockLoader;

  constructor(
    @Inject(UnflushedStock) private readonly stored: UnflushedStock,
    @Inject(StockCache) cache: StockCache,
    @Inject(ReferenceData) private readonly reference: ReferenceData,
    @Inject(PartitionUpkeep) private readonly upkeep: PartitionUpkeep,
    @Inject(SAFETY_RULE) private readonly safety: SafetyRule,
    @Inject(STOCK_OBSERVER) private readonly observer: StockObserver,
  ) {
    this.loader = new StockLoader(this.stored, cache);
  }

  @HandlesBatch(TOPICS.deltas)
  async handle(@Payload() batch: Batch<StockDelta>): Promise<Decision<StockWrites>> {
    const { partition } = batch;
    this.stored.readAfter(partition, batch.settled);
    const reference = this.reference.current();
    const confirmations = await this.upkeep.confirmationsOf(partition);
    const due = await this.upkeep.findDue(batch, reference);
    const messages = [...stockMessagesOf(batch), ...due.expirations];
    const heartbeats = batch.items.flatMap((item) => (isHeartbeat(item) ? [item] : []));
    if (messages.length === 0 && due.sweep.length === 0 && heartbeats.length === 0) return nothing(due.done);
    const skus = new Set(messages.map(({ message }) => message.sku));
    for (const sku of due.sweep) skus.add(sku);
    const stocks = await this.loader.load(partition, skus);
    const recalled = await this.loader.recall(partition, messages, stocks);
    const counted = countsOf(messages);
    const stored = await this.loader.loadChangesAfter(partition, counted, stocks);
    const context = {
      reference,
      safety: this.safety,
      confirmedAtMs: (location: string) => confirmations.get(location) ?? 0,
    };
    const fold = new StockFold({
      ...context,
      partition,
      generation: batch.generation,
      storedChangesAfter: (sku, location, instantMs, lot) => stored.get(changeKey(sku, location, instantMs, lot)) ?? 0,
      counted: new Set(counted.map(({ sku }) => sku)),
    });
    const before = new Map<string, Map<string, Shown>>();
    const drafts = new Map<string, StockDraft>();
    for (const [sku, stock] of stocks) {
      drafts.set(sku, new StockDraft(stock, recalled.get(sku)));
      const { timestampMs } = batch.items[0]!.record;
      stock.shown ??= availabilityOf(stock, { ...context, nowMs: timestampMs });
      before.set(sku, stock.shown);
    }
    await forEachInSlices(messages, (message) => fold.apply(message, drafts.get(message.message.sku)!), batch.pause);
    const last = batch.items.at(-1)!.record;
    return this.conclude({
      partition,
      stocks,
      drafts,
      before,
      entries: fold.entries,
      sweep: due.sweep,
      confirmations: this.upkeep.confirmationsIn(heartbeats, partition),
      heartbeats: heartbeats.map((item) => heartbeatEntry(item, partition, batch.generation)),
      causes: new Map(messages.map(({ message, record }) => [message.sku, record])),
      context: { ...context, nowMs: last.timestampMs },
      sweepVersion: versionOf(batch.generation, last.offset),
      done: due.done,
    });
  }

  private conclude(work: Conclusion): Decision<StockWrites> {
    const levels: LevelToStore[] = [];
    const outputs: OutputRecord[] = [];
    const newlyShown = new Map<string, Map<string, Shown>>();
    const swept = new Set(work.sweep);
    const changed: string[] = [];
    for (const [sku, draft] of work.drafts) {
      if (swept.has(sku)) this.reversion(work, sku, draft);
      for (const [location, level] of draft.changedLevels) {
        const toStore = this.levelToStore(sku, level, work);
        draft.changedLevels.set(location, toStore.level);
        levels.push(toStore);
        outputs.push(levelOutput(sku, toStore.level, toStore.shown));
      }
      if (draft.changedLevels.size === 0) continue;
      changed.push(sku);
      const shown = availabilityOf(draft, work.context);
      newlyShown.set(sku, shown);
      const earlier = work.before.get(sku)!;
      const cause = { ...causeOf(work.causes.get(sku), work.context.nowMs), version: highestVersion(draft) };
      for (const [key, view] of withGone(shown, earlier))
        if (swept.has(sku) || differs(view, earlier.get(key))) outputs.push(availabilityOutput(sku, view, cause));
    }
    this.upkeep.levelsOf(work.partition, changed);
    const entries = [...work.entries, ...work.heartbeats];
    return {
      entries,
      outputs: [...outputs, ...entryOutputs(work.entries), ...feedOutputs(entries)],
      writes: { confirmations: work.confirmations },
      images: [...levels.map(levelImage), ...reservationsToStore(work).map(reservationImage)],
      nothingChanged: entries.length === 0 && levels.length === 0,
      ahead: this.toRemember(work, newlyShown),
      committed: inOrder(work.done, this.observer.decided(work.entries)),
    };
  }

  /** A changed rule, product or day: every level of the SKU is written anew with the tick's version. */
  private reversion({ stocks, context, sweepVersion }: Conclusion, sku: string, draft: StockDraft): void {
    const before = stocks.get(sku)!.shown!;
    const shown = availabilityOf(draft, context);
    const sameShown = [...withGone(shown, before)].every(([key, view]) => !differs(view, before.get(key)));
    const allSame = [...draft.levels.values()].every((level) => {
      const figures = this.figuresOf(sku, level, context);
      return sameFigures(figures, level);
    });
    if (sameShown && allSame && this.upkeep.wasShown(sku, shown)) return;
    for (const [location, level] of draft.levels)
      draft.changedLevels.set(location, { ...level, version: sweepVersion });
  }

  private levelToStore(sku: string, level: Level, { partition, context }: Conclusion): LevelToStore {
    const shown = this.figuresOf(sku, level, context);
    return { sku, partition, shown, level: sameFigures(shown, level) ? level : withFigures(level, shown) };
  }

  private figuresOf(sku: string, level: Level, { reference, nowMs }: Conclusion['context']): LevelToStore['shown'] {
    return shownFigures(sku, level, reference, this.safety, nowMs);
  }

  /** Holds nothing that is written or sent: it may be long until the commit. */
  private toRemember(
    { drafts, stocks, confirmations }: Conclusion,
    newlyShown: ReadonlyMap<string, Map<string, Shown>>,
  ): () => void {
    return () => {
      for (const [sku, draft] of drafts) remember(stocks.get(sku)!, draft, newlyShown.get(sku));
      this.upkeep.confirmed(confirmations);
    };
  }
}

function remember(stock: CachedStock, draft: StockDraft, shown: Map<string, Shown> | undefined): void {
  for (const [location, level] of draft.changedLevels) stock.levels.set(location, level);
  // What is over is looked up by id when somebody asks again; keeping it would let a busy SKU grow for ever.
  for (const [id, reservation] of draft.changedReservations)
    if (isLive(reservation)) stock.reservations.set(id, reservation);
    else {
      stock.reservations.delete(id);
      stock.hasFinished = true;
    }
  stock.shown = shown ?? stock.shown;
}

const inOrder = (first: () => void, then: () => void) => (): void => {
  first();
  then();
};

const sameFigures = (shown: ShownFigures, level: Level): boolean =>
  level.safetyStock === shown.safetyStock &&
  level.unreferenced === shown.unreferenced &&
  level.expired === shown.expired;
function withFigures(level: Level, { safetyStock, unreferenced, expired }: ShownFigures): Level {
  if (level.expired === expired) return { ...level, safetyStock, unreferenced };
  return { ...level, safetyStock, unreferenced, expired };
}

interface Conclusion {
  readonly partition: number;
  readonly stocks: ReadonlyMap<string, CachedStock>;
  readonly drafts: ReadonlyMap<string, StockDraft>;
  readonly before: ReadonlyMap<string, ReadonlyMap<string, Shown>>;
  readonly entries: readonly StockEntry[];
  readonly heartbeats: readonly StockEntry[];
  readonly sweep: readonly string[];
  readonly confirmations: StockWrites['confirmations'];
  /** By SKU, the last record of it. */
  readonly causes: ReadonlyMap<string, ReceivedRecord>;
  readonly context: PromiseContext & { readonly reference: Reference };
  readonly sweepVersion: number;
  readonly done: () => void;
}

const stockMessagesOf = (batch: Batch<StockDelta>): StockMessage[] =>
  batch.items.filter(
    (item): item is StockMessage & { kind: 'message' } => item.kind === 'message' && item.message.type !== 'heartbeat',
  );

function causeOf(
  record: ReceivedRecord | undefined,
  nowMs: number,
): { readonly atMs: number; readonly headers?: Readonly<Record<string, string>> } {
  if (!record) return { atMs: nowMs };
  const traceparent = headerOf(record, 'traceparent');
  return { atMs: record.timestampMs, ...(traceparent ? { headers: { traceparent } } : {}) };
}

/**
 * The version shown with availability: the highest of the SKU's levels. Whatever changes availability raises a level's
 * version (a sweep too), so it never goes back, and a new owner works out the same one from what is stored.
 */
function highestVersion(draft: StockDraft): number {
  let version = 0;
  draft.levels.forEach((level) => {
    version = Math.max(version, level.version);
  });
  return version;
}

const differs = (a: Shown, b: Shown | undefined): boolean => !b || a.available !== b.available || a.status !== b.status;

/** What was shown and has no pool any more is shown as out. */
function* withGone(shown: ReadonlyMap<string, Shown>, earlier: ReadonlyMap<string, Shown>): Generator<[string, Shown]> {
  yield* shown;
  for (const [key, view] of earlier) if (!shown.has(key)) yield [key, { ...view, available: 0, status: 'out' }];
}

const reservationsToStore = ({ drafts, partition }: Conclusion): ReservationToStore[] =>
  [...drafts].flatMap(([sku, draft]) =>
    [...draft.changedReservations.values()].map((reservation) => ({ sku, partition, reservation })),
  );

type Heartbeat = Delivered<Extract<StockDelta, { type: 'heartbeat' }>>;
const isHeartbeat = (item: Batch<StockDelta>['items'][number]): item is Heartbeat & { kind: 'message' } =>
  item.kind === 'message' && item.message.type === 'heartbeat';

const heartbeatEntry = ({ id, record, message }: Heartbeat, partition: number, generation: number): StockEntry =>
  new StockEntry(message, {
    id,
    partition,
    offset: record.offset,
    outcome: 'applied',
    atMs: Date.parse(message.occurredAt),
    recordedAtMs: record.timestampMs,
    version: versionOf(generation, record.offset),
    effects: [],
  });

const nothing = (done: () => void): Decision<StockWrites> => ({
  entries: [],
  writes: NO_WRITES,
  outputs: [],
  committed: done,
  nothingChanged: true,
});
