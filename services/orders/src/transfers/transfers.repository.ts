import { findEarliestMs } from '@shelfline/streaming/mongo-earliest';
import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import type { Connection, mongo } from 'mongoose';
import { dueAtMs, inTransitUnits, type Transfer, type TransferTimes } from '../domain/transfers/transfer.js';
import { NewestFirstReader, olderThan, otherThan, planOfLast, type TimeWindow } from '../queries/newest-first.js';

/** What a transaction writes: each transfer whole, once, as it is after the batch. */
export type TransferWrites = readonly { readonly partition: number; readonly transfer: Transfer }[];

interface TransferDocument {
  _id: string;
  partition: number;
  from: string;
  to: string;
  /** Both, so that a place finds what concerns it by one index. */
  places: string[];
  state: string;
  overdue: number;
  orderId?: string;
  requestedAt: Date;
  /** Absent where time alone changes nothing any more. */
  dueAt?: Date;
  /** SKUs of which something is on its way; absent where nothing is. */
  onItsWay?: string[];
  transfer: Transfer;
}

export interface TransferListQuery {
  readonly place?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly state?: string | undefined;
  /** Of an order, whatever it is for. */
  readonly orderId?: string | undefined;
  readonly isOverdue?: boolean;
  readonly requestedBeforeMs?: number | undefined;
  /** The last one seen: newer ones come first. */
  readonly after?: { readonly requestedAtMs: number; readonly transferId: string };
  readonly limit: number;
}
export interface GoodsOnTheirWay {
  readonly sku: string;
  readonly from: string;
  readonly to: string;
  readonly transferId: string;
  readonly units: number;
}

const IDS_PER_QUERY = 500;
/** What tells most comes first. */
const LISTED_BY = ['orderId', 'from', 'to', 'place', 'state'] as const;
const FIELDS = { orderId: 'orderId', from: 'from', to: 'to', place: 'places', state: 'state' } as const;
const OVERDUE_KEY = { overdue: 1 } as const;
const listKey = (field: (typeof LISTED_BY)[number] | undefined): Readonly<Record<string, 1>> => ({
  ...(field === undefined ? {} : { [FIELDS[field]]: 1 }),
  requestedAt: 1,
  _id: 1,
});
const TRANSFER_ONLY = { projection: { _id: 0, transfer: 1 } } as const;

/** The only file that knows the collection `transfers`: one document a transfer, `_id` = its id. */
export class TransfersRepository {
  private readonly transfers: mongo.Collection<TransferDocument>;
  private readonly reader = new NewestFirstReader();

  constructor(
    connection: Connection,
    private readonly times: TransferTimes,
    private readonly now: () => number = Date.now,
  ) {
    this.transfers = connection.collection<TransferDocument>(
      'transfers',
    ) as unknown as mongo.Collection<TransferDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.transfers, { partition: 1, dueAt: 1 });
    await createIndexIfMissing(this.transfers, listKey(undefined));
    for (const field of LISTED_BY) await createIndexIfMissing(this.transfers, listKey(field));
    await createIndexIfMissing(this.transfers, OVERDUE_KEY);
    await createIndexIfMissing(this.transfers, { onItsWay: 1, _id: 1 });
  }

  async findTransfers(ids: readonly string[]): Promise<Map<string, Transfer>> {
    const found = new Map<string, Transfer>();
    for (let i = 0; i < ids.length; i += IDS_PER_QUERY) {
      const filter = { _id: { $in: ids.slice(i, i + IDS_PER_QUERY) } };
      for await (const { transfer } of this.transfers.find(filter, TRANSFER_ONLY))
        found.set(transfer.transferId, transfer);
    }
    return found;
  }

  /** Of a partition, when time changes the first of them. */
  findEarliestDueMs(partition: number): Promise<number | undefined> {
    return findEarliestMs(this.transfers, { partition }, 'dueAt');
  }

  /** Of a partition, those that time changes by then, the longest due first. */
  async findDue(partition: number, nowMs: number, limit: number): Promise<Transfer[]> {
    const filter = { partition, dueAt: { $lte: new Date(nowMs) } };
    const documents = await this.transfers.find(filter, TRANSFER_ONLY).sort({ dueAt: 1 }).limit(limit).toArray();
    return documents.map(({ transfer }) => transfer);
  }

  /** Newest first. */
  async list(query: TransferListQuery): Promise<Transfer[]> {
    const documents = await this.page(query, (cursor) => cursor.toArray());
    return documents.map(({ transfer }) => transfer);
  }

  explain(query: TransferListQuery): Promise<mongo.Document> {
    return planOfLast<TransferDocument>((read) => this.page(query, read));
  }

  private page(
    { isOverdue = false, requestedBeforeMs, after, limit, ...fields }: TransferListQuery,
    read: (cursor: mongo.FindCursor<TransferDocument>) => Promise<TransferDocument[]>,
  ): Promise<TransferDocument[]> {
    const asked = LISTED_BY.filter((field) => fields[field] !== undefined);
    const [by] = isOverdue ? [] : asked;
    const equal = isOverdue ? { overdue: { $gt: 0 } } : by === undefined ? {} : { [FIELDS[by]]: fields[by] };
    const looked = asked.filter((field) => field !== by);
    const refused = looked.map((field) => otherThan(FIELDS[field], fields[field]));
    const last = after && { atMs: after.requestedAtMs, id: after.transferId };
    const ask = (window: TimeWindow, most: number) => {
      const bounds = { equal, isOverArray: by === 'place', time: 'requestedAt', window };
      const older = olderThan(bounds, last, refused) as mongo.Filter<TransferDocument>;
      const found = this.transfers.find(older, TRANSFER_ONLY);
      return read(found.sort({ requestedAt: -1, _id: -1 }).limit(most));
    };
    const before = requestedBeforeMs === undefined ? undefined : requestedBeforeMs - 1;
    const window = { afterMs: undefined, untilMs: last?.atMs ?? before };
    // What is overdue is little, or it is what head office is busy with.
    if (isOverdue) return ask(window, limit);
    const kind = `${by ?? ''} ${fields.state ?? ''}`;
    const atMsOf = ({ transfer }: TransferDocument) => transfer.requestedAtMs;
    const of = by === undefined || by === 'state' ? undefined : fields[by];
    return this.reader.read({ kind, of }, { ...window, nowMs: this.now(), limit, atMsOf, read: ask });
  }

  /** What is on its way, by transfer: of a SKU, to a place, or both. `place` = only what it sends or awaits. */
  async findOnTheirWay(
    { sku, location, place }: { sku?: string | undefined; location?: string | undefined; place?: string | undefined },
    after: string,
    limit: number,
  ): Promise<{ readonly goods: GoodsOnTheirWay[]; readonly next: string | null }> {
    const filter = {
      onItsWay: sku ?? { $exists: true },
      _id: { $gt: after },
      ...(location === undefined ? {} : { to: location }),
      ...(place === undefined ? {} : { places: place }),
    };
    const documents = await this.transfers
      .find(filter, TRANSFER_ONLY)
      .sort({ _id: 1 })
      .limit(limit + 1)
      .toArray();
    const shown = documents.slice(0, limit);
    const goods = shown.flatMap(({ transfer: { transferId, from, to, lines } }) =>
      lines
        .filter((line) => inTransitUnits(line) > 0 && (sku === undefined || line.sku === sku))
        .map((line) => ({ sku: line.sku, from, to, transferId, units: inTransitUnits(line) })),
    );
    return { goods, next: documents.length > limit ? shown.at(-1)!.transfer.transferId : null };
  }

  /** Inside the stream's transaction. */
  write(writes: TransferWrites, transaction: TransactionWrites): void {
    transaction.put(
      this.transfers,
      writes.map((one) => this.toDocument(one)),
    );
  }

  private toDocument({ partition, transfer }: TransferWrites[number]): TransferDocument {
    const { transferId, from, to, state, overdue, orderId, lines, requestedAtMs } = transfer;
    const dueMs = dueAtMs(transfer, this.times);
    const onItsWay = [...new Set(lines.filter((line) => inTransitUnits(line) > 0).map(({ sku }) => sku))];
    return {
      _id: transferId,
      partition,
      from,
      to,
      places: [from, to],
      state,
      overdue,
      ...(orderId === undefined ? {} : { orderId }),
      requestedAt: new Date(requestedAtMs),
      ...(dueMs === undefined ? {} : { dueAt: new Date(dueMs) }),
      ...(onItsWay.length > 0 ? { onItsWay } : {}),
      transfer,
    };
  }
}
