import { Controller, Inject } from '@nestjs/common';
import { versionOf } from '@shelfline/contracts/stock-level';
import { TOPICS } from '@shelfline/contracts/topics';
import type { RequestTransfer, TransferMessage } from '@shelfline/contracts/transfer';
import type { TransferOutcome } from '@shelfline/contracts/transfer-view';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import { HandlesBatch } from '@shelfline/streaming/handles-batch';
import type { Batch, Decision } from '@shelfline/streaming/stream';
import {
  type Asked,
  decideTransfer,
  isHeard,
  type TransferContext,
  transferFallsDue,
} from '../domain/transfers/decide-transfer.js';
import { orderNews, refusalNews } from '../domain/transfers/tell-order.js';
import { dueAtMs, type Transfer } from '../domain/transfers/transfer.js';
import { releasesOf, transferDeltas } from '../domain/transfers/transfer-commands.js';
import type { TransferDecided } from '../domain/transfers/transfer-draft.js';
import { entryOutputs, type TransferEntry, toldEvents } from './transfer-outputs.js';
import { TransferSurroundings } from './transfer-surroundings.js';
import { TransfersRepository, type TransferWrites } from './transfers.repository.js';
import { TRANSFERS_DUE } from './transfers-intake.stream.js';
import { TransfersMetrics } from './transfers-metrics.js';

/** So many time-outs are worked off with one tick; the rest with the next. */
const MOST_DUE = 200;

/**
 * Topic `transfers.intake`, key transferId, in order per transfer. A repeated record is answered again and changes
 * nothing; time-outs are decided when a tick is read, at its append time.
 */
@Controller()
export class TransfersIntakeHandler {
  constructor(
    private readonly repository: TransfersRepository,
    private readonly surroundings: TransferSurroundings,
    private readonly metrics: TransfersMetrics,
    @Inject(TRANSFERS_DUE) private readonly due: EarliestDue,
  ) {}

  @HandlesBatch(TOPICS.transferIntake)
  async handleBatch({ items, partition, generation }: Batch<TransferMessage>): Promise<Decision<TransferWrites>> {
    const ids = new Set(items.flatMap((item) => (item.kind === 'message' ? [item.message.transferId] : [])));
    const transfers = await this.repository.findTransfers([...ids]);
    const tick = items.findLast(({ kind }) => kind === 'tick');
    const nowMs = tick?.record.timestampMs;
    const due = nowMs === undefined ? [] : await this.due.find(this.repository, { partition, nowMs, limit: MOST_DUE });
    for (const transfer of due) if (!transfers.has(transfer.transferId)) transfers.set(transfer.transferId, transfer);
    const work = new TransferWork(partition, transfers);
    for (const item of items) {
      const { offset, timestampMs: atMs } = item.record;
      const context = this.surroundings.at({ atMs, version: versionOf(generation, offset) });
      if (item.kind === 'tick') work.passTime(offset, context);
      else work.decide(item, context);
    }
    return work.decision((entries, duesMs) => {
      this.due.committed(partition, duesMs);
      this.metrics.decided(entries);
    });
  }
}

type Arrived = Extract<Batch<TransferMessage>['items'][number], { kind: 'message' }>;

/** The transfers of one batch, each as the decisions so far have made it. */
class TransferWork {
  private readonly entries: TransferEntry[] = [];
  /** When time changes each of them next. */
  private readonly changed = new Map<string, number | undefined>();

  constructor(
    private readonly partition: number,
    private readonly transfers: Map<string, Transfer>,
  ) {}

  decide({ id, contentHash, message, record }: Arrived, context: TransferContext): void {
    const { transferId } = message;
    const known = this.transfers.get(transferId);
    const decided = decideTransfer(message, known, context);
    const answer = isHeard(message) ? {} : { answer: answerOf(message, decided, known, context.version) };
    const base = { _id: id, contentHash, partition: this.partition, offset: record.offset, outcome: decided.kind };
    const undone =
      message.type === 'request' && decided.kind === 'refused' ? undoneBy(message, decided, known, context) : {};
    this.keep({ ...base, transferId, told: [], deltas: [], ...answer, ...undone }, decided, known, context);
  }

  passTime(offset: number, context: TransferContext): void {
    for (const transfer of this.transfers.values()) {
      const dueMs = dueAtMs(transfer, context.times);
      if (dueMs === undefined || dueMs > context.atMs) continue;
      const { transferId } = transfer;
      // Sources hold no control characters, so no message can have this id.
      const id = `\u0001due/${transferId}/${context.version}`;
      const base = { _id: id, contentHash: '', partition: this.partition, offset, outcome: 'due' };
      this.keep({ ...base, transferId, told: [], deltas: [] }, transferFallsDue(transfer, context), transfer, context);
    }
  }

  decision(
    committed: (entries: readonly TransferEntry[], duesMs: Iterable<number | undefined>) => void,
  ): Decision<TransferWrites> {
    return {
      entries: this.entries,
      writes: [...this.changed.keys()].map((id) => ({ partition: this.partition, transfer: this.transfers.get(id)! })),
      outputs: this.entries.flatMap(entryOutputs),
      committed: () => committed(this.entries, this.changed.values()),
      nothingChanged: this.entries.length === 0,
    };
  }

  private keep(
    entry: TransferEntry,
    decided: TransferDecided,
    before: Transfer | undefined,
    context: TransferContext,
  ): void {
    if (decided.kind !== 'applied') {
      this.entries.push(entry);
      return;
    }
    const { transfer, events } = decided;
    this.transfers.set(transfer.transferId, transfer);
    this.changed.set(transfer.transferId, dueAtMs(transfer, context.times));
    const deltas = transferDeltas(before, events, context);
    const news = orderNews(before, events, context);
    const told = toldEvents(transfer, events);
    this.entries.push({ ...entry, told, deltas, ...(news.length > 0 ? { news } : {}) });
  }
}

/** What was reserved for a transfer that does not begin is its order's again, or free. */
function undoneBy(
  request: RequestTransfer,
  { refusals }: Extract<TransferDecided, { kind: 'refused' }>,
  known: Transfer | undefined,
  { version }: TransferContext,
): Pick<TransferEntry, 'news' | 'deltas'> {
  const news = refusalNews(request, refusals[0]!.code, version);
  return { deltas: releasesOf(request, known), ...(news.length > 0 ? { news } : {}) };
}

function answerOf(
  { id, source, transferId, type }: Asked,
  decided: TransferDecided,
  known: Transfer | undefined,
  version: number,
): TransferOutcome {
  const base = { id, source, transferId, version };
  if (decided.kind === 'applied') return { ...base, result: 'applied', state: decided.transfer.state };
  const state = known && type !== 'request' ? { state: known.state } : {};
  if (decided.kind === 'unchanged') return { ...base, result: 'unchanged', ...state };
  const { refusals } = decided;
  const errors = refusals.map(({ code, field = '', detail }) => ({ field, code, detail }));
  const allowed = refusals.find((refusal) => refusal.allowed)?.allowed;
  const isHidden = refusals.some(({ code }) => code === 'unknown_transfer');
  return {
    ...base,
    result: 'refused',
    ...(isHidden ? {} : state),
    errors,
    ...(allowed ? { allowed: [...allowed] } : {}),
  };
}
