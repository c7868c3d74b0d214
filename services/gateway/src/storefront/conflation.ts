import type { Room, RoomChange } from './rooms.js';

/** Time as a port: the simulator brings its own. */
export interface Timer {
  nowMs(): number;
  /** Answers how to call it off. */
  after(delayMs: number, run: () => void): () => void;
}

export interface ConflationOptions<Member> {
  /** 0 = nothing is held and nothing is left out. */
  readonly tickMs: number;
  readonly timer: Timer;
  /** Changes that leave together, in order; a room appears more than once only when nothing is held. */
  readonly deliver: (changes: readonly RoomChange<Member>[]) => void;
}

/**
 * Decides when a change leaves. The first change of a room leaves at once; those that follow within the tick are
 * replaced by the newest, which leaves when the tick is over and begins the next one. So a screen is at most one tick
 * behind, and a busy SKU costs at most one message per tick.
 */
export class Conflation<Member> {
  /** Rooms within their tick, in the order their ticks end (all ticks are equally long). */
  private due: { readonly room: Room<Member>; readonly atMs: number }[] = [];
  private callOff: (() => void) | undefined;
  /** States that were replaced by a newer one before they left. */
  conflated = 0;

  constructor(private readonly options: ConflationOptions<Member>) {}

  /** Changes that arrived together, in order. */
  offer(changes: readonly RoomChange<Member>[]): void {
    if (this.options.tickMs === 0) {
      this.options.deliver(changes);
      return;
    }
    const leaving = new Map<Room<Member>, RoomChange<Member>>();
    const atMs = this.options.timer.nowMs() + this.options.tickMs;
    for (const change of changes) {
      const { room, piece } = change;
      if (leaving.has(room)) {
        leaving.set(room, change);
        this.conflated++;
      } else if (room.held) {
        if (room.waiting) this.conflated++;
        room.waiting = piece;
      } else {
        room.held = true;
        this.due.push({ room, atMs });
        leaving.set(room, change);
      }
    }
    this.schedule();
    if (leaving.size > 0) this.options.deliver([...leaving.values()]);
  }

  stop(): void {
    this.callOff?.();
    this.callOff = undefined;
    this.due = [];
  }

  private schedule(): void {
    const first = this.due[0];
    if (!first || this.callOff) return;
    const delayMs = Math.max(0, first.atMs - this.options.timer.nowMs());
    this.callOff = this.options.timer.after(delayMs, () => {
      this.callOff = undefined;
      this.tick();
    });
  }

  private tick(): void {
    const nowMs = this.options.timer.nowMs();
    const firstLater = this.due.findIndex(({ atMs }) => atMs > nowMs);
    const over = this.due.splice(0, firstLater === -1 ? this.due.length : firstLater);
    const leaving: RoomChange<Member>[] = [];
    for (const { room } of over) {
      if (room.waiting) {
        leaving.push({ room, piece: room.waiting });
        room.waiting = undefined;
        this.due.push({ room, atMs: nowMs + this.options.tickMs });
      } else {
        room.held = false;
      }
    }
    this.schedule();
    if (leaving.length > 0) this.options.deliver(leaving);
  }
}
