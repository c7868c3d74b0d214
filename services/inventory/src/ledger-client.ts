import { createHash } from 'node:crypto';
import { cloudEventHeaders } from '@shelfline/contracts/cloud-event';
import { VERSIONS_PER_GENERATION } from '@shelfline/contracts/stock-level';
import type { ReservationOutcome } from '@shelfline/contracts/stock-outcome';
import { StockOutcome } from '@shelfline/contracts/stock-outcome';
import { TOPICS } from '@shelfline/contracts/topics';
import { problem } from '@shelfline/service-kit/problem';
import { currentTraceparent } from '@shelfline/service-kit/tracing';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { LedgerAnswer, LedgerPort, ReservationCommand } from './reservations.js';
import type { StockEntry } from './stock-entry.js';
import { outcomeOf } from './stock-outputs.js';
import type { StockQueries } from './stock-queries.repository.js';

const SOURCE = 'reservations-api';
const ASKED_HERE = JSON.stringify(SOURCE);

/** Reads answers off `inventory.outcomes` that were asked for by REST; what others asked passes by unread. */
export function decodeOutcome(record: ReceivedRecord): { id: string; outcome: ReservationOutcome } | undefined {
  // Of a flash sale's hundred thousand answers few are asked for here, and reading one costs what looking at ten does.
  if (!record.value?.includes(ASKED_HERE)) return undefined;
  const value = JSON.parse(record.value.toString()) as { source?: unknown };
  if (value.source !== SOURCE) return undefined;
  const outcome = StockOutcome.safeParse(value);
  if (!outcome.success || outcome.data.type !== 'reservation') return undefined;
  return { id: `${outcome.data.source}/${outcome.data.id}`, outcome: outcome.data };
}

/**
 * Sends reservation commands through the same topic as everybody else and waits for the committed answer. The id is
 * made of what is asked, so that the same request again is answered from the ledger.
 */
export class LedgerClient implements LedgerPort {
  constructor(
    private readonly publisher: Publisher,
    private readonly outcomes: OutcomeTail<ReservationOutcome>,
    private readonly queries: StockQueries,
    private readonly timeoutMs: number,
  ) {}

  async ask(command: ReservationCommand): Promise<LedgerAnswer | undefined> {
    const id = commandId(command);
    const answer = this.outcomes.expect(`${SOURCE}/${id}`, this.timeoutMs);
    const [sent] = await this.publisher.publish([
      {
        topic: TOPICS.deltas,
        key: command.sku,
        partitionBy: command.sku,
        value: { ...command, id, source: SOURCE },
        headers: cloudEventHeaders({
          id,
          source: SOURCE,
          type: `inventory.delta.${command.type}`,
          subject: command.sku,
          traceparent: currentTraceparent(),
        }),
      },
    ]);
    if (!sent?.ok)
      throw problem(
        503,
        'unavailable',
        'The ledger cannot be reached',
        'Kafka did not take the command. Ask again with the same id.',
      );
    const outcome = (await answer) ?? (await this.findStored(id));
    return outcome && { ...outcome, isRepeat: outcome.version % VERSIONS_PER_GENERATION !== sent.offset };
  }

  /** The answer may have passed by while the tail was rejoining. */
  private async findStored(id: string): Promise<ReservationOutcome | undefined> {
    const entry = await this.queries.findMovement(SOURCE, id);
    return entry ? outcomeOf(entry as unknown as StockEntry) : undefined;
  }
}

/** Reservation ids and SKUs may be long: their digest fits into an event id whatever they are. */
export function commandId({ type, reservationId, sku, ...rest }: ReservationCommand): string {
  return `${type}-${createHash('sha256')
    .update(JSON.stringify([reservationId, sku, JSON.stringify(rest)]))
    .digest('base64url')}`;
}
