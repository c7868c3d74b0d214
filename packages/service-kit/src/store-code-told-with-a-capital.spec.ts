import { describe, expect, it } from '@jest/globals';
import { asSentence } from './sentence.js';

describe('a sentence', () => {
  it('begins with a capital where it begins with a word', () => {
    expect(asSentence('there is no order x')).toBe('There is no order x');
    expect(asSentence('it’s over')).toBe('It’s over');
    expect(asSentence('no')).toBe('No');
  });
  it('leaves a code as whoever reads it has to type it', () => {
    for (const text of ['store-381 has no task', 'dc_1 is closed', 'web1 sells nothing', 'lines[0].sku is missing'])
      expect(asSentence(text)).toBe(text);
    expect(asSentence('')).toBe('');
  });
});
