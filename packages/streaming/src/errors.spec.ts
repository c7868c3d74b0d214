import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { isPassing, isTransactionTooLarge } from './errors.js';

const { MongoBulkWriteError, MongoNetworkError, MongoServerSelectionError, MongoServerError } = mongoose.mongo;
/** As the driver's bulk interface throws it: whatever went wrong, in a class of its own. */
const inBulk = (error: Error) => new MongoBulkWriteError(error as never, {} as never);

describe('too much for one transaction', () => {
  it.each([
    [{ code: 257 }, true],
    [{ code: 388, codeName: 'TransactionTooLargeForCache' }, true],
    [{ code: 10334 }, true],
    [{ codeName: 'BSONObjectTooLarge' }, true],
    [{ code: 11000 }, false],
    [{ code: 462 }, false],
  ])('%j: smaller batches will do = %s', (error, tooLarge) => {
    expect(isTransactionTooLarge(new MongoServerError({ message: 'refused', ...error }))).toBe(tooLarge);
  });
});

describe('a failure of the database', () => {
  it.each([
    [Object.assign(new Error('no such transaction'), { code: 251 }), true],
    [
      Object.assign(new Error('Internal("transaction already closed")'), { name: 'MongoBulkWriteError', code: 1 }),
      true,
    ],
    [Object.assign(new Error('Internal("ENOSPC: no space left on device")'), { code: 1 }), true],
    [Object.assign(new Error('disk full'), { code: 14031 }), true],
    [Object.assign(new Error('Internal("index entry lost")'), { name: 'MongoBulkWriteError', code: 1 }), false],
    [Object.assign(new Error('too much at once'), { code: 388, codeName: 'TransactionTooLargeForCache' }), false],
    [new MongoServerError({ message: 'too large', code: 257, writeErrors: [] }), false],
    [new MongoServerError({ message: 'too much at once', code: 388 }), false],
    [new MongoServerError({ message: 'over 16 MB', code: 10334 }), false],
    [new MongoServerError({ message: 'later', code: 462, codeName: 'IngressRequestRateLimitExceeded' }), true],
    [new MongoServerError({ message: 'later', code: 999, errorLabels: ['SystemOverloadedError'] }), true],
    [inBulk(new MongoNetworkError('connection closed')), true],
    [inBulk(new MongoServerSelectionError('no primary', {} as never)), true],
    [inBulk(new MongoServerError({ message: 'killed', code: 11601 })), true],
    [inBulk(new MongoServerError({ message: 'bad value', code: 2 })), false],
    [new TypeError('undefined is not a function'), false],
  ])('%s: begun again = %s', (error, again) => {
    expect(isPassing(error)).toBe(again);
  });
});
