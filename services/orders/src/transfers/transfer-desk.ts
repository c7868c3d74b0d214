import { TOPICS } from '@shelfline/contracts/topics';
import type { TransferMessage } from '@shelfline/contracts/transfer';
import { TransferOutcome } from '@shelfline/contracts/transfer-view';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import { asSentence } from '@shelfline/service-kit/sentence';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import { conflicting, notConfirmed } from '../order-problems.js';
import { contentHashOf } from '../read-message.js';
import type { TransferEntry } from './transfer-outputs.js';
import type { TransferWrites } from './transfers.repository.js';

/** Of whom the answers are read here. */
export const TRANSFER_DESK = 'transfers-api';
const ASKED_HERE = JSON.stringify(TRANSFER_DESK);

export function decodeTransferAnswer({ value }: ReceivedRecord): { id: string; outcome: TransferOutcome } | undefined {
  if (!value?.includes(ASKED_HERE)) return undefined;
  const { data } = TransferOutcome.safeParse(JSON.parse(value.toString()));
  return data?.source === TRANSFER_DESK ? { id: `${data.source}/${data.id}`, outcome: data } : undefined;
}

/** Sends what REST is asked the one way there is, through the topic, and waits for what came of it. */
export class TransferDesk {
  constructor(
    private readonly publisher: Publisher,
    private readonly answers: OutcomeTail<TransferOutcome>,
    private readonly store: Pick<PartitionStore<TransferWrites>, 'findEntries'>,
    private readonly answerWithinMs: number,
  ) {}

  /** What was asked before is not sent again; throws in words what was refused. */
  async ask(message: TransferMessage): Promise<TransferOutcome> {
    const before = await this.findAnswer(message);
    if (before) return said(before);
    const id = `${message.source}/${message.id}`;
    const awaited = this.answers.expect(id, this.answerWithinMs);
    const { transferId } = message;
    const [sent] = await this.publisher.publish([
      { topic: TOPICS.transferIntake, key: transferId, partitionBy: transferId, value: message },
    ]);
    if (!sent!.ok) throw notConfirmed();
    const heard = await awaited;
    // Only the entry tells whether the answer is to this message or to another of the same id under way at that time.
    const outcome = (await this.findAnswer(message)) ?? heard;
    if (outcome) return said(outcome);
    throw problem(
      503,
      'not-answered-yet',
      'It was taken and is not decided yet',
      `It will be. Look at /api/transfers/${encodeURIComponent(transferId)}, or send the same again to wait for its answer.`,
    );
  }

  private async findAnswer(message: TransferMessage): Promise<TransferOutcome | undefined> {
    const id = `${message.source}/${message.id}`;
    const entry = (await this.store.findEntries([id])).get(id) as TransferEntry | undefined;
    if (!entry?.answer) return undefined;
    if (entry.contentHash !== contentHashOf(message)) throw conflicting('This id');
    return entry.answer;
  }
}

const STATUS: Readonly<Record<string, readonly [status: number, title: string]>> = {
  unknown_transfer: [404, 'There is no such transfer'],
  transfer_exists: [409, 'There is such a transfer already'],
  out_of_state: [409, 'That cannot be done now'],
  more_than_held: [409, 'More would leave than is reserved for it'],
  other_place: [403, 'That is another place’s affair'],
};

function said(outcome: TransferOutcome): TransferOutcome {
  if (outcome.result === 'refused') throw refusedTransfer(outcome);
  return outcome;
}
function refusedTransfer({ errors = [], allowed }: TransferOutcome): ProblemError {
  const [status, title] = STATUS[errors[0]?.code ?? ''] ?? [422, 'The transfer cannot be taken as it is'];
  const slug = (errors[0]?.code ?? 'refused').replaceAll('_', '-');
  const text = errors.map(({ detail }) => detail).join('; ');
  return problem(status, slug, title, `${asSentence(text)}. Nothing was changed.`, {
    errors: errors.map(({ field, code, detail }) => ({ path: field, code, message: detail })),
    ...(allowed ? { allowed } : {}),
  });
}

export const unknownTransfer = (transferId: string): ProblemError =>
  problem(
    404,
    'unknown-transfer',
    'There is no such transfer',
    `No transfer ${transferId} concerns you. Look for it in /api/transfers, by place or state.`,
  );
