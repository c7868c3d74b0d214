import { describe, expect, it } from '@jest/globals';
import { type Figure, hasMet } from '../figures.ts';
import type { ShownStock } from './loader-messages.ts';
import { isExact, judgeSockets, percentile, type SocketRecord } from './socket-verdict.ts';

const state = (version: number, available = 7): ShownStock => ({ version, available, status: 'in_stock' });
const newest = new Map([
  ['tea', state(5)],
  ['milk', state(9)],
]);
const right: SocketRecord = {
  name: 'socket-0',
  watched: ['tea'],
  held: new Map([['tea', state(5)]]),
  isSubscribed: true,
  missingNumbers: 0,
  repeatedNumbers: 0,
  versionsBack: 0,
};
const judged = (change: Partial<SocketRecord>) => judgeSockets([right, { ...right, name: 'odd', ...change }], newest);

describe('the verdict on sockets', () => {
  it('finds nothing where each shows the newest state of what it watches', () => {
    const verdict = judged({});
    expect(verdict).toEqual({ lost: [], doubled: [], wrong: [] });
    expect(isExact(verdict)).toBe(true);
  });

  it('names the socket that shows an older state, none, missed a message, or did not come back', () => {
    const behind: Partial<SocketRecord>[] = [
      { held: new Map([['tea', state(4)]]) },
      { watched: ['tea', 'milk'] },
      { missingNumbers: 1 },
      { isSubscribed: false },
    ];
    for (const change of behind) expect(judged(change)).toEqual({ lost: ['odd'], doubled: [], wrong: [] });
  });

  it('names the socket that got a message twice', () => {
    expect(judged({ repeatedNumbers: 1 })).toEqual({ lost: [], doubled: ['odd'], wrong: [] });
  });

  it('names the socket that shows what the topic does not say, or saw a version go back', () => {
    const others = [
      { held: new Map([['tea', state(5, 8)]]) },
      { held: new Map([['tea', state(6)]]) },
      { versionsBack: 1 },
    ];
    for (const change of others) {
      const verdict = judged(change);
      expect(verdict).toEqual({ lost: [], doubled: [], wrong: ['odd'] });
      expect(isExact(verdict)).toBe(false);
    }
  });
});

describe('figures', () => {
  const figure: Figure = { what: 'memory', value: 65, limit: 64, unit: 'KiB', isTiming: false };

  it('decide when they are over their limit, timings only in a strict run', () => {
    expect(hasMet([{ ...figure, value: 64 }], { strict: true })).toBe(true);
    expect(hasMet([figure], { strict: false })).toBe(false);
    expect(hasMet([{ ...figure, isTiming: true }], { strict: false })).toBe(true);
    expect(hasMet([{ ...figure, isTiming: true }], { strict: true })).toBe(false);
  });
});

describe('the percentile of delays', () => {
  it('is the delay that the share of updates did not exceed', () => {
    const delays = new Map([
      [30, 1],
      [2, 98],
      [5, 1],
    ]);
    expect([0.5, 0.99, 1].map((share) => percentile(delays, share))).toEqual([2, 5, 30]);
    expect(percentile(new Map(), 0.99)).toBe(0);
  });
});
