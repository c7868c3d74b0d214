import { describe, expect, it } from '@jest/globals';
import * as orderTerms from '@shelfline/contracts/order-terms';
import * as terms from '@shelfline/contracts/terms';
import { CART_TEXTS } from './cart-texts.js';
import { CHECKOUT_TEXTS } from './checkout-texts.js';
import { INBOX_TEXTS } from './inbox-texts.js';
import { nameIn, numberIn, preferredLanguage, regionName, textIn } from './language.js';
import { RETURNS_TEXTS } from './returns-texts.js';
import { ROUND_TEXTS } from './round-texts.js';
import { TEXTS } from './texts.js';
import { TRACK_TEXTS } from './track-texts.js';
import { TRANSFERS_TEXTS } from './transfers-texts.js';

const CHINESE = /[\u4e00-\u9fff]/;
const fields = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([field]) => field).sort();

describe('texts', () => {
  it.each(Object.entries(TEXTS))('%s stands in both languages, with the same fields', (key, [en, zh]) => {
    expect(en.trim()).not.toBe('');
    expect(zh.trim()).not.toBe('');
    expect(fields(zh)).toEqual(fields(en));
    // The switch names the other language in that language; a unit may be the same everywhere.
    if (key.startsWith('language')) return;
    expect(CHINESE.test(en)).toBe(false);
    expect(CHINESE.test(zh)).toBe(true);
  });
  it('of one part of the page were hidden by those of another under the same name', () => {
    const parts = [CART_TEXTS, CHECKOUT_TEXTS, INBOX_TEXTS, RETURNS_TEXTS, ROUND_TEXTS, TRACK_TEXTS, TRANSFERS_TEXTS];
    const names = parts.flatMap((part) => Object.keys(part));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(Object.keys(TEXTS)).toEqual(expect.arrayContaining(names));
  });
  it('are filled in, and an unknown field stays to be seen', () => {
    expect(textIn('en')('noMatchHappened', { search: 'tea' })).toBe('Nothing matches “tea”.');
    expect(textIn('zh')('shown', { count: '3' })).toBe('列表中有 3 个商品');
    expect(textIn('en')('shown')).toBe('{count} products listed');
  });
  it('follow the choice, then the browser', () => {
    expect(preferredLanguage('en', 'zh-CN')).toBe('en');
    expect(preferredLanguage(null, 'zh-TW')).toBe('zh');
    expect(preferredLanguage('fr', 'de')).toBe('en');
  });
});

describe('terms', () => {
  const all = Object.entries(terms).flatMap(([group, members]) =>
    Object.entries(members).map(([name, term]) => [`${group}.${name}`, term] as const),
  );
  it.each(all)('%s has words and a description in both languages', (_name, term) => {
    expect(term.en.trim() && term.description.trim()).toBeTruthy();
    expect(CHINESE.test(term.zh) && CHINESE.test(term.descriptionZh)).toBe(true);
  });
});

describe('terms of orders', () => {
  const all = Object.values(orderTerms).flatMap((group) => Object.entries(group));
  it.each(all)('%s has words in both languages', (_name, { en, zh }) => {
    expect(en.trim() !== '' && !CHINESE.test(en) && CHINESE.test(zh)).toBe(true);
  });
});

describe('figures and names', () => {
  it('are written as the language writes them', () => {
    expect(numberIn('en', 12345)).toBe('12,345');
    expect(numberIn('zh', 0.25)).toBe('0.3');
    expect(nameIn('zh', { name: 'Honey' })).toBe('Honey');
    expect(nameIn('zh', { name: 'Honey', nameZh: '蜂蜜' })).toBe('蜂蜜');
    expect(regionName('ohio-valley')).toBe('Ohio valley');
  });
});
