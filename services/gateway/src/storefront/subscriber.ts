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

export interface SubscriberOptions<F extends Frame> {
  readonly outlet: Outlet<F>;
  /** The pieces are only lent: their array is used again for the next message. */
  readonly encode: (pieces: readonly Piece[], seq: number) => F;
  readonly counts: PushCounts;
  readonly nowMs: () => number;
  /** Above this many bytes not taken, nothing more is queued: only which rooms changed is remembered. */
  readonly behindAtBytes: number;
  /** A message is ended by the state that takes it over this size; what is left goes into the next. */
  readonly messageBytes: number;
}

interface Due<Member> {
  readonly change: RoomChange<Member>;
  next: Due<Member> | undefined;
}

/** The pieces of the message being made, whosever it is: an array for each would be most of the garbage. */
const pieces: Piece[] = [];

/**
 * One socket's share: what it watches, what it gets next, and its running number. A socket that reads too slowly is
 * `behind`: its rooms' newest states are sent once it reads again, so it costs a bounded amount of memory, and it sees
 * every room's last state.
 */
export class Subscriber<F extends Frame> {
  readonly rooms = new Set<Room<Subscriber<F>>>();
  /** What leaves with the next flush, in order. */
  private first: Due<Subscriber<F>> | undefined;
  private last: Due<Subscriber<F>> | undefined;
  private seq = 0;
  private behind: Set<Room<Subscriber<F>>> | undefined;
  private takenAtMs = 0;

  constructor(private readonly options: SubscriberOptions<F>) {}

  /** True when a flush is now due, false when one is due already or the socket is behind. */
  take(change: RoomChange<Subscriber<F>>): boolean {
    if (this.behind) {
      this.remember(this.behind, change.room);
      return false;
    }
    const due: Due<Subscriber<F>> = { change, next: undefined };
    const { last } = this;
    this.last = due;
    if (last) last.next = due;
    else this.first = due;
    return !last;
  }

  flush(): void {
    let due = this.first;
    this.first = this.last = undefined;
    while (due) {
      if (this.behind) {
        this.remember(this.behind, due.change.room);
        due = due.next;
      } else {
        due = this.sendFrom(due);
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
    return this.options.outlet.bufferedBytes();
  }

  /** Sends one message and answers what is left. */
  private sendFrom(start: Due<Subscriber<F>>): Due<Subscriber<F>> | undefined {
    let due: Due<Subscriber<F>> | undefined = start;
    let count = 0;
    for (let bytes = 0; due && bytes < this.options.messageBytes; due = due.next) {
      const { piece }: RoomChange<Subscriber<F>> = due.change;
      pieces[count++] = piece;
      bytes += piece.json.length;
    }
    pieces.length = count;
    this.send(pieces);
    return due;
  }

  private remember(behind: Set<Room<Subscriber<F>>>, room: Room<Subscriber<F>>): void {
    if (behind.has(room)) this.options.counts.conflated++;
    else behind.add(room);
  }

  private send(packed: readonly Piece[]): void {
    const frame = this.nextFrame(packed);
    const { outlet, behindAtBytes } = this.options;
    if (outlet.bufferedBytes() + frame.byteLength <= behindAtBytes) {
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
    if (newest.length > 0) this.options.outlet.write(this.nextFrame(newest), () => this.catchUp());
    else this.behind = undefined;
  }
}
