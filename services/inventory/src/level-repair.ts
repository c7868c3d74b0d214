import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Repair } from '@shelfline/contracts/stock-delta';
import { OperatorError } from '@shelfline/streaming/errors';
import type { LevelComparison, LevelComparisons } from './level-comparison.repository.js';
import { driftsOf, driftsOfLot, isDrifting } from './level-verification.js';
import type { LotComparison, LotComparisons, LotFigures } from './lot-comparison.repository.js';
import type { Drift } from './stock-views.js';

export const REPAIR_SOURCE = 'verify-cli';
/** A level that moves between each recount and its repair is left to a quieter moment. */
const MOST_LOOKS = 6;
const ASK_EVERY_MS = 50;

/** How repairs reach the ledger, and what became of them. */
export interface RepairPort {
  send(partition: number, repair: Repair): Promise<void>;
  /** Outcome of the entry with this `source/id`; undefined until it is committed. */
  findOutcome(id: string): Promise<string | undefined>;
}
export interface RepairedSku {
  readonly repairs: readonly Repair[];
  /** What differs still. */
  readonly left: readonly Drift[];
}
export interface RepairOptions {
  readonly operator: string;
  readonly reason: string;
  readonly answerWithinMs: number;
}

/**
 * Has the ledger set levels to the sums of their movements. Nothing is written here: each repair is a record of the
 * topic, decided in order with everything else by the SKU's one writer.
 */
export class LevelRepair {
  constructor(
    private readonly comparisons: Pick<LevelComparisons, 'ofSkus'>,
    private readonly lots: Pick<LotComparisons, 'ofSkus'>,
    private readonly ledger: RepairPort,
    private readonly options: RepairOptions,
  ) {}

  /** Recounts as of one moment, asks, and looks again; anew where the level moved in between. */
  async repair(sku: string): Promise<RepairedSku> {
    const repairs: Repair[] = [];
    for (let look = 1; ; look++) {
      const { levels, throughOf, partitionOf } = await this.comparisons.ofSkus([sku]);
      // Read after the level's checkpoint: a level that moved in between makes its repair be refused.
      const lots = await this.lots.ofSkus([sku]);
      const lotsAt = (location: string) => lots.filter((lot) => lot.location === location);
      const lotDriftsAt = (location: string) => lotsAt(location).flatMap(driftsOfLot);
      const drifting = levels.filter((level) => isDrifting(level) || lotDriftsAt(level.location).length > 0);
      // One that differs again after its repair is being changed by somebody: no number of repairs would end that.
      const open = drifting.filter(({ location }) => !repairs.some((repair) => repair.location === location));
      if (open.length === 0 || look === MOST_LOOKS)
        return { repairs, left: drifting.flatMap((level) => [...driftsOf(level), ...lotDriftsAt(level.location)]) };
      for (const level of open) {
        const repair = this.repairOf(level, lotsAt(level.location), throughOf(sku));
        await this.ledger.send(partitionOf(sku), repair);
        if ((await this.outcomeOf(repair)) === 'applied') repairs.push(repair);
      }
    }
  }

  private repairOf(
    { sku, location, stored, fromMovements }: LevelComparison,
    lots: readonly LotComparison[],
    recountedThrough: number,
  ): Repair {
    const { operator, reason } = this.options;
    const content = {
      sku,
      location,
      recount: { ...fromMovements, ...recounted(lots, 'fromMovements') },
      found: { ...stored, ...recounted(lots, 'stored') },
      recountedThrough,
      operator,
      reason,
    };
    const digest = createHash('sha256').update(JSON.stringify(content)).digest('base64url');
    return { type: 'repair', id: `repair-${digest}`, source: REPAIR_SOURCE, ...content };
  }

  private async outcomeOf({ source, id, sku, location }: Repair): Promise<string> {
    const deadline = Date.now() + this.options.answerWithinMs;
    for (;;) {
      const outcome = await this.ledger.findOutcome(`${source}/${id}`);
      if (outcome !== undefined) return outcome;
      if (Date.now() > deadline)
        throw new OperatorError(
          `The ledger did not answer the repair of ${sku} at ${location} within ${this.options.answerWithinMs / 1000} s. ` +
            'See that inventory runs, that KAFKA_BROKERS and TOPIC_PREFIX are its own, and that its dead letters do not ' +
            'have the repair. The record stays on the topic: applied later or asked for again, it has its effect once.',
        );
      await delay(ASK_EVERY_MS);
    }
  }
}

/** Those of which something is there; no field where the level has no lots. */
function recounted(lots: readonly LotComparison[], side: 'stored' | 'fromMovements'): Pick<Repair['recount'], 'lots'> {
  if (lots.length === 0) return {};
  const figures = lots.map((each) => ({ lot: each.lot, ...each[side] }));
  return {
    lots: figures.filter((each: LotFigures) => each.onHand !== 0 || each.damaged !== 0 || each.qualityControl !== 0),
  };
}
