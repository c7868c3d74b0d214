import { describe, expect, it } from '@jest/globals';
import { PartitionSkus } from './partition-skus.js';

describe('the SKUs of a partition', () => {
  it('are not known before they were listed to the end', () => {
    const skus = new PartitionSkus();
    skus.note(['a', 'b']);
    expect(skus.findAll()).toBeUndefined();
    skus.listedToTheEnd();
    skus.note(['c', 'a']);
    expect(skus.findAll()).toEqual(['a', 'b', 'c']);
  });
  it('are forgotten where they are more than memory is to hold, and not taken for whole after that', () => {
    const skus = new PartitionSkus(2);
    skus.note(['a', 'b']);
    skus.listedToTheEnd();
    skus.note(['c']);
    expect(skus.findAll()).toBeUndefined();
    skus.note(['d']);
    skus.listedToTheEnd();
    expect(skus.findAll()).toBeUndefined();
  });
});
