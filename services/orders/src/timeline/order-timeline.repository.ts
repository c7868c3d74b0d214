import type { OrderOutcome } from '@shelfline/contracts/order-view';
import { createIndexIfMissing, dropIndexIfThere } from '@shelfline/streaming/mongo-indexes';
import type { Connection, mongo } from 'mongoose';
import { ORDER_ENTRIES, type OrderEntry, type Routing } from '../order-entry.js';
import { type OrderEntryDocument, orderEntryIn, routingsIn } from '../order-entry-layout.js';

/** Of an entry, what a timeline tells. */
export type TimelineEntry = Pick<
  OrderEntry,
  '_id' | 'outcome' | 'atMs' | 'version' | 'answer' | 'told' | 'routings'
> & {
  readonly returns?: Pick<NonNullable<OrderEntry['returns']>, 'told'>;
};
type EntryDocument = mongo.BSON.Document & OrderEntryDocument & { _id: string };

/** `answer` and `told` lie open in entries of former versions. */
const TOLD = { outcome: 1, atMs: 1, version: 1, said: 1, answer: 1, told: 1, routings: 1, 'returns.told': 1 } as const;
/** `said` holds the other two in entries of this version. */
const ANSWERS = { said: 1, answer: 1, settled: 1, settledToo: 1 } as const;
const ROUTINGS_ONLY = { routings: 1 } as const;
/** Offsets begin anew with each generation of the topic, versions never do. Entries stored without one come first. */
const OLDEST_FIRST = { version: 1, offset: 1 } as const;
const NEWEST_FIRST = { version: -1, offset: -1 } as const;

/** What became of an order, step by step, read off the entries that its stream wrote. */
export class OrderTimelineRepository {
  private readonly entries: mongo.Collection<EntryDocument>;

  constructor(connection: Connection) {
    this.entries = connection.collection<EntryDocument>(ORDER_ENTRIES) as unknown as mongo.Collection<EntryDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.entries, { orderId: 1, version: 1, offset: 1 });
    await dropIndexIfThere(this.entries, { orderId: 1, offset: 1 });
  }

  /** The oldest first. Entries are only added at the end, so a place in the list stays what it was. */
  async find(orderId: string, skip: number, limit: number): Promise<TimelineEntry[]> {
    const documents = await this.oldestFirst(orderId, skip, limit).toArray();
    return documents.map(orderEntryIn);
  }

  explain(orderId: string, skip: number, limit: number): Promise<mongo.Document> {
    return this.oldestFirst(orderId, skip, limit).explain('executionStats');
  }

  /** The newest decisions about an order's places, newest first. */
  async findRoutings(orderId: string, limit: number): Promise<Routing[]> {
    const found: Routing[] = [];
    const entries = this.entries.find({ orderId }, { projection: ROUTINGS_ONLY }).sort(NEWEST_FIRST);
    for await (const entry of entries) {
      found.push(...routingsIn(entry).toReversed());
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  /** The first of what whoever asked something of an order was told, that is wanted. */
  async findAnswer(orderId: string, isWanted: (answer: OrderOutcome) => boolean): Promise<OrderOutcome | undefined> {
    for await (const document of this.entries.find({ orderId }, { projection: ANSWERS }).sort(OLDEST_FIRST)) {
      const { answer, settled, settledToo = [] } = orderEntryIn(document);
      const found = [answer, settled, ...settledToo].find((one) => one && isWanted(one));
      if (found) return found;
    }
    return undefined;
  }

  private oldestFirst(orderId: string, skip: number, limit: number): mongo.FindCursor<EntryDocument> {
    return this.entries.find({ orderId }, { projection: TOLD }).sort(OLDEST_FIRST).skip(skip).limit(limit);
  }
}
