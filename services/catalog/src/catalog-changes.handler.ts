import { Controller } from '@nestjs/common';
import type { CatalogChange } from '@shelfline/contracts/catalog';
import { catalogKey } from '@shelfline/contracts/catalog-outcome';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision } from '@shelfline/streaming/stream';
import { CatalogRepository, type CatalogWrites } from './catalog.repository.js';
import { type ChangeEntry, codesByKind, NO_WRITES, outcomeOutput, stateOutput } from './catalog-changes.stream.js';
import { CatalogMetrics } from './catalog-metrics.js';
import { decideBatch, type KnownState, referencedBy } from './domain/decide-batch.js';

/**
 * Topic `catalog.changes`, key `kind/code`, in order per code. A repeated record is answered again and changes nothing;
 * a batch that fails is begun again from what is committed.
 */
@Controller()
export class CatalogChangesHandler {
  constructor(
    private readonly repository: CatalogRepository,
    private readonly metrics: CatalogMetrics,
  ) {}

  @HandlesBatch(TOPICS.catalogChanges)
  async handleBatch({ items, partition, generation }: Batch<CatalogChange>): Promise<Decision<CatalogWrites>> {
    const arrived = items.flatMap((item) => (item.kind === 'message' ? [item] : []));
    if (arrived.length === 0)
      return { entries: [], writes: NO_WRITES, outputs: [], committed: () => {}, nothingChanged: true };
    const known = await this.load(arrived.map(({ message }) => message));
    const { outcomes, changed } = decideBatch(
      arrived.map(({ message, record }) => ({
        change: message,
        version: versionOf(generation, record.offset),
        arrivedAtMs: record.timestampMs,
      })),
      known,
    );
    const entries = arrived.map(
      ({ id, contentHash, record }, i): ChangeEntry => ({
        _id: id,
        contentHash,
        partition,
        offset: record.offset,
        outcome: outcomes[i]!.result,
        answer: outcomes[i]!,
      }),
    );
    const states = [...changed.values()];
    const isKnown = ({ kind, code }: { kind: string; code: string }) => known.entries.has(catalogKey(kind, code));
    return {
      entries,
      writes: { inserted: states.filter((entry) => !isKnown(entry)), replaced: states.filter(isKnown) },
      outputs: [...states.map(stateOutput), ...outcomes.map(outcomeOutput)],
      committed: () => this.metrics.changesDecided(outcomes),
      nothingChanged: false,
    };
  }

  private async load(changes: readonly CatalogChange[]): Promise<KnownState> {
    const entries = await this.repository.findEntries(codesByKind(changes));
    return { entries, existing: await this.repository.findExisting(codesByKind(referencedBy(changes))) };
  }
}
