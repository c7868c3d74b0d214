import { parseLevelKey } from '@shelfline/contracts/identifiers';
import type { StockDelta } from '@shelfline/contracts/stock-delta';
import { TOPICS } from '@shelfline/contracts/topics';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutputRecord, PartitionStore, StreamDefinition, WatchedTopic } from '@shelfline/streaming/stream';
import { parseDelta } from './delta-parser.js';
import { availabilityOf, availableOf, type ShownFigures, shownFigures } from './domain/availability.js';
import type { SafetyRule } from './domain/reference.js';
import type { Stock } from './domain/stock.js';
import { feedOutputs } from './feeds.stream.js';
import type { PartitionUpkeep } from './partition-upkeep.js';
import type { ReferenceData } from './reference-data.js';
import { NO_WRITES, type StockRepository, type StockWrites } from './stock.repository.js';
import type { StockCache } from './stock-cache.js';
import { isStockEntry } from './stock-entry.js';
import type { StockImage } from './stock-images.js';
import { answerOutputs, availabilityOutput, entryOutputs, levelOutput } from './stock-outputs.js';
import type { UnflushedStock } from './unflushed-stock.js';

export interface StockStreamParts {
  readonly groupId: string;
  readonly store: PartitionStore<StockWrites>;
  readonly repository: Pick<StockRepository, 'flush'>;
  readonly stored: UnflushedStock;
  readonly cache: StockCache;
  readonly reference: ReferenceData;
  readonly upkeep: PartitionUpkeep;
  readonly safety: SafetyRule;
  readonly tickEveryMs: number;
  readonly maxBatchRecords: number;
}

/** How `inventory.deltas` is run: its contract, what a new owner publishes again, what it watches. */
export function stockStream(parts: StockStreamParts): StreamDefinition<StockDelta, StockWrites> {
  return {
    topic: TOPICS.deltas,
    groupId: parts.groupId,
    parse: parseDelta,
    store: parts.store,
    emptyWrites: NO_WRITES,
    tickEveryMs: parts.tickEveryMs,
    maxBatchRecords: parts.maxBatchRecords,
    republish: async (entries, partition, { sinceVersion, toldAtMs }) => {
      const stockEntries = entries.filter(isStockEntry);
      const skus = new Set(stockEntries.map(({ sku }) => sku).filter((sku) => sku !== ''));
      // A day that ended, or another rule, changes levels and leaves no entry.
      for (const sku of parts.stored.changedSince(partition, sinceVersion)) skus.add(sku);
      // As they were told: a day that ended or a feed that fell silent since is told anew by a sweep, as a later version.
      const outputs = await committedOutputs(parts, [...skus], partition, toldAtMs);
      return [
        ...outputs.flatMap(({ output, version }) => (version >= sinceVersion ? [output] : [])),
        ...entryOutputs(stockEntries),
        ...feedOutputs(stockEntries),
      ];
    },
    resend: (entry) => (isStockEntry(entry) ? answerOutputs(entry) : []),
    released: (partition) => {
      parts.cache.drop(partition);
      parts.upkeep.released(partition);
      parts.stored.released(partition);
    },
    behind: {
      unflushed: parts.stored.unflushed,
      flush: (images) => parts.repository.flush(images as readonly StockImage[]),
    },
    watched: [
      watched(parts, TOPICS.levels, (key) => parseLevelKey(key).sku),
      watched(parts, TOPICS.availability, (key) => key.slice(0, key.indexOf('|'))),
    ],
  };
}

function watched(parts: StockStreamParts, topic: WatchedTopic['topic'], skuOf: (key: string) => string): WatchedTopic {
  return {
    topic,
    versionOf: (record) => versionIn(record),
    committed: async (keys, partition, newestMs) => {
      const wanted = new Set(keys);
      const outputs = await committedOutputs(parts, [...new Set(keys.map(skuOf))], partition, () => newestMs);
      return outputs.filter(({ output, key }) => output.topic === topic && wanted.has(key));
    },
  };
}

function versionIn({ value }: ReceivedRecord): number {
  const { version } = value === null ? {} : (JSON.parse(value.toString()) as { version?: unknown });
  return typeof version === 'number' ? version : 0;
}

/** Levels and availability of SKUs as they are committed, with the versions they have (or would have) been shown with. */
async function committedOutputs(
  { stored, reference, safety, upkeep }: StockStreamParts,
  skus: readonly string[],
  partition: number,
  toldAtMs: (version: number) => number,
): Promise<{ key: string; version: number; output: OutputRecord }[]> {
  const current = reference.current();
  const confirmations = await upkeep.confirmationsOf(partition);
  const confirmedAtMs = (location: string) => confirmations.get(location) ?? 0;
  const outputs: { key: string; version: number; output: OutputRecord }[] = [];
  for (const stock of (await stored.loadMany(partition, skus)).values()) {
    const { version, atMs } = newestOf(stock);
    for (const level of stock.levels.values()) {
      const output = levelOutput(stock.sku, level, committedFigures(stock.sku, level, current, safety, atMs));
      outputs.push({ key: output.key, version: level.version, output });
    }
    const context = { reference: current, safety, nowMs: Math.max(atMs, toldAtMs(version)), confirmedAtMs };
    for (const shown of availabilityOf(stock, context).values()) {
      const output = availabilityOutput(stock.sku, shown, { version, atMs });
      outputs.push({ key: output.key, version, output });
    }
  }
  return outputs;
}

/**
 * A day that ended changes figures and no fact's time, so what the level was committed with counts, not what it would
 * have been shown with when its last fact came.
 */
function committedFigures(...[sku, level, reference, safety, atMs]: Parameters<typeof shownFigures>): ShownFigures {
  const { safetyStock, unreferenced, expired } = level;
  const { confidence } = shownFigures(sku, level, reference, safety, atMs);
  const figures = { safetyStock, available: availableOf(level, safetyStock, expired ?? 0), confidence, unreferenced };
  return expired === undefined ? figures : { ...figures, expired };
}

function newestOf({ levels }: Stock): { version: number; atMs: number } {
  let version = 0;
  let atMs = 0;
  for (const level of levels.values()) {
    version = Math.max(version, level.version);
    atMs = Math.max(atMs, level.asOfMs);
  }
  return { version, atMs };
}
