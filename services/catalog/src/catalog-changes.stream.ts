import { createHash } from 'node:crypto';
import { canonicalJson } from '@shelfline/contracts/canonical-json';
import { CatalogChange, type CatalogKind } from '@shelfline/contracts/catalog';
import { CatalogOutcome, catalogKey } from '@shelfline/contracts/catalog-outcome';
import { sayIssues } from '@shelfline/contracts/issue-words';
import { versionHeaders, versionInHeaders } from '@shelfline/contracts/record-headers';
import { TOPICS } from '@shelfline/contracts/topics';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type {
  LedgerEntry,
  OutputRecord,
  Parsed,
  PartitionStore,
  StreamDefinition,
  WatchedTopic,
} from '@shelfline/streaming/stream';
import { strictJson } from '@shelfline/streaming/strict-json';
import type { CatalogRepository, CatalogWrites } from './catalog.repository.js';
import type { CatalogEntry } from './domain/catalog-entry.js';

/** The entry of a change: its outcome is both the answer and what tells which states to publish again. */
export interface ChangeEntry extends LedgerEntry {
  readonly answer: CatalogOutcome;
}

export const NO_WRITES: CatalogWrites = { inserted: [], replaced: [] };
const ENTITY_TOPICS = {
  products: TOPICS.products,
  locations: TOPICS.locations,
  channels: TOPICS.channels,
  organisations: TOPICS.organisations,
} as const;
const ENTITY_TYPES = {
  products: 'shelfline.catalog.product',
  locations: 'shelfline.catalog.location',
  channels: 'shelfline.catalog.channel',
  organisations: 'shelfline.catalog.organisation',
} as const;
/** A transaction of this many changes writes up to twice as many documents. */
const MAX_BATCH_RECORDS = 1000;
/** Nothing here depends on time: ticks claim partitions and publish what a former owner left unpublished. */
const TICK_EVERY_MS = 5000;

export interface CatalogStreamOptions {
  readonly repository: CatalogRepository;
  readonly store: PartitionStore<CatalogWrites>;
  readonly groupId: string;
}

/** Topic `catalog.changes`, key `kind/code`: a code's changes are decided in order by one owner. */
export function catalogStream({
  repository,
  store,
  groupId,
}: CatalogStreamOptions): StreamDefinition<CatalogChange, CatalogWrites> {
  return {
    topic: TOPICS.catalogChanges,
    groupId,
    parse: parseChange,
    store,
    emptyWrites: NO_WRITES,
    republish: async (entries) => {
      const answers = (entries as readonly ChangeEntry[]).map(({ answer }) => answer);
      const applied = answers.filter(({ result }) => result === 'applied');
      const states = await repository.findEntries(codesByKind(applied));
      return [...[...states.values()].map(stateOutput), ...answers.map(outcomeOutput)];
    },
    resend: (entry) => [outcomeOutput((entry as ChangeEntry).answer)],
    // State is read for each batch and kept by nobody.
    released: () => {},
    watched: Object.keys(ENTITY_TOPICS).map((kind) => watchedTopic(kind as CatalogKind, repository)),
    tickEveryMs: TICK_EVERY_MS,
    maxBatchRecords: MAX_BATCH_RECORDS,
  };
}

/**
 * Entities are keyed by their code, changes by `kind/code`, so an entity's partition is not its change's. The watch
 * compares every record not written by the same-numbered partition's owner, which covers late ones all the same.
 */
function watchedTopic(kind: CatalogKind, repository: CatalogRepository): WatchedTopic {
  return {
    topic: ENTITY_TOPICS[kind],
    versionOf: ({ headers }) => versionInHeaders(headers),
    committed: async (keys) => {
      const found = await repository.findEntries(new Map([[kind, keys]]));
      return [...found.values()].map((entry) => ({
        key: entry.code,
        version: entry.version,
        output: stateOutput(entry),
      }));
    },
  };
}

export const stateOutput = (entry: CatalogEntry): OutputRecord => ({
  topic: ENTITY_TOPICS[entry.kind],
  key: entry.code,
  partition: { by: entry.code },
  type: ENTITY_TYPES[entry.kind],
  value: entry.entity && {
    ...entry.entity,
    version: entry.version,
    updatedAt: new Date(entry.updatedAtMs).toISOString(),
  },
  headers: versionHeaders(entry.version),
});

export const outcomeOutput = (outcome: CatalogOutcome): OutputRecord => ({
  topic: TOPICS.catalogOutcomes,
  key: catalogKey(outcome.kind, outcome.code),
  partition: 'same',
  type: 'shelfline.catalog.outcome',
  value: outcome,
});

export function codesByKind(items: Iterable<{ kind: CatalogKind; code: string }>): Map<CatalogKind, string[]> {
  const codes = new Map<CatalogKind, Set<string>>();
  for (const { kind, code } of items) {
    const known = codes.get(kind);
    if (known) known.add(code);
    else codes.set(kind, new Set([code]));
  }
  return new Map([...codes].map(([kind, set]) => [kind, [...set]]));
}

export const entryId = ({ source, id }: { source: string; id: string }): string => `${source}/${id}`;

export function parseChange(record: ReceivedRecord): Parsed<CatalogChange> {
  let sent: unknown;
  try {
    sent = strictJson(record);
  } catch {
    return { kind: 'invalid', reason: 'not_json', detail: 'the value is not JSON in UTF-8' };
  }
  const read = CatalogChange.safeParse(sent);
  if (!read.success) {
    return { kind: 'invalid', reason: 'invalid', detail: sayIssues(read.error.issues, sent, 'the change') };
  }
  const { kind, code, entity, expectedVersion } = read.data;
  const key = catalogKey(kind, code);
  if (record.key !== key)
    return { kind: 'invalid', reason: 'wrong_key', detail: `the key must be ${key}, since it orders a code’s changes` };
  const content = canonicalJson({ kind, code, entity, expectedVersion });
  const contentHash = createHash('sha1').update(content).digest('base64url');
  return { kind: 'message', id: entryId(read.data), contentHash, message: read.data };
}

/** The answer a record of `catalog.outcomes` holds; what is none must not stop the reader. */
export function readOutcome({ value }: ReceivedRecord): { id: string; outcome: CatalogOutcome } | undefined {
  let sent: unknown;
  try {
    sent = JSON.parse(value?.toString() ?? 'null');
  } catch {
    return undefined;
  }
  const read = CatalogOutcome.safeParse(sent);
  return read.success ? { id: entryId(read.data), outcome: read.data } : undefined;
}
