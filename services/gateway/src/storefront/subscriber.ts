import type { Piece, Room } from './rooms.js';

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
  readonly encode: (pieces: readonly Piece[], seq: number) => F;
  readonly counts: PushCounts;
  readonly nowMs: () => number;
  /** Above this many bytes not taken, nothing more is queued: only which rooms changed is remembered. */
  readonly behindAtBytes: number;
}

/** A member that catches up gets its rooms in messages of about this size, each once the last was taken. */
const CATCH_UP_BYTES = 16 * 1024;

/**
 * One socket's share: what it watches, what it gets next, and its running number. A socket that reads too slowly is
 * `behind`: its rooms' newest states are sent once it reads again, so it costs a bounded amount of memory, and it sees
 * every room's last state.
 */
export class Subscriber<F extends Frame> {
  readonly rooms = new Set<Room<Subscriber<F>>>();
  private pieces: Piece[] = [];
  private seq = 0;
  private behind: Set<Room<Subscriber<F>>> | undefined;
  private takenAtMs = 0;

  constructor(private readonly options: SubscriberOptions<F>) {}

  /** True when a flush is now due, false when one is due already or the socket is behind. */
  take(room: Room<Subscriber<F>>, piece: Piece): boolean {
    if (this.behind) {
      if (this.behind.has(room)) this.options.counts.conflated++;
      else this.behind.add(room);
      return false;
    }
    this.pieces.push(piece);
    return this.pieces.length === 1;
  }

  flush(): void {
    const { pieces } = this;
    if (pieces.length === 0) return;
    this.send(pieces);
    this.pieces = [];
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

  private send(pieces: readonly Piece[]): void {
    const { outlet, encode, counts, behindAtBytes } = this.options;
    const frame = encode(pieces, ++this.seq);
    counts.messages++;
    counts.updates += pieces.length;
    counts.bytes += frame.byteLength;
    if (outlet.bufferedBytes() + frame.byteLength <= behindAtBytes) {
      outlet.write(frame);
      return;
    }
    this.behind ??= new Set();
    this.takenAtMs = this.options.nowMs();
    outlet.write(frame, () => this.catchUp());
  }

  private catchUp(): void {
    const { behind } = this;
    if (!behind) return;
    this.takenAtMs = this.options.nowMs();
    if (behind.size === 0) {
      this.behind = undefined;
      return;
    }
    const pieces: Piece[] = [];
    let bytes = 0;
    for (const room of behind) {
      behind.delete(room);
      if (room.newest) {
        pieces.push(room.newest);
        bytes += room.newest.json.length;
      }
      if (bytes >= CATCH_UP_BYTES) break;
    }
    const { outlet, encode, counts } = this.options;
    const frame = encode(pieces, ++this.seq);
    counts.messages++;
    counts.updates += pieces.length;
    counts.bytes += frame.byteLength;
    outlet.write(frame, () => this.catchUp());
  }
}
