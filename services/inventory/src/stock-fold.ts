import type { ArrivalNotice, DeliveryMovedNotice } from '@shelfline/contracts/incoming';
import type { StockCommand, StockFact } from '@shelfline/contracts/stock-delta';
import { versionOf } from '@shelfline/contracts/stock-level';
import type { ShortfallNotice } from '@shelfline/contracts/stock-outcome';
import type { Delivered } from '@shelfline/streaming/stream';
import type { PromiseContext } from './domain/availability.js';
import { decide, isFact } from './domain/decide.js';
import { evolve, type StockDraft, type StockEvent } from './domain/stock.js';
import { tracesOf } from './entry-traces.js';
import { onHandOf } from './stock-buckets.js';
import { type DeliveryNotice, type Effect, StockEntry, type StoredAnswer } from './stock-entry.js';

export interface FoldContext extends Omit<PromiseContext, 'nowMs'> {
  readonly partition: number;
  readonly generation: number;
  /** On-hand changes after an instant that the database holds, loaded beforehand for this batch's counts. */
  readonly storedChangesAfter: (sku: string, location: string, instantMs: number, lot?: string) => number;
  /** SKUs whose facts of this batch a later count may have to look at. */
  readonly counted: ReadonlySet<string>;
}

/**
 * Decides a batch's messages one after the other over drafts. Nothing is netted: each record sees what the one before
 * it left, and gets an entry of its own, refusals included.
 */
export class StockFold {
  readonly entries: StockEntry[] = [];
  /** On-hand facts of this batch, for counts in it. */
  private readonly facts = new Map<string, { atMs: number; effect: Effect }[]>();

  constructor(private readonly context: FoldContext) {}

  apply(delivered: Delivered<StockFact | StockCommand>, draft: StockDraft): void {
    const { message, record } = delivered;
    const { partition, generation } = this.context;
    const version = versionOf(generation, record.offset);
    const isOfFact = isFact(message);
    const applied = { recordedAtMs: record.timestampMs, version, isFact: isOfFact };
    const occurredAtMs = isOfFact ? Date.parse(message.occurredAt) : record.timestampMs;
    const { reference, safety, confirmedAtMs } = this.context;
    const events = decide(message, draft, {
      reference,
      safety,
      confirmedAtMs,
      nowMs: record.timestampMs,
      occurredAtMs,
      onHandChangedAfter: (location, instantMs, lot) => this.changedAfter(message.sku, location, instantMs, lot),
    });
    const effects: Effect[] = [];
    let answer: StoredAnswer | undefined;
    let note: string | undefined;
    const shortfalls: ShortfallNotice[] = [];
    let arrivals: DeliveryNotice[] | undefined;
    for (const event of events) {
      evolve(draft, event, applied);
      if (event.kind === 'stock_moved') effects.push(this.effectOf(draft, event, occurredAtMs));
      else if (event.kind === 'ring_fence_set' || event.kind === 'level_recounted')
        effects.push(balances(draft, event.location));
      else if (event.kind === 'answered') answer = answerOf(event);
      else if (event.kind === 'noted') note = event.note;
      else if (event.kind === 'shortfall_found') shortfalls.push(...noticesOf(message, event, applied.version));
      else if (event.kind === 'promises_met') arrivals = arrivalsOf(message, event, applied.version);
      else if (event.kind === 'promises_moved')
        arrivals = [...(arrivals ?? []), ...movedNotices(message, event, applied.version)];
    }
    const outcome = note ?? (answer ? answer.result : 'applied');
    this.entries.push(
      new StockEntry(message, {
        id: delivered.id,
        partition,
        offset: record.offset,
        outcome,
        atMs: occurredAtMs,
        recordedAtMs: record.timestampMs,
        version,
        effects,
        answer,
        shortfalls,
        arrivals,
        traces: tracesOf(message, effects),
      }),
    );
  }

  private effectOf(draft: StockDraft, event: Extract<StockEvent, { kind: 'stock_moved' }>, atMs: number): Effect {
    const { location, change, lots } = event;
    const changed: { -readonly [bucket in keyof typeof change]: number } = {};
    for (const bucket of BUCKETS) if (change[bucket]) changed[bucket] = change[bucket];
    let effect: Effect = { ...balances(draft, location), ...changed };
    if (lots && lots.changes.length > 0) effect = { ...effect, lots: lots.changes };
    if ((change.onHand || lots) && this.context.counted.has(draft.sku)) {
      const key = `${draft.sku}@${location}`;
      const facts = this.facts.get(key) ?? [];
      facts.push({ atMs, effect });
      this.facts.set(key, facts);
    }
    return effect;
  }

  private changedAfter(sku: string, location: string, instantMs: number, lot?: string): number {
    let units = this.context.storedChangesAfter(sku, location, instantMs, lot);
    for (const { atMs, effect } of this.facts.get(`${sku}@${location}`) ?? [])
      if (atMs > instantMs) units += onHandOf(effect, lot);
    return units;
  }
}

const BUCKETS = ['onHand', 'reserved', 'damaged', 'qualityControl', 'incoming', 'promisedIncoming'] as const;

function balances(draft: StockDraft, location: string): Effect {
  const { onHand, reserved } = draft.levels.get(location)!;
  return { location, onHandAfter: onHand, reservedAfter: reserved };
}

const answerOf = ({
  result,
  state,
  allocations,
  awaited,
  shortUnits,
  reason,
}: Extract<StockEvent, { kind: 'answered' }>): StoredAnswer => ({
  result,
  ...(state ? { state } : {}),
  allocations: [...allocations],
  ...(awaited ? { awaited: [...awaited] } : {}),
  shortUnits,
  ...(reason ? { reason } : {}),
});

/** A flash sale's holds may be more than one record of a megabyte can name: then there are several notices. */
const MAX_NAMED = 2000;

function noticesOf(
  message: StockFact | StockCommand,
  { of, location, shortUnits, endangered }: Extract<StockEvent, { kind: 'shortfall_found' }>,
  version: number,
): ShortfallNotice[] {
  const notices: ShortfallNotice[] = [];
  for (let from = 0; from === 0 || from < endangered.length; from += MAX_NAMED)
    notices.push({
      type: 'shortfall',
      id: from === 0 ? message.id : `${message.id}/${from}`,
      source: message.source,
      sku: message.sku,
      location,
      shortUnits,
      ...(of ? { of } : {}),
      endangered: endangered.slice(from, from + MAX_NAMED).map((e) => ({ ...e })),
      version,
    });
  return notices;
}

function arrivalsOf(
  { id, source, sku }: StockFact | StockCommand,
  { location, met }: Extract<StockEvent, { kind: 'promises_met' }>,
  version: number,
): ArrivalNotice[] {
  const notices: ArrivalNotice[] = [];
  for (let from = 0; from < met.length; from += MAX_NAMED)
    notices.push({
      type: 'arrival',
      id: from === 0 ? id : `${id}/${from}`,
      source,
      sku,
      location,
      reservations: met.slice(from, from + MAX_NAMED).map((one) => ({ ...one })),
      version,
    });
  return notices;
}

/** Beside an arrival that the same message told of, so under a name of its own. */
function movedNotices(
  { id, source, sku }: StockFact | StockCommand,
  { location, moved }: Extract<StockEvent, { kind: 'promises_moved' }>,
  version: number,
): DeliveryMovedNotice[] {
  const notices: DeliveryMovedNotice[] = [];
  for (let from = 0; from < moved.length; from += MAX_NAMED)
    notices.push({
      type: 'delivery_moved',
      id: `${id}/moved/${from}`,
      source,
      sku,
      location,
      reservations: moved.slice(from, from + MAX_NAMED).map((one) => ({ ...one })),
      version,
    });
  return notices;
}
