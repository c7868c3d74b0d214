import type { mongo } from 'mongoose';
import { packTrace } from './entry-traces.js';
import { entriesIn, type MovementPack, movementsIn } from './movement-packs.js';
import { isStockEntry, type StockEntry } from './stock-entry.js';

/** A place in the list of a SKU's movements, newest first. */
export interface MovementPosition {
  readonly atMs: number;
  readonly version: number;
  readonly _id: string;
  /** No movement beyond the place lies in a pack that ends later. */
  readonly packAtMs: number;
}
export interface MovementsAsked {
  readonly sku: string;
  /** All of them (entry-traces.ts). */
  readonly traces?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
  readonly after?: MovementPosition | undefined;
  readonly isWanted?: (movement: StockEntry) => boolean;
}

/** A page's worth of packs and little more. */
const PACKS_AT_ONCE = 8;

/** Reads movements out of their packs. */
export class MovementReader {
  constructor(private readonly packs: mongo.Collection<MovementPack>) {}

  /** By `source/id`; what else has an id in the ledger (forwards, repeats) is no movement. */
  async find(entryId: string): Promise<StockEntry | undefined> {
    const pack = await this.packs.findOne({ ids: entryId });
    return pack ? entriesIn(pack, new Set([entryId])).find(isStockEntry) : undefined;
  }

  /** Those that occurred after an instant, in no order. */
  async *after(sku: string, instantMs: number): AsyncGenerator<StockEntry> {
    const found = this.packs.find({ skus: sku, lastAt: { $gt: new Date(instantMs) } });
    for await (const pack of found)
      for (const movement of movementsIn(pack, sku)) if (movement.atMs > instantMs) yield movement;
  }

  /** Of one moment the one that the ledger decided last comes first, so that balances follow one another. */
  newestFirst(asked: MovementsAsked): NewestFirst {
    const { sku, traces = [], fromMs, toMs, after } = asked;
    const upToMs = Math.min(toMs ?? Number.POSITIVE_INFINITY, after ? after.atMs + 1 : Number.POSITIVE_INFINITY);
    const lastAt = {
      ...(fromMs === undefined ? {} : { $gte: new Date(fromMs) }),
      ...(after ? { $lte: new Date(after.packAtMs) } : {}),
    };
    const found = this.packs
      .find(
        {
          ...(traces.length > 0
            ? { traces: { $all: traces.map((trace) => packTrace(sku, trace)) }, isTraced: true }
            : { skus: sku }),
          ...(Object.keys(lastAt).length > 0 ? { lastAt } : {}),
          ...(Number.isFinite(upToMs) ? { firstAt: { $lt: new Date(upToMs) } } : {}),
        } as mongo.Filter<MovementPack>,
        { batchSize: PACKS_AT_ONCE },
      )
      .sort({ lastAt: -1 });
    return new NewestFirst(found, (pack) => movementsIn(pack, sku).filter((movement) => isAsked(movement, asked)));
  }
}

function isAsked(movement: StockEntry, { traces = [], fromMs, toMs, after, isWanted }: MovementsAsked): boolean {
  if (fromMs !== undefined && movement.atMs < fromMs) return false;
  if (toMs !== undefined && movement.atMs >= toMs) return false;
  if (after && inOrder(movement, after) >= 0) return false;
  if (traces.some((trace) => !movement.traces?.includes(trace))) return false;
  return isWanted?.(movement) ?? true;
}

type Placed = Pick<MovementPosition, 'atMs' | 'version' | '_id'>;

/** Oldest first. The id decides between reservations of a SKU that one tick ended. */
function inOrder(one: Placed, other: Placed): number {
  if (one.atMs !== other.atMs) return one.atMs - other.atMs;
  if (one.version !== other.version) return one.version - other.version;
  return one._id < other._id ? -1 : one._id > other._id ? 1 : 0;
}

interface Waiting {
  readonly movement: StockEntry;
  readonly packAtMs: number;
}

/**
 * Merges packs whose stretches of time overlap: what is waiting is given as soon as the next pack ends before it. Their
 * stretches are an hour at the most, so little waits.
 */
export class NewestFirst {
  /** The newest last. */
  private waiting: Waiting[] = [];
  private pack: MovementPack | undefined;
  private isEnded = false;

  constructor(
    private readonly packs: mongo.FindCursor<MovementPack>,
    private readonly movementsOf: (pack: MovementPack) => StockEntry[],
  ) {}

  async next(): Promise<StockEntry | undefined> {
    return (await this.nextWaiting())?.movement;
  }

  private async nextWaiting(): Promise<Waiting | undefined> {
    while (!this.isEnded) {
      this.pack ??= (await this.packs.next()) ?? undefined;
      const newest = this.waiting.at(-1);
      if (!this.pack) this.isEnded = true;
      else if (newest && newest.movement.atMs > this.pack.lastAt.getTime()) break;
      else this.take(this.pack);
    }
    return this.waiting.pop();
  }

  private take(pack: MovementPack): void {
    const packAtMs = pack.lastAt.getTime();
    for (const movement of this.movementsOf(pack)) this.waiting.push({ movement, packAtMs });
    this.waiting.sort((a, b) => inOrder(a.movement, b.movement));
    this.pack = undefined;
  }

  /** At most so many, and where to go on. */
  async page(limit: number): Promise<{ movements: StockEntry[]; next: MovementPosition | undefined }> {
    const movements: StockEntry[] = [];
    for (let one = await this.nextWaiting(); one; one = await this.nextWaiting()) {
      if (movements.length === limit) return { movements, next: this.positionAfter(movements.at(-1)!, one) };
      movements.push(one.movement);
    }
    return { movements, next: undefined };
  }

  close(): Promise<void> {
    return this.packs.close();
  }

  private positionAfter({ atMs, version, _id }: StockEntry, beyond: Waiting): MovementPosition {
    const packAtMs = Math.max(...[beyond, ...this.waiting].map((left) => left.packAtMs));
    return { atMs, version, _id, packAtMs };
  }
}
