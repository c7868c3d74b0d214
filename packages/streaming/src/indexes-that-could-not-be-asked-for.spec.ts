import { describe, expect, it } from '@jest/globals';
import type { mongo } from 'mongoose';
import { hasIndex } from './mongo-indexes.js';

const answering = (indexes: () => Promise<object[]>) =>
  ({ listIndexes: () => ({ toArray: indexes }) }) as unknown as mongo.Collection;
const failing = (code: number) => answering(() => Promise.reject(Object.assign(new Error('no'), { code })));

describe('whether an index is there', () => {
  it('is told from its key', async () => {
    const collection = answering(() => Promise.resolve([{ key: { _id: 1 } }, { key: { sku: 1, at: 1 } }]));
    expect([await hasIndex(collection, { sku: 1, at: 1 }), await hasIndex(collection, { at: 1, sku: 1 })]).toEqual([
      true,
      false,
    ]);
  });

  it('is no where there is no collection, and unknown where the server could not say: lots would all seem to differ', async () => {
    expect(await hasIndex(failing(26), { sku: 1 })).toBe(false);
    await expect(hasIndex(failing(189), { sku: 1 })).rejects.toThrow('no');
  });
});
