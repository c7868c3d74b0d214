import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualTimer } from '../testing/manual-timer.js';
import { Conflation } from './conflation.js';
import { fanOut } from './fan-out.js';
import { type Piece, type RoomChange, Rooms } from './rooms.js';
import { type Frame, type Outlet, type PushCounts, Subscriber } from './subscriber.js';

interface Message extends Frame {
  readonly pieces: readonly Piece[];
  readonly seq: number;
}
type Member = Subscriber<Message>;

/** A socket whose reader may stop: frames wait, and count as taken once it reads again. */
class ModelSocket implements Outlet<Message> {
  private readonly waiting: { readonly frame: Message; readonly onTaken: (() => void) | undefined }[] = [];
  readonly seen: Message[] = [];
  largestQueueBytes = 0;
  reads = true;

  write(frame: Message, onTaken?: () => void): void {
    this.waiting.push({ frame, onTaken });
    this.largestQueueBytes = Math.max(this.largestQueueBytes, this.bufferedBytes());
    if (this.reads) this.drain();
  }
  bufferedBytes(): number {
    return this.waiting.reduce((sum, { frame }) => sum + frame.byteLength, 0);
  }
  drain(): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      this.seen.push(next.frame);
      next.onTaken?.();
    }
  }
}

const BEHIND_AT_BYTES = 400;
const STATE_BYTES = 100;
const MESSAGE_BYTES = 300;
const SKUS = ['A', 'B', 'C', 'D'] as const;
const SOCKETS = 3;

type Step =
  | { readonly kind: 'changes'; readonly skus: readonly string[] }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'stops reading' | 'reads again'; readonly socket: number };

const sku = fc.constantFrom(...SKUS);
const socketIndex = fc.nat(SOCKETS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('changes' as const),
      skus: fc.array(sku, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 120 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stops reading' as const), socket: socketIndex }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reads again' as const), socket: socketIndex }) },
);

class Model {
  readonly timer = new ManualTimer();
  readonly counts: PushCounts = { messages: 0, updates: 0, bytes: 0, conflated: 0 };
  readonly sockets = Array.from({ length: SOCKETS }, () => new ModelSocket());
  readonly newest = new Map<string, number>();
  /** When each version was made, ms. */
  readonly madeAtMs = new Map<number, number>();
  private readonly rooms = new Rooms<Member>();
  private readonly conflation: Conflation<Member>;
  private version = 0;

  constructor(tickMs: number) {
    this.conflation = new Conflation<Member>({ tickMs, timer: this.timer, deliver: fanOut });
    for (const outlet of this.sockets) {
      const member: Member = new Subscriber<Message>(outlet, {
        encode: (pieces, seq) => ({ pieces: [...pieces], seq, byteLength: STATE_BYTES * pieces.length }),
        counts: this.counts,
        nowMs: this.timer.nowMs,
        behindAtBytes: BEHIND_AT_BYTES,
        messageBytes: MESSAGE_BYTES,
      });
      for (const name of SKUS) member.rooms.add(this.rooms.join(member, name, 'web', 'all'));
    }
  }

  run(taken: Step): void {
    if (taken.kind === 'time') this.timer.advance(taken.ms);
    else if (taken.kind === 'changes') this.change(taken.skus);
    else this.sockets[taken.socket]!.reads = taken.kind === 'reads again';
    if (taken.kind === 'reads again') this.sockets[taken.socket]!.drain();
  }

  /** Everybody reads again, and every tick ends. */
  settle(): void {
    for (const socket of this.sockets) {
      socket.reads = true;
      socket.drain();
    }
    this.timer.advance(1000);
    for (const socket of this.sockets) socket.drain();
  }

  private change(skus: readonly string[]): void {
    const changes: RoomChange<Member>[] = skus.map((name) => {
      const room = this.rooms.find(`${name}|web|all`)!;
      const piece = { json: name.padEnd(STATE_BYTES), version: ++this.version, producedAtMs: this.timer.nowMs() };
      room.newest = piece;
      this.newest.set(name, piece.version);
      this.madeAtMs.set(piece.version, this.timer.nowMs());
      return { room, piece };
    });
    this.conflation.offer(changes);
  }
}

const lastVersions = (socket: ModelSocket): Map<string, number> => {
  const last = new Map<string, number>();
  for (const { pieces } of socket.seen) for (const { json, version } of pieces) last.set(json.trim(), version);
  return last;
};

describe('push, whatever happens', () => {
  it.each([0, 50])(
    'with a tick of %d ms no version goes back, numbers run on, and the last state arrives',
    (tickMs) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
          const model = new Model(tickMs);
          for (const taken of steps) model.run(taken);
          model.settle();
          for (const socket of model.sockets) {
            const shown = new Map<string, number>();
            socket.seen.forEach(({ pieces, seq }, index) => {
              expect(seq).toBe(index + 1);
              for (const { json, version } of pieces) {
                expect(version).toBeGreaterThanOrEqual(shown.get(json) ?? 0);
                shown.set(json, version);
              }
            });
            expect(lastVersions(socket)).toEqual(model.newest);
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  it('keeps a bounded queue for a reader that stopped', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const model = new Model(0);
        for (const taken of steps) model.run(taken);
        // One message beyond the bound, since a message that was begun is sent whole.
        for (const socket of model.sockets)
          expect(socket.largestQueueBytes).toBeLessThanOrEqual(BEHIND_AT_BYTES + MESSAGE_BYTES);
      }),
      { numRuns: 200 },
    );
  });

  it('shows a reader that keeps up every state within a tick, and without a tick every single one', () => {
    const changesAndTime = step.filter(({ kind }) => kind === 'changes' || kind === 'time');
    fc.assert(
      fc.property(fc.array(changesAndTime, { maxLength: 40 }), (steps) => {
        const held = new Model(50);
        const unheld = new Model(0);
        for (const taken of steps) {
          held.run(taken);
          unheld.run(taken);
          const nowMs = held.timer.nowMs();
          const last = lastVersions(held.sockets[0]!);
          const late = [...held.newest].filter(([, newest]) => nowMs - held.madeAtMs.get(newest)! >= 50);
          expect(late.filter(([name, newest]) => last.get(name) !== newest)).toEqual([]);
        }
        const seen = unheld.sockets[0]!.seen.flatMap(({ pieces }) => pieces.map(({ version }) => version));
        expect(seen.toSorted((a, b) => a - b)).toEqual([...unheld.madeAtMs.keys()]);
      }),
      { numRuns: 200 },
    );
  });
});
