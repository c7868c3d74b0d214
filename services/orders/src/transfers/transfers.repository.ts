import { createIndexIfMissing } from '@shelfline/streaming/mongo-indexes';
import type { ClientSession, Connection, mongo } from 'mongoose';
import { dueAtMs, inTransitUnits, type Transfer, type TransferTimes } from '../domain/transfers/transfer.js';

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
const TRANSFER_ONLY = { projection: { _id: 0, transfer: 1 } } as const;

/** The only file that knows the collection `transfers`: one document a transfer, `_id` = its id. */
export class TransfersRepository {
  private readonly transfers: mongo.Collection<TransferDocument>;

  constructor(
    connection: Connection,
    private readonly times: TransferTimes,
  ) {
    this.transfers = connection.collection<TransferDocument>(
      'transfers',
    ) as unknown as mongo.Collection<TransferDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.transfers, { partition: 1, dueAt: 1 });
    await createIndexIfMissing(this.transfers, { requestedAt: 1, _id: 1 });
    for (const field of ['places', 'from', 'to', 'state'])
      await createIndexIfMissing(this.transfers, { [field]: 1, requestedAt: 1, _id: 1 });
    await createIndexIfMissing(this.transfers, { onItsWay: 1, _id: 1 });
    for (const field of ['overdue', 'orderId'])
      await createIndexIfMissing(this.transfers, { [field]: 1, requestedAt: 1, _id: 1 });
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

  /** Of a partition, those that time changes by then, the longest due first. */
  async findDue(partition: number, nowMs: number, limit: number): Promise<Transfer[]> {
    const filter = { partition, dueAt: { $lte: new Date(nowMs) } };
    const documents = await this.transfers.find(filter, TRANSFER_ONLY).sort({ dueAt: 1 }).limit(limit).toArray();
    return documents.map(({ transfer }) => transfer);
  }

  /** Newest first. */
  async list({
    place,
    from,
    to,
    state,
    orderId,
    isOverdue,
    requestedBeforeMs,
    after,
    limit,
  }: TransferListQuery): Promise<Transfer[]> {
    const requestedAt = after && new Date(after.requestedAtMs);
    const filter = {
      ...(place === undefined ? {} : { places: place }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(state === undefined ? {} : { state }),
      ...(orderId === undefined ? {} : { orderId }),
      ...(isOverdue ? { overdue: { $gt: 0 } } : {}),
      ...(requestedBeforeMs === undefined ? {} : { requestedAt: { $lt: new Date(requestedBeforeMs) } }),
      ...(after
        ? { $or: [{ requestedAt: { $lt: requestedAt } }, { requestedAt, _id: { $lt: after.transferId } }] }
        : {}),
    };
    const documents = await this.transfers
      .find(filter as mongo.Filter<TransferDocument>, TRANSFER_ONLY)
      .sort({ requestedAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
    return documents.map(({ transfer }) => transfer);
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
  async write(writes: TransferWrites, session: ClientSession): Promise<void> {
    if (writes.length === 0) return;
    await this.transfers.bulkWrite(
      writes.map((one) => {
        const replacement = this.toDocument(one);
        return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
      }),
      { session, ordered: false },
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
