import type { CatalogChange } from '@shelfline/contracts/catalog';
import { type CatalogOutcome, catalogKey } from '@shelfline/contracts/catalog-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import type { CatalogWrites } from './catalog.repository.js';
import { type ChangeEntry, entryId } from './catalog-changes.stream.js';
import type { CatalogMetrics } from './catalog-metrics.js';

export type Answer =
  | { readonly kind: 'answered'; readonly outcome: CatalogOutcome }
  /** On the topic, so it will be decided; nobody has seen how within the time a request waits. */
  | { readonly kind: 'pending'; readonly id: string }
  /** Kafka did not confirm it: it may or may not be decided. Sending it again does no harm. */
  | { readonly kind: 'unavailable'; readonly id: string; readonly detail: string };

const ANSWER_WITHIN_MS = 10_000;

/** Sends changes the one way there is, through the topic, and waits for what came of them. */
export class CatalogWriter {
  constructor(
    private readonly publisher: Publisher,
    private readonly answers: OutcomeTail<CatalogOutcome>,
    private readonly store: PartitionStore<CatalogWrites>,
    private readonly metrics: CatalogMetrics,
  ) {}

  /** One answer per change, same order. */
  async submit(changes: readonly CatalogChange[]): Promise<Answer[]> {
    if (changes.length === 0) return [];
    const startedMs = performance.now();
    const awaited = changes.map((change) => this.answers.expect(entryId(change), ANSWER_WITHIN_MS));
    const sent = await this.publisher.publish(
      changes.map((change) => {
        const key = catalogKey(change.kind, change.code);
        return { topic: TOPICS.catalogChanges, key, partitionBy: key, value: change };
      }),
    );
    const answers = await Promise.all(
      changes.map(async (change, i): Promise<Answer> => {
        const result = sent[i]!;
        if (!result.ok) return { kind: 'unavailable', id: entryId(change), detail: result.error.message };
        const outcome = await awaited[i];
        return outcome ? { kind: 'answered', outcome } : { kind: 'pending', id: entryId(change) };
      }),
    );
    const settled = await this.lookUpPending(answers);
    const seconds = (performance.now() - startedMs) / 1000;
    for (const answer of settled)
      this.metrics.answered(answer.kind === 'answered' ? answer.outcome.result : answer.kind, seconds);
    return settled;
  }

  /** How a change ended, from the database; undefined while nobody has decided it. */
  async findOutcome(id: string): Promise<CatalogOutcome | undefined> {
    const entry = (await this.store.findEntries([id])).get(id) as ChangeEntry | undefined;
    return entry?.answer;
  }

  /** An answer missed on the topic is in the database: the entry is committed before it is published. */
  private async lookUpPending(answers: readonly Answer[]): Promise<Answer[]> {
    const ids = answers.flatMap((answer) => (answer.kind === 'pending' ? [answer.id] : []));
    if (ids.length === 0) return [...answers];
    const entries = await this.store.findEntries(ids);
    return answers.map((answer) => {
      const entry = answer.kind === 'pending' ? (entries.get(answer.id) as ChangeEntry | undefined) : undefined;
      return entry ? { kind: 'answered', outcome: entry.answer } : answer;
    });
  }
}
