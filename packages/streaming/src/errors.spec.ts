import { describe, expect, it } from '@jest/globals';
import { isPassing } from './errors.js';

describe('a failure of the database', () => {
  it.each([
    [Object.assign(new Error('no such transaction'), { code: 251 }), true],
    [
      Object.assign(new Error('Internal("transaction already closed")'), { name: 'MongoBulkWriteError', code: 1 }),
      true,
    ],
    [Object.assign(new Error('Internal("index entry lost")'), { name: 'MongoBulkWriteError', code: 1 }), false],
    [Object.assign(new Error('too much at once'), { code: 388, codeName: 'TransactionTooLargeForCache' }), false],
    [new TypeError('undefined is not a function'), false],
  ])('%s: begun again = %s', (error, again) => {
    expect(isPassing(error)).toBe(again);
  });
});
