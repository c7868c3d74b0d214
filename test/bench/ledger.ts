// npm run bench -- ledger [--json FILE]: from a filled topic to durable and published. The raw limit, in the same run:
// the same client consumes the same batches and writes the same documents in the same size of transaction with the
// same indexes, and their levels behind it; no decision, nothing published. Beside it the limit of inserts alone, with
// levels never written to their collection.
import { parseArgs } from 'node:util';
import { TOPICS } from '@shelfline/contracts/topics';
import { emptyLevel } from '@shelfline/inventory/domain/stock';
import { MOVEMENT_PACKS } from '@shelfline/inventory/movement-packs';
import { StockRepository } from '@shelfline/inventory/stock.repository';
import { StockEntry } from '@shelfline/inventory/stock-entry';
import { STOCK_IMAGES } from '@shelfline/inventory/stock-image-form';
import { levelImage, type StockImage } from '@shelfline/inventory/stock-images';
import { systemClock } from '@shelfline/streaming/clock';
import { packImages } from '@shelfline/streaming/image';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import { silentLog } from '@shelfline/streaming/log';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { UnflushedImages } from '@shelfline/streaming/unflushed-images';
import { WriteBehind } from '@shelfline/streaming/write-behind';
import type { Connection } from 'mongoose';
import { pause, Rig, report, say, until } from './rig.ts';

const DELTAS = 300_000;
/** Before them, and not measured: a service that has just started compiles its code first. */
const WARM_UP = 30_000;
const ALL = WARM_UP + DELTAS;
const SKUS = 5000;
const LOCATIONS = 10;
const BATCH = 2000;
const CONCURRENCY = 4;

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const skus = Array.from({ length: SKUS }, (_, i) => `sku-${i}`);
const locations = Array.from({ length: LOCATIONS }, (_, i) => `dc-${i}`);

/** 7919 is prime to 50,000, so the deltas walk over all keys without a pattern that favours anybody. */
const deltaOf = (i: number) => {
  const key = (i * 7919) % (SKUS * LOCATIONS);
  const receipt = i < SKUS * LOCATIONS;
  return {
    id: `d${i}`,
    source: 'bench',
    type: receipt ? 'receipt' : 'sale',
    sku: skus[key % SKUS]!,
    location: locations[Math.floor(key / SKUS)]!,
    quantity: receipt ? 1000 : 1,
    occurredAt: '2026-01-01T00:00:00Z',
  };
};

async function fill(rig: Rig): Promise<void> {
  for (let i = 0; i < ALL; i += 10_000)
    await rig.produce(
      TOPICS.deltas,
      Array.from({ length: 10_000 }, (_, n) => {
        const delta = deltaOf(i + n);
        return { by: delta.sku, key: delta.sku, value: JSON.stringify(delta) };
      }),
    );
}

/** Per second, from the end of the warm-up to the last one. */
async function measure(done: () => number | Promise<number>, what: string): Promise<number> {
  let count = 0;
  await until(async () => (count = await done()) >= WARM_UP, 'the warm-up');
  const [startedMs, first] = [performance.now(), count];
  let told = first;
  await until(async () => {
    count = await done();
    if (count - told >= 50_000) say(`  ${(told = count)} done`);
    return count >= ALL;
  }, what);
  return ((count - first) * 1000) / (performance.now() - startedMs);
}

async function measureLedger(rig: Rig): Promise<number> {
  await rig.startService('inventory', {
    AUDIT_EVERY_MS: '0',
    MAX_BATCH_RECORDS: String(BATCH),
    PARTITION_CONCURRENCY: String(CONCURRENCY),
  });
  // Asked for seldom until the end is near: each time costs what a hundred deltas cost.
  let count = 0;
  const published = async () => {
    await pause(count > 0.95 * ALL ? 100 : 1000);
    return (count = await rig.count(TOPICS.movements));
  };
  const deltasPerSecond = await measure(published, 'every movement published');
  const packs = rig.database('inventory').collection('movements');
  const [counted] = await packs
    .aggregate<{ n: number }>([{ $group: { _id: null, n: { $sum: { $size: '$ids' } } } }])
    .toArray();
  const stored = counted?.n;
  if (stored !== ALL) throw new Error(`${stored} movements are stored, ${ALL} were sent`);
  await rig.stopServices();
  return deltasPerSecond;
}

/** The documents the ledger writes, made without deciding anything. */
function rawDocuments(records: readonly ReceivedRecord[]) {
  const images = new Map<string, StockImage>();
  const entries = records.map((record) => {
    const delta = JSON.parse(record.value!.toString()) as ReturnType<typeof deltaOf>;
    const at = new Date(delta.occurredAt);
    const key = `${delta.sku}@${delta.location}`;
    const { sku, location } = delta;
    const level = {
      ...emptyLevel(location),
      onHand: 1000,
      newestFactAtMs: at.getTime(),
      asOfMs: record.timestampMs,
      version: record.offset,
    };
    const shown = { safetyStock: 0, available: 1000, confidence: 1, unreferenced: false };
    images.set(key, levelImage({ sku, partition: record.partition, shown, level }));
    return new StockEntry(delta as never, {
      id: `${delta.source}/${delta.id}`,
      partition: record.partition,
      offset: record.offset,
      outcome: 'applied',
      atMs: at.getTime(),
      recordedAtMs: record.timestampMs,
      version: record.offset,
      effects: [{ location, onHandAfter: 1000, reservedAfter: 0, onHand: delta.quantity }],
    });
  });
  return { entries, images: [...images.values()] };
}

/** With the levels written behind, as the ledger does; or, without, what can be inserted at all. */
async function measureRaw(rig: Rig, name: string, isWithLevels: boolean): Promise<number> {
  const connection = rig.database(name) as Connection;
  const unflushed = new UnflushedImages(STOCK_IMAGES);
  const repository = new StockRepository(connection);
  await repository.prepare();
  const store = new MongoPartitionStore<undefined>({
    connection,
    stream: name,
    entriesCollection: 'movements',
    partitions: rig.partitions,
    layout: MOVEMENT_PACKS,
    write: () => {},
    merge: () => undefined,
  });
  await store.prepare();
  const behind = new WriteBehind({
    unflushed,
    flush: (images) => repository.flush(images as readonly StockImage[]),
    forget: (ids) => store.forgetImages(ids),
    clock: systemClock,
    log: silentLog,
    onFatal: (error) => {
      throw error;
    },
  });
  if (isWithLevels) behind.start();
  const owned = new Map<number, { epoch: number; next: number }>();
  let done = 0;
  let failure: Error | undefined;
  const consumer = await rig.kafka.consume({
    groupId: `${rig.prefix}${name}`,
    topic: rig.topic(TOPICS.deltas),
    concurrency: CONCURRENCY,
    onAssigned: () => {},
    // Thrown here, it would be lost, and the same records fetched again until the time is over.
    onCrash: (error) => {
      failure = error;
    },
    onBatch: async ({ partition, records, heartbeat }) => {
      let own = owned.get(partition);
      if (!own) {
        const claim = await store.claim(partition);
        own = { epoch: claim.epoch, next: claim.next };
        owned.set(partition, own);
      }
      const deltas = records.filter(({ value }) => value !== null);
      for (let i = 0; i < deltas.length; i += BATCH) {
        const slice = deltas.slice(i, i + BATCH);
        const { entries, images } = rawDocuments(slice);
        const next = slice.at(-1)!.offset + 1;
        const stored = packImages(`${name}/${partition}/${next}`, images, STOCK_IMAGES);
        const result = await store.commit(
          { partition, epoch: own.epoch, fromNext: own.next, next, published: next } as never,
          entries,
          [],
          undefined,
          stored,
        );
        if (result.kind !== 'committed') throw new Error(`raw commit: ${result.kind}`);
        own.next = next;
        const ids = stored.map(({ id }) => id);
        if (isWithLevels) unflushed.committed(partition, ids, images, Date.now());
        done += slice.length;
        await heartbeat();
      }
      return { commitTo: records.at(-1)!.offset + 1 };
    },
  });
  const doneSoFar = () => {
    if (failure) throw failure;
    return done;
  };
  const rawPerSecond = await measure(doneSoFar, 'every raw document written');
  await consumer.stop();
  if (isWithLevels) await behind.stop(1000);
  return rawPerSecond;
}

const rig = await Rig.start('ledger');
try {
  say(`${DELTAS} deltas over ${SKUS * LOCATIONS} keys, transactions of up to ${BATCH}; all servers on this machine.`);
  await rig.publishCatalogue(skus, locations);
  await fill(rig);
  // What the servers hold already slows them, so the raw limit is measured on both sides of the ledger.
  say('raw limit: the same documents without logic');
  const before = await measureRaw(rig, 'raw-before', true);
  say(`  ${Math.round(before)}/s\nledger: decided, durable, published`);
  const deltasPerSecond = Math.round(await measureLedger(rig));
  say(`  ${deltasPerSecond}/s\nraw limit again`);
  const after = await measureRaw(rig, 'raw-after', true);
  say(`  ${Math.round(after)}/s\nand with levels never written to their collection`);
  const insertOnlyPerSecond = Math.round(await measureRaw(rig, 'inserts', false));
  // Of both runs together.
  const rawPerSecond = Math.round(2 / (1 / before + 1 / after));
  report(
    {
      deltasPerSecond,
      rawPerSecond,
      rawBeforePerSecond: Math.round(before),
      rawAfterPerSecond: Math.round(after),
      ratio: Math.round((deltasPerSecond / rawPerSecond) * 100) / 100,
      insertOnlyPerSecond,
      insertOnlyRatio: Math.round((deltasPerSecond / insertOnlyPerSecond) * 100) / 100,
    },
    values.json,
  );
} finally {
  await rig.stop();
}
