import { levelKey } from '@shelfline/contracts/identifiers';
import { inTransaction } from '@shelfline/streaming/mongo-transaction';
import type { Connection, mongo } from 'mongoose';
import { rawBatches } from './raw-batches.js';
import { RawMovements } from './raw-movements.js';
import { type Buckets, emptyBuckets } from './stock-buckets.js';
import { StockSums } from './stock-sums.js';
import { type Progress, StoredLevels } from './stored-levels.repository.js';

export interface LevelComparison {
  readonly sku: string;
  readonly location: string;
  readonly stored: Buckets;
  readonly fromMovements: Buckets;
}
export interface Compared {
  readonly levels: readonly LevelComparison[];
  /** Those with effects, which are what was summed. */
  readonly movements: number;
}
export type ComparedAtOnce = Compared & Pick<Progress, 'throughOf' | 'partitionOf'>;
export interface ComparedAll {
  readonly levels: number;
  readonly movements: number;
  /** SKUs with a level that differs. */
  readonly suspects: ReadonlySet<string>;
}
/** Told what has been read; whatever it throws ends the reading. */
export interface ComparisonWatch {
  readonly onLevels?: (count: number) => void;
  readonly onMovements?: (count: number) => void;
}

/**
 * Of a hundred movements each: a reply of some 5 MB, as much again being made meanwhile. Whole documents, since leaving
 * fields out would cost the server more than sending them.
 */
const BATCH_PACKS = 100;
/** Some 400 MB; where there are more levels, movements are read as many times as it takes. */
const LEVELS_AT_ONCE = 4_000_000;
const TELL_EVERY_LEVELS = 5000;

/** Every level's stored buckets beside the sum of its movements. */
export class LevelComparisons {
  private readonly stored: StoredLevels;

  constructor(
    private readonly connection: Connection,
    private readonly levelsAtOnce = LEVELS_AT_ONCE,
  ) {
    this.stored = new StoredLevels(connection);
  }

  /** 0 = no ledger was ever begun here. */
  partitionCount(): Promise<number> {
    return this.stored.partitionCount();
  }

  /** That the ledger has taken from its topic: about as many as there are movements. */
  async recordCount(): Promise<number> {
    return (await this.stored.progress()).records;
  }

  /**
   * Levels first, then every movement in the order it lies in: each level is what it was when it was read, less the
   * movements up to its version, so stock that moves meanwhile does not differ.
   */
  async ofAll(watch: ComparisonWatch = {}): Promise<ComparedAll> {
    const sum = { levels: 0, movements: 0, suspects: new Set<string>() };
    const partitions = await this.partitionCount();
    const estimated = Math.max(1, await this.stored.estimatedCount());
    const atOnce = Math.max(1, Math.floor((partitions * this.levelsAtOnce) / estimated));
    for (let from = 0; from < partitions; from += atOnce) {
      const to = Math.min(partitions, from + atOnce);
      await this.compareAll({ from, to, levels: Math.ceil((estimated * (to - from)) / partitions) }, sum, watch);
    }
    return sum;
  }

  private async compareAll(
    { from, to, levels }: { from: number; to: number; levels: number },
    sum: { levels: number; movements: number; suspects: Set<string> },
    watch: ComparisonWatch,
  ): Promise<void> {
    const { partitionOf, throughOf } = await this.stored.progress();
    // A movement that the ledger has committed by now must be in its level, whatever the level's version says.
    const committed = (sku: string) => throughOf(sku) - 1;
    const isAsked = (sku: string) => partitionOf(sku) >= from && partitionOf(sku) < to;
    const differences = new StockSums({ levels, throughOf: (sku) => (isAsked(sku) ? committed(sku) : undefined) });
    let begun = 0;
    for (let partition = from; partition < to; partition++)
      for await (const level of this.stored.in({ partition })) {
        differences.begin(level.sku, level.location, negated(level), Math.max(level.version, committed(level.sku)));
        if (++begun % TELL_EVERY_LEVELS === 0) watch.onLevels?.(TELL_EVERY_LEVELS);
      }
    watch.onLevels?.(begun % TELL_EVERY_LEVELS);
    sum.movements += await this.addMovements(differences, watch);
    sum.levels += differences.levelCount;
    for (const { sku } of differences.levelsLeft()) sum.suspects.add(sku);
  }

  private async addMovements(sums: StockSums, watch: ComparisonWatch): Promise<number> {
    const movements = new RawMovements(sums);
    const asked = { collection: 'movements', filter: {}, batchSize: BATCH_PACKS };
    const told = { read: 0, used: 0 };
    for await (const batch of rawBatches(this.connection.db as unknown as mongo.Db, asked)) {
      const before = told.read;
      movements.readAll(batch, told);
      watch.onMovements?.(told.read - before);
    }
    return told.used;
  }

  /** As of one moment: a difference is one. For few SKUs, since a transaction may last a minute at most. */
  async ofSkus(skus: readonly string[]): Promise<ComparedAtOnce> {
    return inTransaction(this.connection, {}, async (session) => {
      const isAsked = new Set(skus);
      const sums = new StockSums({ throughOf: (sku) => (isAsked.has(sku) ? Number.POSITIVE_INFINITY : undefined) });
      const movements = await this.addMovementsOf(skus, sums, session);
      const found = new Map<string, { -readonly [field in keyof LevelComparison]: LevelComparison[field] }>();
      for (const { sku, location, sums: fromMovements } of sums.levels())
        found.set(levelKey(sku, location), { sku, location, stored: emptyBuckets(), fromMovements });
      for await (const { sku, location, ...level } of this.stored.in({ sku: { $in: skus } }, session)) {
        const comparison = found.get(levelKey(sku, location));
        const stored = bucketsOf(level);
        if (comparison) comparison.stored = stored;
        else found.set(levelKey(sku, location), { sku, location, stored, fromMovements: emptyBuckets() });
      }
      const { partitionOf, throughOf } = await this.stored.progress(session);
      return { levels: [...found.values()], movements, partitionOf, throughOf };
    });
  }

  private async addMovementsOf(skus: readonly string[], sums: StockSums, session: mongo.ClientSession) {
    const reader = new RawMovements(sums);
    const told = { read: 0, used: 0 };
    const packs = this.connection.collection('movements').find({ skus: { $in: [...skus] } }, {
      batchSize: BATCH_PACKS,
      raw: true,
      session,
      projection: { lines: 1, _id: 0 },
    } as never) as unknown as mongo.FindCursor<Uint8Array>;
    for await (const pack of packs) reader.read(pack, 0, told);
    return told.used;
  }
}

const bucketsOf = ({ onHand, reserved, damaged, qualityControl, incoming }: Buckets): Buckets => ({
  onHand,
  reserved,
  damaged,
  qualityControl,
  incoming,
});

const negated = ({ onHand, reserved, damaged, qualityControl, incoming }: Buckets): Buckets => ({
  onHand: -onHand,
  reserved: -reserved,
  damaged: -damaged,
  qualityControl: -qualityControl,
  incoming: -incoming,
});
