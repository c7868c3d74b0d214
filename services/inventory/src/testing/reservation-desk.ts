import type { StockCommand } from '@shelfline/contracts/stock-delta';
import { toProblem } from '@shelfline/service-kit/problem';
import { commandId, type LedgerClient } from '../ledger-client.js';
import { ReservationsController } from '../reservations.controller.js';
import type { LedgerPort, ReservationCommand } from '../reservations.js';
import type { StockEntry } from '../stock-entry.js';
import { outcomeOf } from '../stock-outputs.js';
import type { StockQueries } from '../stock-queries.repository.js';
import { contentHashOf } from '../stored-message.js';
import type { MemoryLedger } from './memory-ledger.js';

const SOURCE = 'reservations-api';

/** The REST of reservations over the real decisions in memory: an id that came before is answered as it was. */
export class ReservationDesk {
  readonly rest: ReservationsController;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ledger: MemoryLedger,
    longestHoldMs = 30 * 24 * 60 * 60 * 1000,
  ) {
    const port: LedgerPort = { ask: (command) => this.inTurn(() => this.ask(command)) };
    this.rest = new ReservationsController(
      port as LedgerClient,
      {
        findReservation: async (id: string) => (await this.rows(id)).map((row) => ({ ...row })),
        findReservationSkus: async (id: string) => (await this.rows(id)).map(({ sku }) => sku),
      } as unknown as StockQueries,
      longestHoldMs,
    );
  }

  /** What a caller sees: the answer, or the problem. */
  async answer(asked: () => Promise<unknown>): Promise<unknown> {
    try {
      return await asked();
    } catch (error) {
      return toProblem(error);
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn;
    return turn;
  }

  private async ask(command: ReservationCommand) {
    const id = commandId(command);
    const known = () => this.ledger.entries.get(`${SOURCE}/${id}`) as StockEntry | undefined;
    const isRepeat = known() !== undefined;
    if (isRepeat && known()!.contentHash !== contentHashOf({ ...command, id, source: SOURCE } as StockCommand))
      throw new Error(`${id} came with other content: a dead letter, which nobody is answered`);
    if (!isRepeat) await this.ledger.process({ ...command, id, source: SOURCE } as StockCommand);
    return { ...outcomeOf(known()!)!, isRepeat };
  }

  private async rows(id: string) {
    await this.ledger.flush();
    return [...this.ledger.repository.reservations.values()]
      .filter(({ reservation }) => reservation.reservationId === id)
      .map(({ sku, reservation: { state, allocations, expiresAtMs, version } }) => ({
        sku,
        state,
        allocations: [...allocations],
        expiresAt: new Date(expiresAtMs).toISOString(),
        version,
      }));
  }
}
