import { LOT_BUCKETS, type LotBucket } from '@shelfline/contracts/lot';
import { TOPICS } from '@shelfline/contracts/topics';
import { imagesIn } from '@shelfline/streaming/image';
import { IMAGES_COLLECTION, type ImagesDocument } from '@shelfline/streaming/mongo-documents';
import { hasIndex } from '@shelfline/streaming/mongo-indexes';
import { inTransaction } from '@shelfline/streaming/mongo-transaction';
import type { Connection, mongo } from 'mongoose';
import { TRACES_INDEX } from './entry-traces.js';
import { effectsIn, linesIn, type MovementPack } from './movement-packs.js';
import { STOCK_IMAGES } from './stock-image-form.js';
import { levelsIn, type StockImage } from './stock-images.js';

export type LotFigures = { -readonly [bucket in LotBucket]: number };
export interface LotComparison {
  readonly sku: string;
  readonly location: string;
  readonly lot: string;
  readonly stored: LotFigures;
  readonly fromMovements: LotFigures;
}
interface LottedLevel {
  readonly sku: string;
  readonly location: string;
  readonly version: number;
  readonly lots?: readonly ({ readonly lot: string } & Readonly<LotFigures>)[];
}
type Slice = { readonly sku?: { readonly $in: readonly string[] } };
type Visit = (sku: string, location: string, figures: { readonly lot: string } & Partial<LotFigures>) => void;

const BATCH = 5000;
const BATCH_PACKS = 100;
/** In every line that moved one, and in few others. */
const LOTS = '"lots":';
const NOTHING = { onHand: 0, damaged: 0, qualityControl: 0 };

/** Stored lots beside the sums of what movements did to them. Reads nothing where no lot was ever named. */
export class LotComparisons {
  constructor(private readonly connection: Connection) {}

  /** SKUs of which some lot differs, or moved meanwhile. Memory grows with the lots that hold something. */
  async suspects(watch: (movements: number) => void = () => {}): Promise<ReadonlySet<string>> {
    const left = new Map<string, { readonly sku: string; readonly figures: LotFigures }>();
    const add =
      (sign: 1 | -1): Visit =>
      (sku, location, { lot, ...moved }) => {
        const key = JSON.stringify([sku, location, lot]);
        const { figures } = left.get(key) ?? { figures: { ...NOTHING } };
        for (const bucket of LOT_BUCKETS) figures[bucket] += sign * (moved[bucket] ?? 0);
        if (LOT_BUCKETS.some((bucket) => figures[bucket] !== 0)) left.set(key, { sku, figures });
        else left.delete(key);
      };
    await this.visitMovements({}, add(1), undefined, watch);
    await this.visitLevels({}, add(-1), undefined);
    return new Set([...left.values()].map(({ sku }) => sku));
  }

  /** Of few SKUs and as of one moment: a difference is one. Lots that agree too. */
  async ofSkus(skus: readonly string[]): Promise<LotComparison[]> {
    const slice = { sku: { $in: [...skus] } };
    return inTransaction(this.connection, {}, async (session) => {
      const found = new Map<string, LotComparison>();
      const rowOf = (sku: string, location: string, lot: string): LotComparison => {
        const key = JSON.stringify([sku, location, lot]);
        const row = found.get(key) ?? { sku, location, lot, stored: { ...NOTHING }, fromMovements: { ...NOTHING } };
        found.set(key, row);
        return row;
      };
      const into =
        (side: 'stored' | 'fromMovements'): Visit =>
        (sku, location, { lot, ...moved }) => {
          const figures = rowOf(sku, location, lot)[side];
          for (const bucket of LOT_BUCKETS) figures[bucket] += moved[bucket] ?? 0;
        };
      await this.visitMovements(slice, into('fromMovements'), session);
      await this.visitLevels(slice, into('stored'), session);
      return [...found.values()];
    });
  }

  private async visitMovements(
    { sku }: Slice,
    visit: Visit,
    session: mongo.ClientSession | undefined,
    watch: (movements: number) => void = () => {},
  ): Promise<void> {
    // Whoever moves a lot has made its index. The command may read a database that such a version never started on.
    if (!(await hasIndex(this.collection('movements'), TRACES_INDEX))) return;
    const wanted = sku && new Set(sku.$in);
    const packs = this.collection<MovementPack>('movements').find(
      { isTraced: true, ...(sku ? { skus: sku } : {}) } as never,
      {
        ...optionsOf(session),
        batchSize: BATCH_PACKS,
        projection: { lines: 1, _id: 0 },
        // Only those that moved a lot are read, however many others there are.
        hint: TRACES_INDEX,
      },
    );
    for await (const pack of packs) {
      const traced = linesIn(pack).filter((line) => line.includes(LOTS));
      for (const line of traced) {
        const moved = effectsIn(line);
        if (!moved || !(wanted?.has(moved.sku) ?? true)) continue;
        for (const { location, lots = [] } of moved.effects) for (const lot of lots) visit(moved.sku, location, lot);
      }
      watch(traced.length);
    }
  }

  /** Images are read first: one that is written and forgotten in between is found in the collection. */
  private async visitLevels(slice: Slice, visit: Visit, session: mongo.ClientSession | undefined): Promise<void> {
    const newer = new Map<string, LottedLevel>();
    for (const { sku, level } of await this.unflushed(slice, session)) {
      const key = `${sku}@${level.location}`;
      if (level.version > (newer.get(key)?.version ?? -1)) newer.set(key, { ...level, sku });
    }
    const show = ({ sku, location, lots = [] }: LottedLevel) => {
      for (const { lot, onHand, damaged, qualityControl } of lots)
        visit(sku, location, { lot, onHand, damaged, qualityControl });
    };
    const levels = this.collection<LottedLevel & { _id: string }>('levels').find({ ...slice, hasLots: true } as never, {
      ...optionsOf(session),
      projection: { sku: 1, location: 1, version: 1, lots: 1 },
    });
    for await (const level of levels) {
      const image = newer.get(level._id);
      newer.delete(level._id);
      show(image !== undefined && image.version > level.version ? image : level);
    }
    for (const level of newer.values()) show(level);
  }

  private async unflushed({ sku }: Slice, session: mongo.ClientSession | undefined) {
    const wanted = sku && new Set(sku.$in);
    const found: StockImage[] = [];
    const documents = this.collection<ImagesDocument>(IMAGES_COLLECTION).find(
      { stream: TOPICS.deltas.name },
      optionsOf(session),
    );
    for await (const { images } of documents)
      for (const image of imagesIn(images, STOCK_IMAGES))
        if (wanted?.has(image.group) ?? true) found.push(image as StockImage);
    return levelsIn(found);
  }

  private collection<D extends object>(name: string): mongo.Collection<D> {
    return this.connection.collection(name) as unknown as mongo.Collection<D>;
  }
}

const optionsOf = (session: mongo.ClientSession | undefined) => ({
  batchSize: BATCH,
  readPreference: 'primary' as const,
  ...(session ? { session } : {}),
});
