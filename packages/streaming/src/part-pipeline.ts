import { isTransactionTooLarge } from './errors.js';
import type { PartitionBatch, ReceivedRecord } from './kafka-port.js';
import { type Decided, type Part, type PartDecider, withAhead } from './part-decider.js';
import type { Claim } from './stream.js';

/** Of a commit; `duplicate` = an id of it was in the ledger already, and nothing was committed. */
export type Outcome = { readonly kind: 'committed' } | { readonly kind: 'duplicate'; readonly detail?: string };
/** A part whose decision stands in memory already while it is being committed. */
interface Underway {
  readonly records: readonly ReceivedRecord[];
  readonly outcome: Promise<Outcome>;
}

/** What the partition's worker does. */
export interface PartSteps<W> {
  readonly claim: () => Claim;
  readonly commit: (decided: Decided<W>) => Promise<Outcome>;
  /** One transaction after the other, each decided on what is committed. */
  readonly applyInParts: (records: readonly ReceivedRecord[]) => Promise<void>;
  /** Forgets claim and memory. */
  readonly drop: () => void;
  /** The same, and claims the partition again where nobody else has committed meanwhile. */
  readonly claimAnew: () => Promise<void>;
}

/** Applies a batch that takes several transactions, deciding each part while the one before is being committed. */
export class PartPipeline<M, W> {
  constructor(
    private readonly decider: PartDecider<M, W>,
    private readonly steps: PartSteps<W>,
  ) {}

  /** Answers false when the partition went to somebody else in between. Leaves nothing under way. */
  async applyAll(batch: PartitionBatch, parts: readonly (readonly ReceivedRecord[])[]): Promise<boolean> {
    let underway: Underway | undefined;
    try {
      for (const [i, records] of parts.entries()) {
        if (i > 0) await batch.heartbeat();
        if (!batch.isCurrent()) {
          // Memory holds what was not committed.
          if (underway && (await orTooLarge(underway.outcome)).kind !== 'committed') this.steps.drop();
          return false;
        }
        underway = await this.applyAfter(underway, records, i === parts.length - 1);
      }
      return true;
    } finally {
      await underway?.outcome.catch(() => {});
    }
  }

  /**
   * Decides a part while the one before it is being committed. Where that one turns out to have an id twice, or too much
   * for a transaction, what was decided on top of it is forgotten like after a failure, and both are done one by one.
   */
  private async applyAfter(
    before: Underway | undefined,
    records: readonly ReceivedRecord[],
    isLast: boolean,
  ): Promise<Underway | undefined> {
    if (this.decider.expectsRepeats || (!before && isLast)) {
      if (before) await this.settle(before);
      await this.steps.applyInParts(records);
      return undefined;
    }
    const deciding = this.decider.read(records).then((part) => this.decide(part, before));
    const [settled, decided] = await Promise.allSettled([before && this.settle(before, deciding), deciding]);
    if (settled.status === 'rejected') throw settled.reason;
    if (settled.value === 'begun anew') return this.applyAfter(undefined, records, isLast);
    if (decided.status === 'rejected') throw decided.reason;
    if (!isLast && decided.value.ahead) {
      decided.value.ahead();
      const outcome = this.steps.commit(decided.value);
      // Whoever settles it hears of the failure.
      outcome.catch(() => {});
      return { records, outcome };
    }
    const { kind } = await orTooLarge(this.steps.commit(withAhead(decided.value)));
    if (kind === 'duplicate') this.decider.expectRepeats();
    // Memory follows the commit here, so nothing has to be forgotten.
    if (kind !== 'committed') await this.steps.applyInParts(records);
    return undefined;
  }

  private async settle(
    { records, outcome }: Underway,
    deciding?: Promise<unknown>,
  ): Promise<'committed' | 'begun anew'> {
    const result = await orTooLarge(outcome);
    if (result.kind === 'committed') return 'committed';
    // What is being decided on top of it ends first, or what it reads would come into the memory of the next claim.
    await deciding?.catch(() => {});
    // Memory holds what was not committed.
    await this.steps.claimAnew();
    if (result.kind === 'duplicate') this.decider.expectRepeats();
    await this.steps.applyInParts(records);
    return 'begun anew';
  }

  private decide(part: Part<M>, before: Underway | undefined): Promise<Decided<W>> {
    const settled = async () => {
      if (before && (await before.outcome).kind !== 'committed') throw new Error('what came before was not committed');
    };
    return this.decider.decide(part, new Map(), this.steps.claim(), settled);
  }
}

const orTooLarge = (outcome: Promise<Outcome>): Promise<Outcome | { readonly kind: 'too large' }> =>
  outcome.catch((error: unknown) => {
    if (isTransactionTooLarge(error)) return { kind: 'too large' };
    throw error;
  });
