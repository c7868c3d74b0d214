// npm run bench -- verify [--movements N] [--json FILE]: levels recounted from movements by the command that operators
// run, in a process of its own, first with nothing wrong and then with a few levels that are. The raw limit, in the same
// run: the driver reads the same movements as bytes and nobody looks at them. Making them takes the longest; it is not
// counted. Each reads from a server that has just started, where that is ours to start.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { emptyLevel } from '@shelfline/inventory/domain/stock';
import { MOVEMENT_PACKS } from '@shelfline/inventory/movement-packs';
import { StockRepository } from '@shelfline/inventory/stock.repository';
import { toLevelDocument } from '@shelfline/inventory/stock-documents';
import { StockEntry } from '@shelfline/inventory/stock-entry';
import { startLocalStack } from '@shelfline/local-stack/local-stack';
import { isDuplicateKey } from '@shelfline/streaming/mongo-commit-lanes';
import { partitionFor } from '@shelfline/streaming/partitioner';
import mongoose, { type Connection } from 'mongoose';
import { report, say } from './rig.ts';

const SKUS = 5000;
const LOCATIONS = 10;
const LEVELS = SKUS * LOCATIONS;
const PARTITIONS = 12;
const BEGAN_MS = Date.UTC(2026, 0, 1);
const OPENING_UNITS = 1_000_000;
const INSERTED_AT_ONCE = 5000;
const INSERTS_AT_ONCE = 2;
const DATABASE = `bench_${process.pid}_verify`;
const PEAK_OF_PROCESS =
  'process.on("exit", () => process.send?.({ peakBytes: process.resourceUsage().maxRSS * 1024 }))';

const { values } = parseArgs({
  options: { movements: { type: 'string', default: '10000000' }, json: { type: 'string' } },
});
const movements = Number(values.movements);
if (!Number.isSafeInteger(movements) || movements < LEVELS)
  throw new Error(
    `--movements ${values.movements}: a whole number from ${LEVELS} on, please; each level has one at least.`,
  );

/** 7919 is prime to 50,000, so movements walk over all levels without a pattern that favours anybody. */
function placeOf(i: number) {
  const level = (i * 7919) % LEVELS;
  return { sku: `sku-${level % SKUS}`, location: `dc-${Math.floor(level / SKUS)}` };
}
const partitionsOfSkus = new Map(
  Array.from({ length: SKUS }, (_, i) => [`sku-${i}` as string, partitionFor(`sku-${i}`, PARTITIONS)] as const),
);

/** As the ledger decides it: a receipt, then sales of one unit. */
function movement(i: number): StockEntry {
  const { sku, location } = placeOf(i);
  const isOpening = i < LEVELS;
  const quantity = isOpening ? OPENING_UNITS : 1;
  const atMs = BEGAN_MS + i;
  const occurredAt = new Date(atMs).toISOString();
  const type = isOpening ? 'receipt' : 'sale';
  const onHandAfter = OPENING_UNITS - Math.floor(i / LEVELS);
  return new StockEntry(
    { id: `d${i}`, source: 'bench', type, sku, location, quantity, occurredAt },
    {
      id: `bench/d${i}`,
      partition: partitionsOfSkus.get(sku)!,
      offset: i,
      outcome: 'applied',
      atMs,
      recordedAtMs: atMs,
      version: versionOf(1, i),
      effects: [{ location, onHandAfter, reservedAfter: 0, onHand: isOpening ? quantity : -quantity }],
    },
  );
}

/** After its last movement. */
function levelDocument(level: number) {
  const { sku, location } = placeOf(level);
  const last = level + LEVELS * Math.floor((movements - 1 - level) / LEVELS);
  const onHand = OPENING_UNITS - Math.floor(last / LEVELS);
  const atMs = BEGAN_MS + last;
  return toLevelDocument({
    sku,
    partition: partitionsOfSkus.get(sku)!,
    shown: { safetyStock: 0, available: onHand, confidence: 1, unreferenced: false },
    level: { ...emptyLevel(location), onHand, newestFactAtMs: atMs, asOfMs: atMs, version: versionOf(1, last) },
  });
}

async function fill(connection: Connection): Promise<void> {
  const collection = (name: string) => connection.collection(name);
  await new StockRepository(connection).prepare();
  let next = 0;
  let told = Date.now();
  const insertSome = async () => {
    for (let from = next; from < movements; from = next) {
      next = Math.min(movements, from + INSERTED_AT_ONCE);
      const some = Array.from({ length: next - from }, (_, n) => movement(from + n));
      const packs = MOVEMENT_PACKS.toDocuments(some, `bench/${from}`);
      await collection('movements')
        .insertMany(packs as never, { ordered: false, writeConcern: { w: 1, j: false } })
        .catch(unlessThereAlready);
      if (Date.now() - told < 10_000) continue;
      say(`  ${from} movements made`);
      told = Date.now();
    }
  };
  await Promise.all(Array.from({ length: INSERTS_AT_ONCE }, insertSome));
  for (let from = 0; from < LEVELS; from += INSERTED_AT_ONCE)
    await collection('levels').insertMany(
      Array.from({ length: INSERTED_AT_ONCE }, (_, n) => levelDocument(from + n)) as never,
    );
  await collection('streams').insertOne({ _id: TOPICS.deltas.name, partitions: PARTITIONS, generation: 1 } as never);
  await collection('checkpoints').insertMany(
    Array.from({ length: PARTITIONS }, (_, partition) => ({
      _id: `${TOPICS.deltas.name}/${partition}`,
      next: movements,
      generation: 1,
    })) as never,
  );
}

/** The driver repeats an insert whose answer it lost. How many there are in the end, the command says. */
function unlessThereAlready(error: unknown): void {
  if (!isDuplicateKey(error)) throw error;
}

interface Verified {
  readonly levels: number;
  readonly movements: number;
  readonly driftUnits: number;
  readonly durationMs: number;
  readonly peakBytes: number;
  readonly drifting: readonly string[];
}

async function verify(mongodbUri: string): Promise<Verified> {
  const command = join(import.meta.dirname, '../../services/inventory/dist/verify-cli.js');
  const preload = `--import=data:text/javascript,${encodeURIComponent(PEAK_OF_PROCESS)}`;
  const child = spawn(process.execPath, [preload, command, '--database', DATABASE, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, MONGODB_URI: mongodbUri },
  });
  let [said, peakBytes] = ['', 0];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.on('message', (message: { peakBytes: number }) => ({ peakBytes } = message));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0 && code !== 1) throw new Error(`the command ended with ${code}`);
  const lines = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; sku: string; location: string } & Verified);
  const drifting = lines.filter(({ type }) => type === 'drift').map(({ sku, location }) => `${sku}@${location}`);
  return { ...lines.at(-1)!, peakBytes, drifting };
}

/** Answers which levels are wrong from then on. */
async function corrupt(connection: Connection): Promise<string[]> {
  const levels = connection.collection<{ _id: string }>('levels');
  const keys = [0, 7, 4321, LEVELS - 1].map((i) => `${placeOf(i).sku}@${placeOf(i).location}`);
  const [more, less, other, gone] = keys as [string, string, string, string];
  await levels.updateOne({ _id: more }, { $inc: { onHand: 3 } });
  await levels.updateOne({ _id: less }, { $inc: { onHand: -1 } });
  await levels.updateOne({ _id: other }, { $inc: { damaged: 2 } });
  await levels.deleteOne({ _id: gone });
  return keys.sort();
}

async function rawPerSecond(connection: Connection): Promise<number> {
  const startedMs = performance.now();
  const cursor = connection.collection('movements').find({}, { raw: true, batchSize: 100 });
  for await (const _ of cursor) cursor.readBufferedDocuments();
  return (movements * 1000) / (performance.now() - startedMs);
}

const stack = await startLocalStack({ purpose: 'bench-verify' });
const connect = () => mongoose.createConnection(stack.mongodbUri, { dbName: DATABASE }).asPromise();
/** What one reading leaves in the server's memory must not be in the way of the next, nor help it. */
async function restart(): Promise<void> {
  if (stack.mongodb.pid === undefined) return;
  await stack.mongodb.stop();
  await stack.mongodb.start();
}
async function withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect();
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

try {
  say(`${movements} movements of ${LEVELS} levels are made first.`);
  const startedMs = Date.now();
  await withConnection(fill);
  const madeSeconds = Math.round((Date.now() - startedMs) / 1000);
  say(`  made in ${madeSeconds} s\nthe command`);
  await restart();
  const verified = await verify(stack.mongodbUri);
  if (verified.driftUnits !== 0 || verified.movements !== movements || verified.levels !== LEVELS)
    throw new Error(`it found ${JSON.stringify(verified)}`);
  await restart();
  say('raw limit: read by the driver as bytes');
  const raw = await withConnection(rawPerSecond);
  await restart();
  say(`  ${Math.round(raw)}/s\nthe command, with levels that are wrong`);
  const wrong = await withConnection(corrupt);
  const { drifting } = await verify(stack.mongodbUri);
  if (JSON.stringify([...drifting].sort()) !== JSON.stringify(wrong))
    throw new Error(`it found ${drifting.join(', ')}; wrong are ${wrong.join(', ')}`);
  const movementsPerSecond = (movements * 1000) / verified.durationMs;
  report(
    {
      movements,
      levels: LEVELS,
      seconds: Math.round(verified.durationMs / 100) / 10,
      movementsPerSecond: Math.round(movementsPerSecond),
      rawPerSecond: Math.round(raw),
      ratio: Math.round((movementsPerSecond / raw) * 100) / 100,
      peakMegabytes: Math.round(verified.peakBytes / 2 ** 20),
      driftUnits: verified.driftUnits,
      wrongLevelsFound: drifting.length,
      madeSeconds,
    },
    values.json,
  );
} finally {
  if (stack.mongodb.pid === undefined) await withConnection((connection) => connection.dropDatabase());
  await stack.stop();
}
