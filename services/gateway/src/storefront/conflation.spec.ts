import { describe, expect, it } from '@jest/globals';
import { ManualTimer } from '../testing/manual-timer.js';
import { Conflation } from './conflation.js';
import { type RoomChange, Rooms } from './rooms.js';

const setUp = ({ messagesAtOnce, deliveryMs = 0 }: { messagesAtOnce?: number; deliveryMs?: number } = {}) => {
  const timer = new ManualTimer();
  const delivered: string[][] = [];
  const conflation = new Conflation<object>({
    tickMs: 50,
    timer,
    deliver: (changes) => {
      timer.pass(deliveryMs);
      delivered.push(changes.map(({ room, piece }) => `${room.sku}${piece.version}`));
      return changes.length;
    },
    ...(messagesAtOnce === undefined ? {} : { messagesAtOnce }),
  });
  const rooms = new Rooms<object>();
  const member = {};
  const change = (sku: string, version: number): RoomChange<object> => ({
    room: rooms.join(member, sku, 'web', 'all'),
    piece: { json: '{}', version, producedAtMs: 0 },
  });
  return { timer, delivered, conflation, change };
};

describe('conflation', () => {
  it('lets the first change leave at once and the newest of the rest when the tick is over', () => {
    const { timer, delivered, conflation, change } = setUp();
    conflation.offer([change('A', 1)]);
    expect(delivered).toEqual([['A1']]);
    timer.advance(10);
    conflation.offer([change('A', 2), change('B', 3)]);
    conflation.offer([change('A', 4)]);
    expect(delivered).toEqual([['A1'], ['B3']]);
    timer.advance(40);
    expect(delivered).toEqual([['A1'], ['B3'], ['A4']]);
    expect(conflation.conflated).toBe(1);
  });

  it('sends the newest of changes that arrive together', () => {
    const { delivered, conflation, change } = setUp();
    conflation.offer([change('A', 1), change('A', 2), change('A', 3)]);
    expect(delivered).toEqual([['A3']]);
  });

  it('lets a change leave at once again after a quiet tick', () => {
    const { timer, delivered, conflation, change } = setUp();
    conflation.offer([change('A', 1)]);
    timer.advance(51);
    conflation.offer([change('A', 2)]);
    expect(delivered).toEqual([['A1'], ['A2']]);
  });

  it('sends a busy SKU once a tick', () => {
    const { timer, delivered, conflation, change } = setUp();
    for (let version = 1; version <= 100; version++) {
      conflation.offer([change('A', version)]);
      timer.advance(5);
    }
    timer.advance(100);
    expect(delivered.length).toBeLessThanOrEqual(12);
    expect(delivered.at(-1)).toEqual(['A100']);
  });

  it('gathers for a whole tick after a delivery that took longer than one', () => {
    const { timer, delivered, conflation, change } = setUp({ messagesAtOnce: 1, deliveryMs: 70 });
    conflation.offer([change('A', 1)]);
    conflation.offer([change('A', 2)]);
    timer.advance(50);
    expect(delivered).toEqual([['A1'], ['A2']]);
    conflation.offer([change('A', 3)]);
    timer.advance(49);
    expect(delivered).toHaveLength(2);
    timer.advance(1);
    expect(delivered.at(-1)).toEqual(['A3']);
  });

  it('lets first changes wait for the end of a tick that has seen many messages, and leave together', () => {
    const { timer, delivered, conflation, change } = setUp({ messagesAtOnce: 2 });
    conflation.offer([change('A', 1), change('B', 2)]);
    timer.advance(10);
    conflation.offer([change('C', 3)]);
    timer.advance(10);
    conflation.offer([change('D', 4), change('A', 5), change('C', 6)]);
    expect(delivered).toEqual([['A1', 'B2']]);
    timer.advance(30);
    expect(delivered).toHaveLength(2);
    expect(delivered[1]!.toSorted()).toEqual(['A5', 'C6', 'D4']);
  });

  describe('while every change waits for the end of the tick', () => {
    const rest = (conflation: Conflation<object>) => {
      const seen = { over: false };
      void conflation.rest()?.then(() => {
        seen.over = true;
      });
      const isOver = async () => {
        await Promise.resolve();
        return seen.over;
      };
      return isOver;
    };

    it('lets reading rest until there is just time for it', async () => {
      const { timer, conflation, change } = setUp({ messagesAtOnce: 1 });
      conflation.offer([change('A', 1)]);
      const isOver = rest(conflation);
      timer.advance(37);
      expect(await isOver()).toBe(false);
      timer.advance(1);
      expect(await isOver()).toBe(true);
      expect(conflation.rest()).toBeUndefined();
    });

    it('ends the rest when the push is stopped', async () => {
      const { conflation, change } = setUp({ messagesAtOnce: 1 });
      conflation.offer([change('A', 1)]);
      const isOver = rest(conflation);
      conflation.stop();
      expect(await isOver()).toBe(true);
    });
  });

  it('lets reading go on while changes leave at once, and between ticks', () => {
    const { timer, conflation, change } = setUp({ messagesAtOnce: 2 });
    conflation.offer([change('A', 1)]);
    expect(conflation.rest()).toBeUndefined();
    conflation.offer([change('B', 2)]);
    expect(conflation.rest()).toBeDefined();
    timer.advance(51);
    expect(conflation.rest()).toBeUndefined();
  });
});
