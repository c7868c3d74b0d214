import { describe, expect, it } from '@jest/globals';
import type { PlaceView } from '../catalogue.js';
import { citiesOf, whereaboutsOf } from './cities.js';

const place = (code: string, city: string, latitude: number, region?: string) =>
  ({ code, name: code, type: 'store', city, latitude, longitude: 4, ...(region ? { region } : {}) }) as PlaceView;
const CITIES = citiesOf([
  place('a', 'Lyon', 45.7, 'south'),
  place('b', 'Lyon', 45.8, 'south'),
  place('c', 'Brest', 48),
]);

describe('where an order goes', () => {
  it('is the middle of the places in its city, with their region', () => {
    expect([...CITIES.values()]).toEqual([
      { city: 'Brest', latitude: 48, longitude: 4 },
      { city: 'Lyon', region: 'south', latitude: 45.75, longitude: 4 },
    ]);
  });
  it('is found as people type it; of another city its name is all that is known', () => {
    expect(whereaboutsOf(' lyon ', CITIES)).toMatchObject({ city: 'Lyon', region: 'south' });
    expect(whereaboutsOf('Nice', CITIES)).toEqual({ city: 'Nice' });
    expect(whereaboutsOf(' ', CITIES)).toBeUndefined();
  });
});
