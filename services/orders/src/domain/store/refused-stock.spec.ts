import { describe, expect, it } from '@jest/globals';
import { hasNews, type RefusedStock } from './refused-stock.js';

const REFUSED = { atMs: 1000, units: 2 } as RefusedStock;
const news = (there: { onHand: number; countedAtMs?: number }, nowMs = 5000) => hasNews(REFUSED, there, nowMs, 0);

describe('a place that refused has news', () => {
  it('where it has more than then, or was counted since', () => {
    expect(news({ onHand: 3 })).toBe(true);
    expect(news({ onHand: 2, countedAtMs: 1001 })).toBe(true);
    expect(news({ onHand: 2, countedAtMs: 1000 })).toBe(false);
    expect(news({ onHand: 2 })).toBe(false);
  });
  it('of a count by a clock that is ahead once it is that time: it was asked again at each refusal until then', () => {
    const ahead = { onHand: 2, countedAtMs: 9000 };
    expect(news(ahead)).toBe(false);
    expect(news(ahead, 9000)).toBe(true);
  });
});
