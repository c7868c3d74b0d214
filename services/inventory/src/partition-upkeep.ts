import { availabilityKey } from '@shelfline/contracts/identifiers';
import type { FeedHeartbeat, StockCommand, StockDelta } from '@shelfline/contracts/stock-delta';
import type { Batch, Delivered } from '@shelfline/streaming/stream';
import type { Shown } from './domain/availability.js';
import type { Reference } from './domain/reference.js';
import { PartitionSkus } from './partition-skus.js';
import type { PublishedAvailability } from './published-availability.js';
import type { StockWrites } from './stock.repository.js';
import type { UnflushedStock } from './unflushed-stock.js';

/** Holds that end with one tick; the rest with the next. */
const EXPIRED_PER_TICK = 500;
/** SKUs looked at again per tick after the catalog changed, and when it did not. */
const SWEPT_AFTER_CHANGE = 200;
const SWEPT_OTHERWISE = 10;
const CHANGED_PRODUCTS_PER_TICK = 500;
/** SKUs listed at a time, in an owner's first round. Some servers read the whole rest of the partition for each list. */
const SKUS_PER_LIST = 2000;

interface SweepState {
  /** Reference and days of the round under way. */
  round: string;
  after: string;
  /** Listed, how many of them were looked at, and whether the partition ends with them. */
  listed: readonly string[];
  lookedAt: number;
  isLastList: boolean;
  /** The round found something new to do, so it is in a hurry. */
  urgent: boolean;
}

export interface DueWork {
  readonly expirations: readonly Delivered<StockCommand>[];
  /** SKUs whose figures are worked out anew. */
  readonly sweep: readonly string[];
  /** Called once the batch is committed: only then has the work been done. */
  readonly done: () => void;
}

/**
 * What time and the catalog change without a message: holds expire, products become known, rules and days change
 * figures. Done in bounded slices by ticks, so in the order of everything else. The place of a sweep is kept in memory
 * only: a new owner begins a round, which finds nothing where nothing changed.
 */
export class PartitionUpkeep {
  private readonly sweeps = new Map<number, SweepState>();
  private readonly skus = new Map<number, PartitionSkus>();
  private readonly confirmations = new Map<number, Map<string, number>>();
  /** By partition: SKUs whose product changed, with the number of the change. */
  private readonly changedProducts = new Map<number, Map<string, number>>();
  private changes = 0;

  constructor(
    private readonly stored: UnflushedStock,
    private readonly availability: PublishedAvailability,
    private readonly partitionOf: (sku: string) => number,
  ) {}

  productsChanged(skus: readonly string[]): void {
    for (const sku of skus) {
      const partition = this.partitionOf(sku);
      let changed = this.changedProducts.get(partition);
      if (!changed) this.changedProducts.set(partition, (changed = new Map()));
      changed.set(sku, ++this.changes);
    }
  }

  released(partition: number): void {
    this.sweeps.delete(partition);
    this.skus.delete(partition);
    this.confirmations.delete(partition);
  }

  /** Of these a level is written, perhaps the first. Not of whatever a message names: anybody may ask for what there is not. */
  levelsOf(partition: number, skus: Iterable<string>): void {
    this.skusOf(partition).note(skus);
  }

  async confirmationsOf(partition: number): Promise<ReadonlyMap<string, number>> {
    let known = this.confirmations.get(partition);
    if (!known) this.confirmations.set(partition, (known = await this.stored.loadConfirmations(partition)));
    return known;
  }

  confirmationsIn(heartbeats: readonly Delivered<FeedHeartbeat>[], partition: number): StockWrites['confirmations'] {
    return heartbeats.flatMap(({ message, record }) =>
      (message.locations ?? []).map((location) => ({ partition, location, seenAtMs: record.timestampMs })),
    );
  }

  confirmed(confirmations: StockWrites['confirmations']): void {
    for (const { partition, location, seenAtMs } of confirmations)
      this.confirmations.get(partition)?.set(location, seenAtMs);
  }

  /** Only the last tick of a batch counts: time has passed up to there. */
  async findDue(batch: Batch<StockDelta>, reference: Reference): Promise<DueWork> {
    const tick = batch.items.findLast(({ kind }) => kind === 'tick');
    if (!tick) return { expirations: [], sweep: [], done: () => {} };
    const { partition } = batch;
    const { record } = tick;
    const expired = await this.stored.findExpired(partition, record.timestampMs, EXPIRED_PER_TICK);
    const expirations = expired.map(({ sku, reservationId }): Delivered<StockCommand> => {
      const id = `expire/${reservationId}|${sku}/${record.offset}`;
      const message = { id, source: 'ledger', type: 'expire' as const, sku, reservationId };
      return { record, id, contentHash: '', message };
    });
    const changed = this.findChangedProducts(partition);
    const { skus, done } = await this.nextSweep(partition, reference, record.timestampMs);
    return {
      expirations,
      sweep: [...new Set([...changed.keys(), ...skus])],
      done: () => {
        // Changed once more while this batch was on its way: looked at again.
        const left = this.changedProducts.get(partition);
        for (const [sku, change] of changed) if (left?.get(sku) === change) left.delete(sku);
        done();
      },
    };
  }

  /** Whether the topic already shows exactly this; consulted for SKUs that nothing moved meanwhile. */
  wasShown(sku: string, shown: ReadonlyMap<string, Shown>): boolean {
    for (const { channel, region, available, status } of shown.values()) {
      const published = this.availability.get(availabilityKey(sku, channel, region));
      if (published?.available !== available || published.status !== status) return false;
    }
    return true;
  }

  private findChangedProducts(partition: number): ReadonlyMap<string, number> {
    const changed = new Map<string, number>();
    for (const [sku, change] of this.changedProducts.get(partition) ?? []) {
      if (changed.size >= CHANGED_PRODUCTS_PER_TICK) break;
      changed.set(sku, change);
    }
    return changed;
  }

  private async nextSweep(
    partition: number,
    reference: Reference,
    nowMs: number,
  ): Promise<{ skus: string[]; done: () => void }> {
    const round = `${reference.fingerprint}@${reference.daysAt(nowMs)}`;
    let sweep = this.sweeps.get(partition);
    if (!sweep || sweep.round !== round) {
      sweep = { round, after: '', listed: [], lookedAt: 0, isLastList: false, urgent: sweep !== undefined };
      this.sweeps.set(partition, sweep);
    }
    const current = sweep;
    if (current.lookedAt === current.listed.length) {
      const { skus, ended } = await this.listSkus(partition, current.after);
      current.listed = skus;
      current.lookedAt = 0;
      current.isLastList = ended;
    }
    const from = current.lookedAt;
    // What is left is never copied: it may be two hundred thousand, and a tick comes each second.
    const skus = current.listed.slice(from, from + (current.urgent ? SWEPT_AFTER_CHANGE : SWEPT_OTHERWISE));
    return {
      skus,
      done: () => {
        current.lookedAt = from + skus.length;
        current.after = skus.at(-1) ?? current.after;
        if (current.lookedAt < current.listed.length || !current.isLastList) return;
        current.after = '';
        current.urgent = false;
      },
    };
  }

  private async listSkus(
    partition: number,
    after: string,
  ): Promise<{ readonly skus: readonly string[]; readonly ended: boolean }> {
    const own = this.skusOf(partition);
    const all = after === '' ? own.findAll() : undefined;
    if (all) return { skus: all, ended: true };
    const list = await this.stored.nextSkus(partition, after, SKUS_PER_LIST);
    own.note(list.skus);
    if (list.ended) own.listedToTheEnd();
    return list;
  }

  private skusOf(partition: number): PartitionSkus {
    let own = this.skus.get(partition);
    if (!own) this.skus.set(partition, (own = new PartitionSkus()));
    return own;
  }
}
