import { describe, expect, it } from '@jest/globals';
import { findWebPage } from './web-pages.js';

describe('a page of the web app', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/store', '/store'],
    ['/store/', '/store'],
    ['/track//', '/track'],
    ['/stores', undefined],
    ['/store/12', undefined],
    ['/Store', undefined],
    ['', undefined],
  ])('at %s is %s', (path, page) => {
    expect(findWebPage(path)).toBe(page);
  });
});
