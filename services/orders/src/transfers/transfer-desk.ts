import { TOPICS } from '@shelfline/contracts/topics';
import type { TransferMessage } from '@shelfline/contracts/transfer';
import { TransferOutcome } from '@shelfline/contracts/transfer-view';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import { answersTo } from '../answers-to.js';
import { type RefusalStatuses, refusedBecause } from '../order-problems.js';
import { TopicDesk } from '../topic-desk.js';
import type { TransferWrites } from './transfers.repository.js';

/** Of whom the answers are read here. */
export const TRANSFER_DESK = 'transfers-api';

export const decodeTransferAnswer = answersTo(TRANSFER_DESK, TransferOutcome);

/** Asks for a transfer. */
export class TransferDesk {
  private readonly desk: TopicDesk<TransferMessage, TransferOutcome>;

  constructor(
    publisher: Pick<Publisher, 'publish'>,
    answers: Pick<OutcomeTail<TransferOutcome>, 'expect'>,
    store: Pick<PartitionStore<TransferWrites>, 'findEntries'>,
    answerWithinMs: number,
  ) {
    this.desk = new TopicDesk({
      publisher,
      answers,
      store,
      answerWithinMs,
      topic: TOPICS.transferIntake,
      keyOf: ({ transferId }) => transferId,
      shownAt: ({ transferId }) => `/api/transfers/${encodeURIComponent(transferId)}`,
      mayBeTriedAgain: ({ type }, { result }) => type === 'request' && result === 'refused',
    });
  }

  /** Throws in words what was refused. */
  async ask(message: TransferMessage): Promise<TransferOutcome> {
    const outcome = await this.desk.ask(message);
    if (outcome.result === 'refused') throw refusedBecause(outcome, STATUS, 'The transfer cannot be taken as it is');
    return outcome;
  }
}

const STATUS: RefusalStatuses = {
  unknown_transfer: [404, 'There is no such transfer'],
  transfer_exists: [409, 'There is such a transfer already'],
  out_of_state: [409, 'That cannot be done now'],
  more_than_held: [409, 'More would leave than is reserved for it'],
  other_place: [403, 'That is another place’s affair'],
};

export const unknownTransfer = (transferId: string): ProblemError =>
  problem(
    404,
    'unknown-transfer',
    'There is no such transfer',
    `No transfer ${transferId} concerns you. Look for it in /api/transfers, by place or state.`,
  );
