import type { Timer } from '../sockets/timer.js';
import type { Room, RoomChange } from './rooms.js';

export interface ConflationOptions<Member> {
  /** 0 = nothing is held and nothing is left out. */
  readonly tickMs: number;
  readonly timer: Timer;
  /** Changes that leave together, in order; a room appears more than once only when nothing is held. Answers messages. */
  readonly deliver: (changes: readonly RoomChange<Member>[]) => number;
  /** Once a tick has seen so many messages, what changes in the rest of it leaves at its end. */
  readonly messagesAtOnce?: number;
}

/** 30,000 messages a second: above it a message costs more of the process than its delay is worth to a screen. */
const MESSAGES_AT_ONCE_PER_MS = 30;
/** Of a tick, its end: long enough to read what a tick of a busy topic has. */
const READING_SHARE = 0.25;

/**
 * Decides when a change leaves. The first change of a room leaves at once; those that follow within the tick are
 * replaced by the newest, which leaves when the tick is over and holds the room for the next one. So no change waits
 * for longer than a tick, and a busy SKU costs at most one message per tick. All rooms' ticks end together, so what
 * waited for its end is one message per socket; when messages are many, first changes wait for it too.
 */
export class Conflation<Member> {
  /** Rooms that had a change in this tick, or leave theirs at its end. */
  private held: Room<Member>[] = [];
  private callOff: (() => void) | undefined;
  private messagesInTick = 0;
  private endsAtMs = 0;
  private endRest: () => void = () => {};
  private readonly messagesAtOnce: number;
  /** States that were replaced by a newer one before they left. */
  conflated = 0;

  constructor(private readonly options: ConflationOptions<Member>) {
    this.messagesAtOnce = options.messagesAtOnce ?? MESSAGES_AT_ONCE_PER_MS * options.tickMs;
  }

  /** Changes that arrived together, in order. */
  offer(changes: readonly RoomChange<Member>[]): void {
    if (this.options.tickMs === 0) {
      this.options.deliver(changes);
      return;
    }
    this.begin();
    if (this.messagesInTick >= this.messagesAtOnce) this.hold(changes);
    else this.release(changes);
  }

  /**
   * While every change waits for the tick's end, reading each as it comes costs a request to the broker and gains
   * nothing: what this answers resolves when there is just time to read all of them. Undefined = read on.
   */
  rest(): Promise<void> | undefined {
    const { tickMs, timer } = this.options;
    if (!this.callOff || this.messagesInTick < this.messagesAtOnce) return undefined;
    const restMs = this.endsAtMs - tickMs * READING_SHARE - timer.nowMs();
    if (restMs < 1) return undefined;
    return new Promise((resolve) => {
      // A clock that was set back must not stop the reading.
      timer.after(Math.min(restMs, tickMs), resolve);
      this.endRest = resolve;
    });
  }

  stop(): void {
    this.callOff?.();
    this.callOff = undefined;
    this.endRest();
    this.held = [];
  }

  private release(changes: readonly RoomChange<Member>[]): void {
    const leaving = new Map<Room<Member>, RoomChange<Member>>();
    for (const change of changes) {
      const { room } = change;
      if (leaving.has(room)) {
        leaving.set(room, change);
        this.conflated++;
      } else if (room.held) {
        this.wait(change);
      } else {
        room.held = true;
        this.held.push(room);
        leaving.set(room, change);
      }
    }
    if (leaving.size > 0) this.messagesInTick += this.options.deliver([...leaving.values()]);
  }

  private hold(changes: readonly RoomChange<Member>[]): void {
    for (const change of changes) {
      if (!change.room.held) {
        change.room.held = true;
        this.held.push(change.room);
      }
      this.wait(change);
    }
  }

  private wait({ room, piece }: RoomChange<Member>): void {
    if (room.waiting) this.conflated++;
    room.waiting = piece;
  }

  private begin(): void {
    if (this.callOff) return;
    this.messagesInTick = 0;
    this.endLater();
  }

  private endLater(): void {
    const { tickMs, timer } = this.options;
    this.endsAtMs = timer.nowMs() + tickMs;
    this.callOff = timer.after(tickMs, () => this.end());
  }

  private end(): void {
    const over = this.held;
    this.held = [];
    this.callOff = undefined;
    const leaving: RoomChange<Member>[] = [];
    for (const room of over) {
      if (room.waiting) {
        leaving.push({ room, piece: room.waiting });
        room.waiting = undefined;
        this.held.push(room);
      } else {
        room.held = false;
      }
    }
    if (leaving.length === 0) return;
    this.messagesInTick = this.options.deliver(leaving);
    // From now and not from when this one was due: where delivering takes much of a tick, ticks would otherwise follow
    // each other at once, each with less in its messages than the one before, and for as many messages.
    this.endLater();
  }
}
