import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { isPassing } from './errors.js';

const { MongoBulkWriteError, MongoNetworkError, MongoServerSelectionError, MongoServerError } = mongoose.mongo;
/** As the driver's bulk interface throws it: whatever went wrong, in a class of its own. */
const inBulk = (error: Error) => new MongoBulkWriteError(error as never, {} as never);

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
    [inBulk(new MongoNetworkError('connection closed')), true],
    [inBulk(new MongoServerSelectionError('no primary', {} as never)), true],
    [inBulk(new MongoServerError({ message: 'killed', code: 11601 })), true],
    [inBulk(new MongoServerError({ message: 'bad value', code: 2 })), false],
    [new TypeError('undefined is not a function'), false],
  ])('%s: begun again = %s', (error, again) => {
    expect(isPassing(error)).toBe(again);
  });
});
