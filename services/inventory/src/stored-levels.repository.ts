import { levelKey } from '@shelfline/contracts/identifiers';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { imagesIn } from '@shelfline/streaming/image';
import { type CheckpointDocument, IMAGES_COLLECTION, type ImagesDocument } from '@shelfline/streaming/mongo-documents';
import { partitionFor } from '@shelfline/streaming/partitioner';
import type { Connection, mongo } from 'mongoose';
import type { Buckets } from './stock-buckets.js';
import { STOCK_IMAGES } from './stock-image-form.js';
import { levelsIn, type StockImage } from './stock-images.js';

export interface StoredLevel extends Buckets {
  readonly sku: string;
  readonly location: string;
  readonly version: number;
}
export type LevelSlice = { readonly sku: { readonly $in: readonly string[] } } | { readonly partition: number };
/** How far the ledger has come. */
export interface Progress {
  readonly records: number;
  readonly partitionOf: (sku: string) => number;
  /** Every movement of the SKU's partition below this version is committed, and none from it on. */
  readonly throughOf: (sku: string) => number;
}
interface StreamDocument {
  _id: string;
  partitions: number;
  generation: number;
}
interface LevelRow extends Buckets {
  _id: string;
  sku: string;
  location: string;
  version: number;
}

const BATCH_LEVELS = 5000;
const NEEDED = {
  sku: 1,
  location: 1,
  version: 1,
  onHand: 1,
  reserved: 1,
  damaged: 1,
  qualityControl: 1,
  incoming: 1,
};

/** Levels as they are committed: their collection, and over it what is not in it yet. */
export class StoredLevels {
  constructor(private readonly connection: Connection) {}

  /** 0 = no ledger was ever begun here. */
  async partitionCount(): Promise<number> {
    return (await this.stream()).partitions;
  }

  estimatedCount(): Promise<number> {
    return this.collection('levels').estimatedDocumentCount();
  }

  async progress(session?: mongo.ClientSession): Promise<Progress> {
    const { partitions, generation } = await this.stream(session);
    const ids = Array.from({ length: partitions }, (_, partition) => `${TOPICS.deltas.name}/${partition}`);
    const found = await this.collection<CheckpointDocument>('checkpoints')
      .find({ _id: { $in: ids } }, optionsOf(session))
      .toArray();
    const checkpoints = new Map(found.map((checkpoint) => [checkpoint._id, checkpoint]));
    const through = ids.map((id) => {
      const checkpoint = checkpoints.get(id);
      return versionOf(checkpoint?.generation ?? generation, Math.max(0, checkpoint?.next ?? 0));
    });
    const partitionOf = (sku: string) => partitionFor(sku, partitions);
    const records = found.reduce((sum, { next }) => sum + next, 0);
    return { records, partitionOf, throughOf: (sku) => through[partitionOf(sku)]! };
  }

  /** The images are read first: one that is written to the collection and forgotten in between is found there. */
  async *in(slice: LevelSlice, session?: mongo.ClientSession): AsyncGenerator<StoredLevel> {
    const newer = new Map<string, StoredLevel>();
    for (const { sku, level } of levelsIn(await this.unflushed(slice, session))) {
      const key = levelKey(sku, level.location);
      if (level.version > (newer.get(key)?.version ?? -1)) newer.set(key, { ...level, sku });
    }
    const options = { ...optionsOf(session), projection: NEEDED };
    for await (const level of this.collection<LevelRow>('levels').find(slice as mongo.Filter<LevelRow>, options)) {
      const image = newer.get(level._id);
      newer.delete(level._id);
      yield image !== undefined && image.version > level.version ? image : level;
    }
    yield* newer.values();
  }

  private async unflushed(slice: LevelSlice, session: mongo.ClientSession | undefined): Promise<StockImage[]> {
    const filter = { stream: TOPICS.deltas.name, ...('partition' in slice ? slice : {}) };
    const wanted = 'partition' in slice ? undefined : new Set(slice.sku.$in);
    const found: StockImage[] = [];
    const documents = this.collection<ImagesDocument>(IMAGES_COLLECTION).find(filter, optionsOf(session));
    for await (const { images } of documents)
      for (const image of imagesIn(images, STOCK_IMAGES))
        if (wanted?.has(image.group) ?? true) found.push(image as StockImage);
    return found;
  }

  private async stream(session?: mongo.ClientSession): Promise<{ partitions: number; generation: number }> {
    const streams = this.collection<StreamDocument>('streams');
    const found = await streams.findOne({ _id: TOPICS.deltas.name }, optionsOf(session));
    return { partitions: found?.partitions ?? 0, generation: found?.generation ?? 1 };
  }

  private collection<D extends object>(name: string): mongo.Collection<D> {
    return this.connection.collection(name) as unknown as mongo.Collection<D>;
  }
}

/** From the primary: a secondary may be behind what was read before. */
const optionsOf = (session: mongo.ClientSession | undefined) => ({
  batchSize: BATCH_LEVELS,
  readPreference: 'primary' as const,
  ...(session ? { session } : {}),
});
