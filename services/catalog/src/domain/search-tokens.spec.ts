import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchQuery, searchTokens } from './search-tokens.js';

const product = (fields: object) => ({ sku: 'AB-12/x', name: 'N', unit: 'piece', active: true, ...fields });
const finds = (typed: string, tokens: readonly string[]): boolean =>
  searchQuery(typed)?.every((group) =>
    group.some((terms) =>
      terms.every(({ text, whole }) => tokens.some((token) => (whole ? token === text : token.startsWith(text)))),
    ),
  ) ?? true;

describe('searching products', () => {
  const tokens = searchTokens(
    product({ name: 'Organic Ceylon Tea', nameZh: '有机锡兰红茶', gtin: '4006381333931', brand: 'Blau' }),
  );

  it.each([
    'ab',
    'AB-12',
    'ab-12/x',
    '12',
    '4006381',
    'ceylon',
    'cey tea',
    '锡兰',
    '红茶',
    '锡兰红',
    '茶',
    '有机 tea',
    'BLAU',
    '有',
  ])('finds it by %s', (typed) => {
    expect(finds(typed, tokens)).toBe(true);
  });

  it.each(['eylon', '兰锡', 'coffee', '绿茶', 'ceylon coffee', 'ab-13', '.*'])('does not find it by %s', (typed) => {
    expect(finds(typed, tokens)).toBe(false);
  });

  it('full-width letters are the same letters', () => {
    expect(finds('ＡＢ－１２', tokens)).toBe(true);
  });

  it('a space alone searches for nothing', () => {
    expect(searchQuery('  ')).toBeUndefined();
  });

  it('what is stored and what is asked stay bounded', () => {
    expect(
      searchTokens(
        product({ name: 'word '.repeat(60), nameZh: Array.from({ length: 300 }, (_, i) => `茶${i}`).join('') }),
      ).length,
    ).toBeLessThanOrEqual(100);
    const query = searchQuery('a-b-c-d-e-f-g-h-i-j-k '.repeat(50))!;
    expect(query.length).toBeLessThanOrEqual(8);
    for (const group of query) for (const terms of group) expect(terms.length).toBeLessThanOrEqual(8);
  });

  it('every beginning of a word and every part of a Chinese name finds its product', () => {
    const han = fc.string({
      unit: fc.constantFrom('有', '机', '锡', '兰', '红', '绿', '茶', '店'),
      minLength: 1,
      maxLength: 20,
    });
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(han, word, fc.nat(), fc.nat(), (nameZh, name, from, length) => {
        const own = searchTokens(product({ name, nameZh }));
        const start = from % nameZh.length;
        expect(finds(nameZh.slice(start, start + 1 + (length % nameZh.length)), own)).toBe(true);
        expect(finds(name.slice(0, 1 + (length % name.length)), own)).toBe(true);
      }),
    );
  });
});
