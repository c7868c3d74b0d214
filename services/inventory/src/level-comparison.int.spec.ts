import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { packImages } from '@shelfline/streaming/image';
import { IMAGES_COLLECTION } from '@shelfline/streaming/mongo-documents';
import { partitionFor } from '@shelfline/streaming/partitioner';
import mongoose, { type Connection } from 'mongoose';
import { emptyLevel } from './domain/stock.js';
import { LevelComparisons } from './level-comparison.repository.js';
import { isDrifting } from './level-verification.js';
import { toLevelDocument } from './stock-documents.js';
import { STOCK_IMAGES } from './stock-image-form.js';
import { levelImage } from './stock-images.js';

const PARTITIONS = 3;
/** Of every partition: nothing from this offset on is committed. */
const NEXT = 1000;
const version = (offset: number) => versionOf(1, offset);
const levelOf = (sku: string, location: string, onHand: number, offset: number) => ({
  sku,
  partition: partitionFor(sku, PARTITIONS),
  shown: { safetyStock: 0, available: onHand, confidence: 1, unreferenced: false },
  level: { ...emptyLevel(location), onHand, version: version(offset), asOfMs: 0, newestFactAtMs: 0 },
});
const movement = (sku: string, location: string, onHand: number, offset: number) => ({ sku, location, onHand, offset });
/** Of up to three, so that some lie in packs of other SKUs. */
const packOf = (movements: readonly ReturnType<typeof movement>[]) => ({
  _id: `it/${movements[0]!.sku}/${movements[0]!.offset}`,
  ids: movements.map(({ sku, location, offset }) => `it/${sku}/${location}/${offset}`),
  skus: [...new Set(movements.map(({ sku }) => sku))],
  lines: movements
    .map(({ sku, location, onHand, offset }) => {
      const effects = [{ location, onHandAfter: 0, reservedAfter: 0, onHand }];
      return JSON.stringify([sku, version(offset), onHand === 0 ? [] : effects, { sku }]);
    })
    .join('\n'),
});

describe('levels compared with their movements, in a database', () => {
  let connection: Connection;
  const collection = (name: string) => connection.collection<{ _id: string }>(name);
  const suspectsOf = async (levelsAtOnce?: number) => {
    const { suspects, ...counts } = await new LevelComparisons(connection, levelsAtOnce).ofAll();
    return { ...counts, suspects: [...suspects].sort() };
  };
  const insertLevels = (...levels: ReturnType<typeof levelOf>[]) =>
    collection('levels').insertMany(levels.map(toLevelDocument));
  const insertMovements = async (...movements: ReturnType<typeof movement>[]) => {
    for (let i = 0; i < movements.length; i += 3)
      await collection('movements').insertOne(packOf(movements.slice(i, i + 3)) as never);
  };

  beforeAll(async () => {
    const dbName = `it_comparison_${randomUUID().slice(0, 8)}`;
    connection = await mongoose.createConnection(process.env['MONGODB_URI']!, { dbName }).asPromise();
    await collection('streams').insertOne({ _id: TOPICS.deltas.name, partitions: PARTITIONS, generation: 1 } as never);
    const checkpoints = Array.from({ length: PARTITIONS }, (_, partition) => ({
      _id: `${TOPICS.deltas.name}/${partition}`,
      next: NEXT,
      generation: 1,
    }));
    await collection('checkpoints').insertMany(checkpoints);
    const skus = Array.from({ length: 50 }, (_, i) => `sku-${i}`);
    await insertLevels(...skus.flatMap((sku) => [levelOf(sku, 'dc', 7, 20), levelOf(sku, 'shop', 1, 21)]));
    await insertMovements(
      ...skus.flatMap((sku) => [
        movement(sku, 'dc', 10, 10),
        movement(sku, 'dc', -3, 20),
        movement(sku, 'shop', 1, 21),
        movement(sku, 'shop', 0, 22),
      ]),
    );
  });
  afterAll(async () => {
    await connection?.dropDatabase();
    await connection?.close();
  });

  it('are all right', async () => {
    expect(await suspectsOf()).toEqual({ levels: 100, movements: 150, suspects: [] });
  });

  it('are all right in as many readings as their number asks for', async () => {
    expect(await suspectsOf(34)).toEqual({ levels: 100, movements: 150, suspects: [] });
    expect(await suspectsOf(1)).toEqual({ levels: 100, movements: 150, suspects: [] });
  });

  it('do not differ by what moves while they are read', async () => {
    // Committed after the levels were read, of a level that there is and of one that there was not.
    await insertMovements(movement('sku-1', 'dc', 5, NEXT), movement('new', 'dc', 5, NEXT + 1));
    expect((await suspectsOf()).suspects).toEqual([]);
    // Of a level that was read when it had them already.
    await insertLevels(levelOf('fast', 'dc', 12, NEXT + 3));
    await insertMovements(movement('fast', 'dc', 12, NEXT + 3), movement('fast', 'dc', 1, NEXT + 4));
    expect((await suspectsOf()).suspects).toEqual([]);
  });

  it('differ where a movement that was committed is not in them', async () => {
    await insertLevels(levelOf('old', 'dc', 4, 30));
    await insertMovements(movement('old', 'dc', 4, 30), movement('old', 'dc', 2, 31));
    await insertMovements(movement('lost', 'dc', 9, NEXT - 1));
    for (const levelsAtOnce of [undefined, 34])
      expect((await suspectsOf(levelsAtOnce)).suspects).toEqual(['lost', 'old']);
    const { levels } = await new LevelComparisons(connection).ofSkus(['old', 'lost', 'sku-2']);
    expect(levels.filter(isDrifting)).toEqual([
      expect.objectContaining({ sku: 'old', stored: expect.objectContaining({ onHand: 4 }) }),
      expect.objectContaining({ sku: 'lost', fromMovements: expect.objectContaining({ onHand: 9 }) }),
    ]);
  });

  it('are what waits to be written to their collection, where that is newer', async () => {
    const images = [levelOf('old', 'dc', 6, 31), levelOf('lost', 'dc', 9, NEXT - 1), levelOf('sku-3', 'dc', 99, 19)];
    for (const image of images) {
      const [packed] = packImages(`${TOPICS.deltas.name}/${image.sku}`, [levelImage(image)], STOCK_IMAGES);
      const { partition } = image;
      const stored = { _id: packed!.id, stream: TOPICS.deltas.name, partition, images: packed!.json };
      await collection(IMAGES_COLLECTION).insertOne(stored as never);
    }
    expect((await suspectsOf()).suspects).toEqual([]);
  });
});
