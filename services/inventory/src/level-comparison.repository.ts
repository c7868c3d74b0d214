import { levelKey } from '@shelfline/contracts/identifiers';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { imagesIn } from '@shelfline/streaming/image';
import {
  type CheckpointDocument,
  IMAGES_COLLECTION,
  type ImagesDocument,
} from '@shelfline/streaming/mongo-partition-store';
import { inTransaction } from '@shelfline/streaming/mongo-transaction';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { Connection, mongo } from 'mongoose';
import { type Buckets, emptyBuckets } from './stock-buckets.js';
import { levelsIn, type StockImage } from './stock-images.js';
import { StockSums } from './stock-sums.js';

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
export interface ComparedAtOnce extends Compared {
  /** Every movement of the SKU's partition below this version was summed, and none above it. */
  readonly throughOf: (sku: string) => number;
  readonly partitionOf: (sku: string) => number;
}
/** Told what is being read; whatever it throws ends the reading. */
export interface ComparisonWatch {
  readonly onPartition?: (done: number, of: number) => void;
  readonly onMovements?: (count: number) => void;
}
type Slice = { readonly sku: { readonly $in: string[] } } | { readonly partition: number };
interface Reading {
  readonly session?: mongo.ClientSession;
  readonly watch?: ComparisonWatch;
}
interface StreamDocument {
  _id: string;
  partitions: number;
  generation: number;
}
interface StoredLevel extends Buckets {
  _id: string;
  sku: string;
  location: string;
  version: number;
}

/** While one partition's batch is summed, the server reads another's. */
const PARTITIONS_AT_ONCE = 2;
const BATCH_MOVEMENTS = 10_000;
const NEEDED_OF_A_LEVEL = {
  sku: 1,
  location: 1,
  version: 1,
  onHand: 1,
  reserved: 1,
  damaged: 1,
  qualityControl: 1,
  incoming: 1,
};

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

  /** 0 = no ledger was ever begun here. */
  async partitionCount(): Promise<number> {
    return (await this.stream()).partitions;
  }

  /** Partition by partition, so that memory holds levels of two and never movements. What moves meanwhile differs. */
  async *ofAll(watch: ComparisonWatch = {}): AsyncGenerator<Compared> {
    const { partitions } = await this.stream();
    const begun: Promise<Compared>[] = [];
    watch.onPartition?.(0, partitions);
    for (let next = 0, done = 0; done < partitions; ) {
      for (; next < partitions && begun.length < PARTITIONS_AT_ONCE; next++) {
        const comparing = this.compare({ partition: next }, { watch });
        // Whoever goes away in between does not wait for it.
        comparing.catch(() => {});
        begun.push(comparing);
      }
      yield await begun.shift()!;
      done++;
      watch.onPartition?.(done, partitions);
    }
  }

  /** As of one moment: a difference is one. For few SKUs, since a transaction may last a minute at most. */
  async ofSkus(skus: readonly string[]): Promise<ComparedAtOnce> {
    return inTransaction(this.connection, {}, async (session) => {
      const compared = await this.compare({ sku: { $in: [...skus] } }, { session });
      const { partitions, generation } = await this.stream(session);
      const partitionOf = (sku: string) => partitionFor(sku, partitions);
      const through = new Map<number, number>();
      const checkpoints = this.collection<CheckpointDocument>('checkpoints');
      for (const partition of new Set(skus.map(partitionOf))) {
        const found = await checkpoints.findOne({ _id: `${TOPICS.deltas.name}/${partition}` }, { session });
        through.set(partition, versionOf(found?.generation ?? generation, Math.max(0, found?.next ?? 0)));
      }
      return { ...compared, partitionOf, throughOf: (sku) => through.get(partitionOf(sku))! };
    });
  }

  private async compare(slice: Slice, { session, watch }: Reading): Promise<Compared> {
    const options = { batchSize: 5000, ...(session ? { session } : {}) };
    const sums = await this.sum(slice, { session, watch });
    const found = new Map<string, { -readonly [field in keyof LevelComparison]: LevelComparison[field] }>();
    for (const { sku, location, sums: fromMovements } of sums.levels())
      found.set(levelKey(sku, location), { sku, location, stored: emptyBuckets(), fromMovements });
    const store = (sku: string, location: string, stored: Buckets) => {
      const comparison = found.get(levelKey(sku, location));
      if (comparison) comparison.stored = stored;
      else found.set(levelKey(sku, location), { sku, location, stored, fromMovements: emptyBuckets() });
    };
    const unflushed = await this.unflushed(slice, options);
    const versions = new Map<string, number>();
    for await (const level of this.collection<StoredLevel>('levels').find(slice, {
      ...options,
      projection: NEEDED_OF_A_LEVEL,
    })) {
      store(level.sku, level.location, bucketsOf(level));
      versions.set(level._id, level.version);
    }
    for (const { sku, level } of levelsIn(unflushed)) {
      const key = levelKey(sku, level.location);
      if (level.version <= (versions.get(key) ?? -1)) continue;
      versions.set(key, level.version);
      store(sku, level.location, bucketsOf(level));
    }
    return { levels: [...found.values()], movements: sums.movements };
  }

  private async sum(slice: Slice, { session, watch }: Reading): Promise<StockSums> {
    const sums = new StockSums();
    const movements = this.collection<Record<string, unknown>>('movements').find(slice, {
      batchSize: BATCH_MOVEMENTS,
      raw: true,
      ...(session ? { session } : {}),
      projection: { sku: 1, effects: 1, _id: 0 },
    });
    // A batch at once: a promise for each movement would cost as much as reading it.
    for await (const first of movements) {
      const others = movements.readBufferedDocuments();
      watch?.onMovements?.(1 + others.length);
      sums.add(first as unknown as Uint8Array);
      for (const movement of others) sums.add(movement as unknown as Uint8Array);
    }
    return sums;
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

  private async stream(session?: mongo.ClientSession): Promise<{ partitions: number; generation: number }> {
    const found = await this.collection<StreamDocument>('streams').findOne(
      { _id: TOPICS.deltas.name },
      session ? { session } : {},
    );
    return { partitions: found?.partitions ?? 0, generation: found?.generation ?? 1 };
  }

  private collection<D extends object>(name: string): mongo.Collection<D> {
    return this.connection.collection(name) as unknown as mongo.Collection<D>;
  }
}
