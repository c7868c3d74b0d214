import type { Table, TableChange } from '@shelfline/streaming/table';
import type { Timer } from '../sockets/timer.js';
import { Conflation } from './conflation.js';
import { fanOut } from './fan-out.js';
import type { Piece, RoomChange, Rooms } from './rooms.js';
import type { HeldStock } from './stock-board.js';
import { encodeView, type StockFrame } from './stock-frame.js';
import type { StorefrontMetrics } from './storefront.metrics.js';
import type { Subscriber } from './subscriber.js';

type Member = Subscriber<StockFrame>;

/** From the table's changes to the sockets of their rooms. A SKU nobody watches costs a look-up. */
export class StockPush {
  private readonly conflation: Conflation<Member>;

  constructor(
    private readonly options: {
      readonly rooms: Rooms<Member>;
      readonly metrics: StorefrontMetrics;
      readonly timer: Timer;
      readonly tickMs: number;
    },
  ) {
    const { timer, tickMs } = options;
    this.conflation = new Conflation<Member>({ tickMs, timer, deliver: (changes) => this.deliver(changes) });
  }

  follow(table: Table<HeldStock>): void {
    table.onChange((changes) => this.changed(changes));
  }
  stop(): void {
    this.conflation.stop();
  }
  get heldBack(): number {
    return this.conflation.conflated;
  }

  /** Answers what the reading of more may wait for. */
  private changed(changes: readonly TableChange<HeldStock>[]): void | Promise<void> {
    const leaving: RoomChange<Member>[] = [];
    for (const { key, value, previous } of changes) {
      const room = this.options.rooms.find(key);
      // A new owner of the partition publishes its last states once more: nothing new for a screen.
      if (!room || !value || previous?.version === value.version) continue;
      const piece: Piece = { json: encodeView(value), version: value.version, producedAtMs: value.producedAtMs };
      room.newest = piece;
      leaving.push({ room, piece });
    }
    if (leaving.length === 0) return undefined;
    this.conflation.offer(leaving);
    return this.conflation.rest();
  }

  private deliver(changes: readonly RoomChange<Member>[]): number {
    const messages = fanOut(changes);
    const nowMs = this.options.timer.nowMs();
    for (const { piece } of changes) this.options.metrics.reachedScreens(Math.max(0, nowMs - piece.producedAtMs));
    return messages;
  }
}
