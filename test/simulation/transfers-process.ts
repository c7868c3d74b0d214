import { TOPICS } from '@shelfline/contracts/topics';
import type { Transfer } from '@shelfline/orders/domain/transfers/transfer';
import type { PromisableStock } from '@shelfline/orders/promisable-stock';
import { MemoryTransfers } from '@shelfline/orders/testing/memory-transfers';
import { TransferSurroundings } from '@shelfline/orders/transfers/transfer-surroundings';
import type { TransfersRepository, TransferWrites } from '@shelfline/orders/transfers/transfers.repository';
import { TransfersIntakeHandler } from '@shelfline/orders/transfers/transfers-intake.handler';
import { transfersStream } from '@shelfline/orders/transfers/transfers-intake.stream';
import type { TransfersMetrics } from '@shelfline/orders/transfers/transfers-metrics';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import { StreamRunner, type StreamRunnerOptions } from '@shelfline/streaming/stream-runner';
import { SimulatedDatabase } from '@shelfline/streaming/testing/simulated-store';
import { remote } from './remote.ts';
import { commitFaults, type Surroundings } from './surroundings.ts';

export const TRANSFER_TOPICS = [TOPICS.transferIntake, TOPICS.transferOutcomes, TOPICS.transferEvents];
/** Short, so that a history has reminders of every kind. */
const TRANSFER_TIMES = { approveWithinMs: 2500, shipWithinMs: 2500, receiveWithinMs: 2500, askAgainAfterMs: 1500 };
/** What fills up a shelf waits for head office where it is much. */
const APPROVAL_RULES = [
  { purposes: ['pickup' as const, 'endless_aisle' as const], mostUnits: 20 },
  { purposes: ['replenishment' as const], mostUnits: 3 },
];
const uncounted = { decided: () => {} } as unknown as TransfersMetrics;

/** The database of transfers: what all instances of orders share. */
export function createTransfersDatabase() {
  const repository = new MemoryTransfers(TRANSFER_TIMES);
  /** Each as a commit made it, in order. */
  const committed: Transfer[] = [];
  const database = new SimulatedDatabase<TransferWrites>((writes) => {
    repository.write(writes);
    for (const { transfer } of writes) committed.push(transfer);
  });
  return { repository, committed, database };
}
export type TransfersDatabase = ReturnType<typeof createTransfersDatabase>;

type Running = Omit<StreamRunnerOptions<never, never>, 'stream' | 'decide'>;
interface Paced {
  readonly tickEveryMs: number;
  readonly maxBatchRecords: number;
}

/** The stream of transfers, of a process of orders. */
export function transfersRunner(
  surroundings: Surroundings,
  { repository, database }: TransfersDatabase,
  stock: PromisableStock,
  running: Running,
  paced: Paced,
) {
  const { machine, random, databaseHealth: health, trace, struck } = surroundings;
  const toDatabase = { server: 'database', machine, random, health, trace, struck } as const;
  const found = remote(repository, toDatabase) as unknown as TransfersRepository;
  const knows = new TransferSurroundings(stock, TRANSFER_TIMES, APPROVAL_RULES);
  const due = new EarliestDue();
  const handler = new TransfersIntakeHandler(found, knows, uncounted, due);
  const store = remote(database.connect(commitFaults(surroundings)), toDatabase);
  return new StreamRunner({
    ...running,
    stream: { ...transfersStream(store, 'transfers', due), ...paced },
    decide: (batch) => handler.handleBatch(batch),
  });
}
