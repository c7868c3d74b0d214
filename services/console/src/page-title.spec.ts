import { describe, expect, it } from '@jest/globals';
import { titleOf } from './page-title.js';

describe('the title of a page', () => {
  it('is its own, in the language that was chosen', () => {
    const titles = (['stock', 'inbox', 'track', 'none'] as const).map((page) => titleOf(page, 'en'));
    expect(titles).toEqual([
      'Live stock · Shelfline',
      'Store inbox · Shelfline',
      'Your order · Shelfline',
      'No such page · Shelfline',
    ]);
    expect(titleOf('inbox', 'zh')).toBe('门店接单 · Shelfline');
  });
  it('of the inbox begins with how many tasks are open', () => {
    expect(titleOf('inbox', 'en', 3)).toBe('(3) Store inbox · Shelfline');
    expect(titleOf('inbox', 'zh', 1200)).toBe('(1,200) 门店接单 · Shelfline');
    expect(titleOf('inbox', 'en', 0)).toBe('Store inbox · Shelfline');
  });
});
