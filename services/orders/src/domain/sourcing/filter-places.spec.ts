import { describe, expect, it } from '@jest/globals';
import { findDistanceM } from './candidate.js';
import { dropsFor, placesFor, type SourcingRequest, wantedOf } from './filter-places.js';
import type { SourcingFilter } from './sourcing-rule.js';
import { type CaseFields, order, place } from './testing/sourcing-cases.js';

const given = (fields: CaseFields) => ({
  when: (filter: SourcingFilter, request: SourcingRequest = order()) =>
    dropsFor(request, [filter])(placesFor(request, wantedOf(request.lines))(place('S1', fields))),
});

describe('each filter keeps what is known to meet it', () => {
  it('serves_channel', () => {
    expect(given({ servesChannel: true }).when({ by: 'serves_channel' })).toBeUndefined();
    expect(given({ servesChannel: false }).when({ by: 'serves_channel' })).toEqual({ reason: 'serves_channel' });
  });
  it('not_yet_refused', () => {
    const refused = order({ A: 1 }, { refusedBy: new Set(['S1']) });
    expect(given({}).when({ by: 'not_yet_refused' })).toBeUndefined();
    expect(given({}).when({ by: 'not_yet_refused' }, refused)).toEqual({ reason: 'not_yet_refused' });
  });
  it('same_city: not where the order names no city', () => {
    const nowhere = order({ A: 1 }, { destination: { region: 'east' } });
    expect(given({}).when({ by: 'same_city' })).toBeUndefined();
    expect(given({ city: 'Suzhou' }).when({ by: 'same_city' })).toEqual({ reason: 'same_city' });
    expect(given({}).when({ by: 'same_city' }, nowhere)).toEqual({ reason: 'same_city' });
  });
  it('same_region', () => {
    expect(given({}).when({ by: 'same_region' })).toBeUndefined();
    expect(given({ region: 'north' }).when({ by: 'same_region' })).toEqual({ reason: 'same_region' });
  });
  it('max_distance_km: with the distance and the limit; not where the distance is unknown', () => {
    const filter: SourcingFilter = { by: 'max_distance_km', km: 10 };
    expect(given({ northKm: 9.9 }).when(filter)).toBeUndefined();
    const drop = given({ northKm: 12 }).when(filter);
    expect(drop).toMatchObject({ reason: 'max_distance_km', limit: 10_000 });
    expect(drop!.figure! / 1000).toBeCloseTo(12, 1);
    const nowhere = order({ A: 1 }, { destination: { city: 'Shanghai' } });
    expect(given({}).when(filter, nowhere)).toEqual({ reason: 'max_distance_km', limit: 10_000 });
  });
  it('capacity_left: a place without a limit always has some', () => {
    const filter: SourcingFilter = { by: 'capacity_left', atLeast: 2 };
    expect(given({}).when(filter)).toBeUndefined();
    expect(given({ capacityLeft: 2 }).when(filter)).toBeUndefined();
    expect(given({ capacityLeft: 1 }).when(filter)).toEqual({ reason: 'capacity_left', figure: 1, limit: 2 });
  });
  it('open_hours', () => {
    const openingHours = [{ day: 1, opens: '14:00', closes: '21:00' }];
    expect(given({ openingHours }).when({ by: 'open_hours', opensWithinMinutes: 120 })).toBeUndefined();
    expect(given({ openingHours }).when({ by: 'open_hours', opensWithinMinutes: 119 })).toEqual({
      reason: 'open_hours',
      limit: 119,
    });
  });
  it('min_confidence', () => {
    const filter: SourcingFilter = { by: 'min_confidence', atLeast: 0.5 };
    expect(given({ confidence: 0.5 }).when(filter)).toBeUndefined();
    expect(given({ confidence: 0.4 }).when(filter)).toEqual({ reason: 'min_confidence', figure: 0.4, limit: 0.5 });
  });
});

describe('a filter', () => {
  it('of some methods or types leaves the others alone', () => {
    expect(given({ city: 'Suzhou' }).when({ by: 'same_city', methods: ['same_city'] })).toBeUndefined();
    expect(given({ confidence: 0 }).when({ by: 'min_confidence', atLeast: 1, types: ['agent'] })).toBeUndefined();
    const visit = order({ A: 1 }, { method: 'same_city' });
    expect(given({ city: 'Suzhou' }).when({ by: 'same_city', methods: ['same_city'] }, visit)).toBeDefined();
    expect(given({ confidence: 0 }).when({ by: 'min_confidence', atLeast: 1, types: ['store'] })).toBeDefined();
  });
  it('is not asked about a place that has nothing of the order', () => {
    expect(given({ units: { B: 3, A: 0 }, city: 'Suzhou' }).when({ by: 'same_city' })).toEqual({ reason: 'no_stock' });
  });
  it('is not asked about another store than the one where it is collected', () => {
    const pickup = order({ A: 1 }, { method: 'pickup', store: 'S2' });
    expect(given({}).when({ by: 'serves_channel' }, pickup)).toEqual({ reason: 'other_store' });
  });
});

describe('distance', () => {
  const shanghai = { latitude: 31.2304, longitude: 121.4737 };
  it('is the one between cities on a map', () => {
    const beijing = { latitude: 39.9042, longitude: 116.4074 };
    expect(Math.abs(findDistanceM(shanghai, beijing)! - 1_067_500)).toBeLessThan(2000);
    expect(findDistanceM(shanghai, shanghai)).toBe(0);
  });
  it('goes the short way over the date line and to the other side of the earth', () => {
    const far = findDistanceM({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })!;
    expect(Math.abs(far - 111_195)).toBeLessThan(10);
    const opposite = findDistanceM({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 })!;
    expect(Math.abs(opposite - 20_015_115)).toBeLessThan(2);
  });
  it('is unknown where half a point is', () => {
    expect(findDistanceM({ latitude: 31 }, shanghai)).toBeUndefined();
    expect(findDistanceM(undefined, shanghai)).toBeUndefined();
  });
});
