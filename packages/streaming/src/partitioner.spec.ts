import { describe, expect, it } from '@jest/globals';
import { Partitioners } from 'kafkajs';
import { murmur2, partitionFor } from './partitioner.js';

describe('murmur2', () => {
  // From Kafka's own UtilsTest.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Java clients do', (text, hash) => {
    expect(murmur2(new TextEncoder().encode(text))).toBe(hash);
  });
});

describe('partitionFor', () => {
  it('chooses as the default partitioner of kafkajs does, for any length and script', () => {
    const metadata = Array.from({ length: 12 }, (_, partitionId) => ({ partitionId, leader: 1 }));
    const choose = Partitioners.DefaultPartitioner();
    const keys = [
      '',
      'a',
      'ab',
      'abc',
      'abcd',
      '库存-SKU-0001',
      '🛒',
      ...Array.from({ length: 500 }, (_, i) => `sku-${i}`),
    ];
    for (const key of keys)
      expect([key, partitionFor(key, 12)]).toEqual([
        key,
        choose({ topic: 't', partitionMetadata: metadata as never, message: { key, value: null } }),
      ]);
  });
});
