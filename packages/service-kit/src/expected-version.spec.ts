import { expect, it } from '@jest/globals';
import { expectedVersionOf } from './expected-version.js';

it.each([
  [{}, undefined],
  [{ 'if-match': '"7"' }, 7],
  [{ 'if-match': ' 7 ' }, 7],
  [{ 'if-none-match': '*' }, 0],
  [{ 'if-match': '"7"', 'if-none-match': '*' }, 7],
])('%j expects version %s', (headers, version) => {
  expect(expectedVersionOf(headers)).toBe(version);
});

it.each([
  { 'if-match': '*' },
  { 'if-match': '"9999999999999999"' },
  { 'if-match': 'W/"7"' },
  { 'if-none-match': '"7"' },
])('%j is refused rather than passed over', (headers) => {
  expect(() => expectedVersionOf(headers)).toThrow(expect.objectContaining({ status: 400 }));
});
