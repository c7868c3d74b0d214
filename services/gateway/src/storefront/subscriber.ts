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
  /** A message is ended by the state that takes it over this size; what is left goes into the next. */
  readonly messageBytes: number;
}

/**
 * One socket's share: what it watches, what it gets next, and its running number. A socket that reads too slowly is
 * `behind`: its rooms' newest states are sent once it reads again, so it costs a bounded amount of memory, and it sees
 * every room's last state.
 */
export class Subscriber<F extends Frame> {
  readonly rooms = new Set<Room<Subscriber<F>>>();
  private pieces: Piece[] = [];
  /** The room of each piece. */
  private readonly pieceRooms: Room<Subscriber<F>>[] = [];
  private seq = 0;
  private behind: Set<Room<Subscriber<F>>> | undefined;
  private takenAtMs = 0;

  constructor(private readonly options: SubscriberOptions<F>) {}

  /** True when a flush is now due, false when one is due already or the socket is behind. */
  take(room: Room<Subscriber<F>>, piece: Piece): boolean {
    if (this.behind) {
      this.remember(this.behind, room);
      return false;
    }
    this.pieces.push(piece);
    this.pieceRooms.push(room);
    return this.pieces.length === 1;
  }

  flush(): void {
    const { pieces } = this;
    const first = this.lengthOfMessage(0);
    if (first === pieces.length) this.send(pieces);
    else {
      this.send(pieces.slice(0, first));
      this.sendRest(first);
    }
    this.pieces = [];
    this.pieceRooms.length = 0;
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

  private sendRest(start: number): void {
    for (let from = start; from < this.pieces.length; ) {
      if (this.behind) {
        this.remember(this.behind, this.pieceRooms[from++]!);
        continue;
      }
      const to = from + this.lengthOfMessage(from);
      this.send(this.pieces.slice(from, to));
      from = to;
    }
  }

  private remember(behind: Set<Room<Subscriber<F>>>, room: Room<Subscriber<F>>): void {
    if (behind.has(room)) this.options.counts.conflated++;
    else behind.add(room);
  }

  /** How many pieces from here on make a message. */
  private lengthOfMessage(from: number): number {
    let bytes = 0;
    for (let at = from; at < this.pieces.length; at++) {
      bytes += this.pieces[at]!.json.length;
      if (bytes >= this.options.messageBytes) return at + 1 - from;
    }
    return this.pieces.length - from;
  }

  private send(pieces: readonly Piece[]): void {
    const frame = this.nextFrame(pieces);
    const { outlet, behindAtBytes } = this.options;
    if (outlet.bufferedBytes() + frame.byteLength <= behindAtBytes) {
      outlet.write(frame);
      return;
    }
    this.behind ??= new Set();
    this.takenAtMs = this.options.nowMs();
    outlet.write(frame, () => this.catchUp());
  }

  private nextFrame(pieces: readonly Piece[]): F {
    const { encode, counts } = this.options;
    const frame = encode(pieces, ++this.seq);
    counts.messages++;
    counts.updates += pieces.length;
    counts.bytes += frame.byteLength;
    return frame;
  }

  /** The last message was taken: the newest states of some rooms that changed meanwhile, or it keeps up again. */
  private catchUp(): void {
    const { behind } = this;
    if (!behind) return;
    this.takenAtMs = this.options.nowMs();
    const pieces: Piece[] = [];
    let bytes = 0;
    for (const room of behind) {
      behind.delete(room);
      if (!room.newest) continue;
      pieces.push(room.newest);
      bytes += room.newest.json.length;
      if (bytes >= this.options.messageBytes) break;
    }
    if (pieces.length > 0) this.options.outlet.write(this.nextFrame(pieces), () => this.catchUp());
    else this.behind = undefined;
  }
}
