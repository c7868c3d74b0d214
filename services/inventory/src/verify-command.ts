import { cloudEventHeaders } from '@shelfline/contracts/cloud-event';
import { Repair } from '@shelfline/contracts/stock-delta';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Servers } from '@shelfline/streaming/cli-connections';
import { OperatorError } from '@shelfline/streaming/errors';
import { topicName } from '@shelfline/streaming/topics-setup';
import { UnflushedReader } from '@shelfline/streaming/unflushed-reader';
import { LevelComparisons } from './level-comparison.repository.js';
import { LevelRepair, type RepairPort } from './level-repair.js';
import { LevelVerification } from './level-verification.js';
import { LotComparisons } from './lot-comparison.repository.js';
import type { MovementPack } from './movement-packs.js';
import { MovementReader } from './movement-reader.js';
import { isOfNothing, nothingKnownOf } from './nothing-found.js';
import { STOCK_IMAGES } from './stock-image-form.js';
import { StockQueries } from './stock-queries.repository.js';
import type { Drift } from './stock-views.js';
import { VerifyProgress } from './verify-progress.js';

const ANSWER_WITHIN_MS = 30_000;

export interface VerifyRequest {
  readonly sku?: string;
  readonly listed: number;
  readonly json: boolean;
  readonly repair?: { readonly operator: string; readonly reason: string };
}
export interface VerifyOutput {
  /** A line of the answer. */
  readonly say: (line: string) => void;
  /** A line for whoever waits. */
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Answers how many units differ at the end. */
export async function verifyLevels(servers: Servers, request: VerifyRequest, output: VerifyOutput): Promise<number> {
  const { connection } = servers;
  const comparisons = new LevelComparisons(connection);
  const lots = new LotComparisons(connection);
  if ((await comparisons.partitionCount()) === 0)
    throw new OperatorError(
      `There is no ledger in the database ${connection.name}. --database is MONGODB_DATABASE of inventory; see that ` +
        'MONGODB_URI is its server.',
    );
  const queries = new StockQueries(connection, new UnflushedReader(connection, TOPICS.deltas.name, STOCK_IMAGES));
  const skus = new Set<string>();
  const progress = new VerifyProgress(await comparisons.recordCount(), output.tell);
  const report = await new LevelVerification(queries, comparisons, lots).verify({
    ...(request.sku === undefined ? {} : { skus: [request.sku] }),
    listed: request.listed,
    onDrift: (sku) => skus.add(sku),
    watch: {
      onLevels: () => output.signal.throwIfAborted(),
      onMovements: (count) => {
        output.signal.throwIfAborted();
        progress.read(count, Date.now());
      },
    },
  });
  if (request.sku !== undefined && isOfNothing(report)) throw new OperatorError(nothingKnownOf(request.sku));
  const { json } = request;
  for (const drift of report.drifts) output.say(json ? JSON.stringify({ type: 'drift', ...drift }) : asLine(drift));
  const { drifts: _, ...sums } = report;
  output.say(json ? JSON.stringify({ type: 'report', ...sums, skus: skus.size }) : inWords(report, skus.size));
  if (!request.repair || skus.size === 0) return report.driftUnits;
  const ledger = await repairPort(servers);
  const repair = new LevelRepair(comparisons, lots, ledger, { ...request.repair, answerWithinMs: ANSWER_WITHIN_MS });
  return repairAll(repair, skus, json, output);
}

async function repairAll(
  repair: LevelRepair,
  skus: ReadonlySet<string>,
  json: boolean,
  { say, signal }: VerifyOutput,
): Promise<number> {
  let leftUnits = 0;
  for (const sku of skus) {
    signal.throwIfAborted();
    const { repairs, left } = await repair.repair(sku);
    for (const done of repairs) say(json ? JSON.stringify(done) : `${sku} at ${done.location}: repaired (${done.id})`);
    for (const drift of left) {
      leftUnits += Math.abs(drift.stored - drift.fromMovements);
      say(json ? JSON.stringify({ type: 'left', ...drift }) : `${asLine(drift)}; not repaired`);
    }
  }
  if (leftUnits > 0 && !json)
    say('What is not repaired moves all the time, or somebody goes on changing it. Ask again in a quiet moment.');
  return leftUnits;
}

async function repairPort({ connection, prefix, kafka }: Servers): Promise<RepairPort> {
  const port = await kafka();
  const movements = new MovementReader(connection.collection<MovementPack>('movements') as never);
  return {
    send: async (partition, repair) => {
      const value = JSON.stringify(Repair.parse(repair));
      const headers = cloudEventHeaders({
        id: repair.id,
        source: repair.source,
        type: 'inventory.delta.repair',
        subject: repair.sku,
      });
      await port.send(topicName(TOPICS.deltas, prefix), partition, [{ key: repair.sku, value, headers }]);
    },
    findOutcome: async (id) => (await movements.find(id))?.outcome,
  };
}

const asLine = ({ sku, location, lot, bucket, stored, fromMovements }: Drift): string =>
  `${sku} at ${location}${lot === undefined ? '' : `, lot ${lot}`}: ${bucket} is ${stored}, its movements add up to ${fromMovements}`;

function inWords(
  {
    levels,
    movements,
    driftUnits,
    drifts,
    durationMs,
  }: { drifts: readonly Drift[] } & Record<'levels' | 'movements' | 'driftUnits' | 'durationMs', number>,
  skus: number,
): string {
  const seconds = durationMs / 1000;
  const read = `${levels} levels, ${movements} movements in ${seconds.toFixed(1)} s (${Math.round(movements / Math.max(seconds, 0.001))}/s)`;
  if (driftUnits === 0) return `${read}: every level is the sum of its movements`;
  return `${read}: ${skus} SKUs differ by ${driftUnits} units; ${drifts.length} differences are listed`;
}
