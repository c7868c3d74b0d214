import { describe, expect, it } from '@jest/globals';
import { preferredLanguage, TEXTS, textIn } from './language.js';
import { addPoint, sparkPath } from './spark-path.js';
import { skusToWatch } from './visible-skus.js';

describe('texts', () => {
  it('stand in both languages', () => {
    for (const [key, [en, zh]] of Object.entries(TEXTS)) {
      expect([key, en.length > 0, zh.length > 0]).toEqual([key, true, true]);
      expect(key === 'language' || /[\u4e00-\u9fff]/.test(zh)).toBe(true);
    }
    expect(textIn('zh')('live')).toBe('实时');
  });
  it('follow the choice, then the browser', () => {
    expect(preferredLanguage('en', 'zh-CN')).toBe('en');
    expect(preferredLanguage(null, 'zh-CN')).toBe('zh');
    expect(preferredLanguage('fr', 'de')).toBe('en');
  });
});

describe('the line of the last minutes', () => {
  it('keeps the window and one point before it', () => {
    let points = addPoint([], { atMs: 0, value: 5 }, 100);
    points = addPoint(points, { atMs: 50, value: 4 }, 100);
    points = addPoint(points, { atMs: 160, value: 3 }, 100);
    expect(points.map(({ atMs }) => atMs)).toEqual([50, 160]);
  });
  it('draws steps up to now', () => {
    expect(sparkPath([], 0, 100, 50, 20)).toBe('');
    expect(
      sparkPath(
        [
          { atMs: 0, value: 10 },
          { atMs: 50, value: 0 },
        ],
        100,
        100,
        50,
        20,
      ),
    ).toBe('M0 2H25V18H50');
  });
});

describe('what is watched', () => {
  it('is what is visible and some around, never too many', () => {
    const skus = Array.from({ length: 1000 }, (_, i) => `s${i}`);
    expect(skusToWatch(skus, 100, 110)).toHaveLength(51);
    expect(skusToWatch(skus, 0, 999)).toHaveLength(400);
    expect(skusToWatch([], 0, 0)).toEqual([]);
  });
});
