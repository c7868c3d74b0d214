import { levelKey } from '@shelfline/contracts/identifiers';
import { TOPICS } from '@shelfline/contracts/topics';
import { imagesIn } from '@shelfline/streaming/image';
import { IMAGES_COLLECTION, type ImagesDocument } from '@shelfline/streaming/mongo-partition-store';
import { inTransaction } from '@shelfline/streaming/mongo-transaction';
import type { Connection, mongo } from 'mongoose';
import { addEffect, type Buckets, emptyBuckets, type StoredEffect } from './stock-buckets.js';
import { levelsIn, type StockImage } from './stock-images.js';

export interface LevelComparison {
  readonly sku: string;
  readonly location: string;
  readonly stored: Buckets;
  readonly fromMovements: Buckets;
  readonly movements: number;
}
/** Told what is being read; whatever it throws ends the reading. */
export interface ComparisonWatch {
  readonly onPartition?: (done: number, of: number) => void;
  readonly onMovement?: () => void;
}
type Comparisons = Map<string, { -readonly [field in keyof LevelComparison]: LevelComparison[field] }>;
type Slice = { readonly sku: { readonly $in: string[] } } | { readonly partition: number };
interface StoredLevel extends Buckets {
  _id: string;
  sku: string;
  location: string;
  version: number;
}

const bucketsOf = ({ onHand, reserved, damaged, qualityControl, incoming }: Buckets): Buckets => ({
  onHand,
  reserved,
  damaged,
  qualityControl,
  incoming,
});

/** Every level's stored buckets beside the sum of its movements. */
export class LevelComparisons {
  constructor(private readonly connection: Connection) {}

  /** A partition at a time, so that memory holds a partition's levels and never its movements. What moves meanwhile differs. */
  async *ofAll(watch: ComparisonWatch = {}): AsyncGenerator<LevelComparison> {
    const partitions = await this.partitions();
    for (const partition of partitions) {
      watch.onPartition?.(partition, partitions.length);
      yield* (await this.compare({ partition }, { watch })).values();
    }
    watch.onPartition?.(partitions.length, partitions.length);
  }

  /** As of one moment: a difference is one. For few SKUs, since a transaction may last a minute at most. */
  async ofSkus(skus: readonly string[]): Promise<LevelComparison[]> {
    const found = await inTransaction(this.connection, {}, (session) =>
      this.compare({ sku: { $in: [...skus] } }, { session }),
    );
    return [...found.values()];
  }

  private async compare(
    slice: Slice,
    { session, watch }: { session?: mongo.ClientSession; watch?: ComparisonWatch },
  ): Promise<Comparisons> {
    const found: Comparisons = new Map();
    const at = (sku: string, location: string) => {
      const key = levelKey(sku, location);
      let comparison = found.get(key);
      if (!comparison) {
        comparison = { sku, location, stored: emptyBuckets(), fromMovements: emptyBuckets(), movements: 0 };
        found.set(key, comparison);
      }
      return comparison;
    };
    const options = { batchSize: 5000, ...(session ? { session } : {}) };
    const movements = this.collection<{ sku: string; effects?: StoredEffect[] }>('movements');
    for await (const { sku, effects } of movements.find(slice, {
      ...options,
      projection: { sku: 1, effects: 1, _id: 0 },
    })) {
      watch?.onMovement?.();
      for (const effect of effects ?? []) {
        const comparison = at(sku, effect.location);
        addEffect(comparison.fromMovements, effect);
        comparison.movements++;
      }
    }
    const unflushed = await this.unflushed(slice, options);
    const versions = new Map<string, number>();
    for await (const level of this.collection<StoredLevel>('levels').find(slice, options)) {
      at(level.sku, level.location).stored = bucketsOf(level);
      versions.set(level._id, level.version);
    }
    for (const { sku, level } of levelsIn(unflushed)) {
      const key = levelKey(sku, level.location);
      if (level.version <= (versions.get(key) ?? -1)) continue;
      versions.set(key, level.version);
      at(sku, level.location).stored = bucketsOf(level);
    }
    return found;
  }

  /** Committed states that are not in the collection of levels yet. */
  private async unflushed(slice: Slice, options: { batchSize: number }): Promise<StockImage[]> {
    const filter = { stream: TOPICS.deltas.name, ...('partition' in slice ? slice : {}) };
    const isWanted = 'partition' in slice ? () => true : (sku: string) => slice.sku.$in.includes(sku);
    const found: StockImage[] = [];
    for await (const { images } of this.collection<ImagesDocument>(IMAGES_COLLECTION).find(filter, options))
      for (const image of imagesIn(images)) if (isWanted(image.group)) found.push(image as StockImage);
    return found;
  }

  private async partitions(): Promise<number[]> {
    const stream = await this.collection<{ _id: string; partitions: number }>('streams').findOne({
      _id: TOPICS.deltas.name,
    });
    return Array.from({ length: stream?.partitions ?? 0 }, (_, partition) => partition);
  }

  private collection<D extends object>(name: string): mongo.Collection<D> {
    return this.connection.collection(name) as unknown as mongo.Collection<D>;
  }
}
