import { expect, it } from '@jest/globals';
import { Shelf } from './testing/shelf.js';

/** A pool that serves only some regions was planned for every destination. */
it('a place that a channel has for one region only is not planned for another', () => {
  const shelf = new Shelf().place('shop').place('dc').has('A', 'shop', 2).has('A', 'dc', 2);
  shelf.sells('app', { locations: ['shop'], regions: ['south'] }, { locations: ['dc'] });
  expect(shelf.units('A', 'app', 'south')).toEqual({ shop: 2, dc: 2 });
  expect(shelf.units('A', 'app', 'north')).toEqual({ dc: 2 });
  expect(shelf.units('A', 'app')).toEqual({ shop: 2, dc: 2 });
});
