import { type DueList, type DueSpan, NONE } from './due-list.js';
import type { Piece, Room, RoomChange } from './rooms.js';

/** A message ready for the wire, made from pieces and a running number. */
export interface Frame {
  readonly byteLength: number;
}

/** One socket's way out. */
export interface Outlet<F extends Frame> {
  /** Bytes handed over that the network has not taken yet. */
  bufferedBytes(): number;
  /** `onTaken` is called once the network took this frame and all before it. */
  write(frame: F, onTaken?: () => void): void;
}

export interface PushCounts {
  messages: number;
  updates: number;
  bytes: number;
  /** States of a slow reader that a newer one replaced. */
  conflated: number;
}

/** One object for all sockets: one each would be looked up in memory for every message. */
export interface SubscriberOptions<F extends Frame> {
  /** The pieces are only lent: their array is used again for the next message. */
  readonly encode: (pieces: readonly Piece[], seq: number) => F;
  readonly counts: PushCounts;
  readonly nowMs: () => number;
  /** Above this many bytes not taken, nothing more is queued: only which rooms changed is remembered. */
  readonly behindAtBytes: number;
  /** A message is ended by the state that takes it over this size; what is left goes into the next. */
  readonly messageBytes: number;
}

/** The pieces of the message being made, whosever it is: an array for each would be most of the garbage. */
const pieces: Piece[] = [];

/**
 * One socket's share: what it watches, what it gets next, and its running number. A socket that reads too slowly is
 * `behind`: its rooms' newest states are sent once it reads again, so it costs a bounded amount of memory, and it sees
 * every room's last state.
 */
export class Subscriber<F extends Frame> implements DueSpan {
  readonly rooms = new Set<Room<Subscriber<F>>>();
  firstDue = NONE;
  lastDue = NONE;
  private seq = 0;
  private behind: Set<Room<Subscriber<F>>> | undefined;
  private takenAtMs = 0;

  constructor(
    private readonly outlet: Outlet<F>,
    private readonly options: SubscriberOptions<F>,
  ) {}

  /** True when a flush is now due, false when one is due already or the socket is behind. */
  take(room: Room<Subscriber<F>>, change: number, due: DueList): boolean {
    if (this.behind) {
      this.remember(this.behind, room);
      return false;
    }
    return due.add(this, change);
  }

  /** Sends what is due of these changes. */
  flush(changes: readonly RoomChange<Subscriber<F>>[], due: DueList): void {
    let place = this.firstDue;
    this.firstDue = this.lastDue = NONE;
    while (place !== NONE) {
      if (this.behind) {
        this.remember(this.behind, changes[due.changeAt(place)]!.room);
        place = due.after(place);
      } else {
        place = this.sendFrom(place, changes, due);
      }
    }
  }

  forget(room: Room<Subscriber<F>>): void {
    this.rooms.delete(room);
    this.behind?.delete(room);
  }

  /** ms since a socket that is behind took anything; 0 when it keeps up. */
  stalledMs(): number {
    return this.behind ? this.options.nowMs() - this.takenAtMs : 0;
  }
  bufferedBytes(): number {
    return this.outlet.bufferedBytes();
  }

  /** Sends one message and answers what is left. */
  private sendFrom(start: number, changes: readonly RoomChange<Subscriber<F>>[], due: DueList): number {
    const { messageBytes } = this.options;
    let place = start;
    let count = 0;
    for (let bytes = 0; place !== NONE && bytes < messageBytes; place = due.after(place)) {
      const { piece } = changes[due.changeAt(place)]!;
      pieces[count++] = piece;
      bytes += piece.json.length;
    }
    pieces.length = count;
    this.send(pieces);
    return place;
  }

  private remember(behind: Set<Room<Subscriber<F>>>, room: Room<Subscriber<F>>): void {
    if (behind.has(room)) this.options.counts.conflated++;
    else behind.add(room);
  }

  private send(packed: readonly Piece[]): void {
    const frame = this.nextFrame(packed);
    const { outlet } = this;
    if (outlet.bufferedBytes() + frame.byteLength <= this.options.behindAtBytes) {
      outlet.write(frame);
      return;
    }
    this.behind ??= new Set();
    this.takenAtMs = this.options.nowMs();
    outlet.write(frame, () => this.catchUp());
  }

  private nextFrame(packed: readonly Piece[]): F {
    const { encode, counts } = this.options;
    const frame = encode(packed, ++this.seq);
    counts.messages++;
    counts.updates += packed.length;
    counts.bytes += frame.byteLength;
    return frame;
  }

  /** The last message was taken: the newest states of some rooms that changed meanwhile, or it keeps up again. */
  private catchUp(): void {
    const { behind } = this;
    if (!behind) return;
    this.takenAtMs = this.options.nowMs();
    const newest: Piece[] = [];
    let bytes = 0;
    for (const room of behind) {
      behind.delete(room);
      if (!room.newest) continue;
      newest.push(room.newest);
      bytes += room.newest.json.length;
      if (bytes >= this.options.messageBytes) break;
    }
    if (newest.length > 0) this.outlet.write(this.nextFrame(newest), () => this.catchUp());
    else this.behind = undefined;
  }
}
