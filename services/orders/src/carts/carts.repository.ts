import { findEarliestMs } from '@shelfline/streaming/mongo-earliest';
import { createIndexIfMissing, dropIndexIfThere, hasIndex } from '@shelfline/streaming/mongo-indexes';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import type { Connection, mongo } from 'mongoose';
import { expiresAtMs, type MemberCart } from '../domain/carts/cart.js';

/** What a transaction writes: each cart whole, once, as it is after the batch. */
export type CartWrites = readonly { readonly partition: number; readonly cart: MemberCart }[];

interface CartDocument {
  _id: string;
  partition: number;
  /** Absent where time alone changes nothing. */
  expiresAt?: Date;
  cart: MemberCart;
}

/** What came of messages; of what a cart ordered also the order, with its customer's address. */
export const CART_ENTRIES = 'cart_entries';
interface PlacingEntry {
  _id: string;
  partition: number;
  placedAtMs?: number;
  place?: unknown;
}

/** Of all entries those that have an order, the one that is due first before the others. */
const PLACED_ORDER = { placedAtMs: 1, partition: 1 } as const;
const DATED_AT_ONCE = 500;
const IDS_PER_QUERY = 500;
const CART_ONLY = { projection: { _id: 0, cart: 1 } } as const;

/** The only file that knows the collection `carts`: one document a member, `_id` = his reference. */
export class CartsRepository {
  private readonly carts: mongo.Collection<CartDocument>;
  private readonly entries: mongo.Collection<PlacingEntry>;

  constructor(connection: Connection) {
    this.entries = connection.collection<PlacingEntry>(CART_ENTRIES) as unknown as mongo.Collection<PlacingEntry>;
    this.carts = connection.collection<CartDocument>('carts') as unknown as mongo.Collection<CartDocument>;
  }

  async prepare(): Promise<void> {
    await createIndexIfMissing(this.carts, { partition: 1, expiresAt: 1 });
    if (!(await hasIndex(this.entries, PLACED_ORDER))) await this.datePlaced();
    await createIndexIfMissing(this.entries, PLACED_ORDER);
    await dropIndexIfThere(this.entries, { partition: 1, placedAtMs: 1 });
  }

  /**
   * Former versions did not note when a cart ordered, so nothing would find, and forget, the address. The index is made
   * when all of them are dated: a start that is cut off begins anew, and later ones look for nothing.
   */
  private async datePlaced(): Promise<void> {
    const undated = { place: { $exists: true }, placedAtMs: { $exists: false } };
    let found: PlacingEntry[] = [];
    const date = async () => {
      if (found.length > 0) await this.entries.bulkWrite(found.map(datedEntry), { ordered: false });
      found = [];
    };
    // Read once: nothing but a look at each finds them.
    for await (const entry of this.entries.find(undated, { projection: { place: 1 } })) {
      found.push(entry);
      if (found.length >= DATED_AT_ONCE) await date();
    }
    await date();
  }

  async findCart(memberId: string): Promise<MemberCart | undefined> {
    return (await this.carts.findOne({ _id: memberId }, CART_ONLY))?.cart;
  }

  async findCarts(memberIds: readonly string[]): Promise<Map<string, MemberCart>> {
    const found = new Map<string, MemberCart>();
    for (let i = 0; i < memberIds.length; i += IDS_PER_QUERY) {
      const filter = { _id: { $in: memberIds.slice(i, i + IDS_PER_QUERY) } };
      for await (const { cart } of this.carts.find(filter, CART_ONLY)) found.set(cart.memberId, cart);
    }
    return found;
  }

  /** Of a partition, when the first one expires. */
  findEarliestExpiryMs(partition: number): Promise<number | undefined> {
    return findEarliestMs(this.carts, { partition }, 'expiresAt');
  }

  /** Of a partition, when the first order was asked for of which it is still known who it is for. */
  async findEarliestPlacedMs(partition: number): Promise<number | undefined> {
    const first = { projection: { _id: 0, placedAtMs: 1 }, sort: { placedAtMs: 1 } } as const;
    return (await this.entries.findOne({ partition, placedAtMs: { $gte: 0 } }, first))?.placedAtMs;
  }

  /** Of a partition, those that nobody touched for so long, the longest first. */
  async findExpired(partition: number, nowMs: number, limit: number): Promise<MemberCart[]> {
    const filter = { partition, expiresAt: { $lte: new Date(nowMs) } };
    const documents = await this.carts.find(filter, CART_ONLY).sort({ expiresAt: 1 }).limit(limit).toArray();
    return documents.map(({ cart }) => cart);
  }

  /** Of orders that carts asked for until then, who they are for. */
  async forgetPlaced(partition: number, untilMs: number): Promise<void> {
    const filter = { partition, placedAtMs: { $gte: 0, $lte: untilMs } };
    // Mostly there is none, and a write takes locks for which it waits while a killed owner's transaction is open.
    if (!(await this.entries.findOne(filter, { projection: { _id: 1 } }))) return;
    await this.entries.updateMany(filter, { $unset: { place: '', placedAtMs: '' } });
  }

  write(writes: CartWrites, transaction: TransactionWrites): void {
    transaction.put(this.carts, writes.map(toDocument));
  }
}

function toDocument({ partition, cart }: CartWrites[number]): CartDocument {
  const dueMs = expiresAtMs(cart);
  return { _id: cart.memberId, partition, ...(dueMs === undefined ? {} : { expiresAt: new Date(dueMs) }), cart };
}

function datedEntry({ _id, place }: PlacingEntry) {
  const { placedAt } = place as { readonly placedAt?: string };
  // Where nothing tells it, it is long ago.
  const placedAtMs = Date.parse(placedAt ?? '') || 0;
  return { updateOne: { filter: { _id }, update: { $set: { placedAtMs } } } };
}
