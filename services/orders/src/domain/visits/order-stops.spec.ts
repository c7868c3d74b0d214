import { describe, expect, it } from '@jest/globals';
import { orderStops, type Stop } from './order-stops.js';

const STORE = { latitude: 31.23, longitude: 121.47 };
const DEPART_MS = Date.UTC(2026, 5, 1, 2);
const MINUTE_MS = 60_000;

/** Some kilometres around the store, by a seed. */
function stopsOf(count: number, seed: number, over: (i: number) => Partial<Stop> = () => ({})): Stop[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: count }, (_, i) => ({
    id: `${i}`,
    latitude: STORE.latitude + next() / 10,
    longitude: STORE.longitude + next() / 10,
    ...over(i),
  }));
}
const permutations = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((one, i) => permutations(items.toSpliced(i, 1)).map((rest) => [one, ...rest]));

/** Held and Karp: the shortest way over each set of stops, by where it ends. */
function shortestWay(stops: readonly Stop[]): number {
  const way = (...some: Stop[]) => costAsGiven(some) - costAsGiven(some.slice(-1)) / 2;
  const home = stops.map((stop) => costAsGiven([stop]) / 2);
  const between = stops.map((a) => stops.map((b) => (a === b ? 0 : way(a, b) - home[stops.indexOf(a)]!)));
  const all = 2 ** stops.length;
  const least = Array.from({ length: all }, () => stops.map(() => Number.POSITIVE_INFINITY));
  for (let i = 0; i < stops.length; i++) least[2 ** i]![i] = home[i]!;
  for (let set = 1; set < all; set++)
    for (let last = 0; last < stops.length; last++)
      for (let next = 0; next < stops.length; next++)
        if (!(set & (2 ** next))) {
          const more = least[set | (2 ** next)]!;
          more[next] = Math.min(more[next]!, least[set]![last]! + between[last]![next]!);
        }
  return Math.min(...least[all - 1]!.map((sum, last) => sum + home[last]!));
}

/** As told, in the order given: another reading of what a round costs, over a sphere of its own. */
function costAsGiven(stops: readonly Stop[]): number {
  const way = (a: { latitude?: number; longitude?: number }, b: { latitude?: number; longitude?: number }) => {
    const [x, y, u, v] = [a.latitude!, a.longitude!, b.latitude!, b.longitude!].map((one) => (one * Math.PI) / 180);
    const h = Math.sin((u! - x!) / 2) ** 2 + Math.cos(x!) * Math.cos(u!) * Math.sin((v! - y!) / 2) ** 2;
    return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
  };
  let [at, nowMs, cost]: [{ latitude?: number; longitude?: number }, number, number] = [STORE, DEPART_MS, 0];
  for (const stop of stops) {
    cost += way(at, stop);
    nowMs = Math.max(stop.fromMs ?? 0, nowMs + way(at, stop) * 240);
    cost += (Math.max(0, nowMs - (stop.untilMs ?? Number.POSITIVE_INFINITY)) / MINUTE_MS) * 10_000;
    nowMs += 5 * MINUTE_MS;
    at = stop;
  }
  return cost + way(at, STORE);
}
const costOfRound = (stops: readonly Stop[]) => {
  const byId = new Map(stops.map((stop) => [stop.id, stop]));
  return costAsGiven(orderStops(STORE, stops, DEPART_MS).stops.map(({ id }) => byId.get(id)!));
};
const windows = (i: number): Partial<Stop> =>
  i % 2 === 0
    ? {}
    : {
        fromMs: DEPART_MS + ((i * 17) % 40) * MINUTE_MS,
        untilMs: DEPART_MS + ((i * 17) % 40) * MINUTE_MS + 30 * MINUTE_MS,
      };

describe('the order of a round', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('is the best there is of six stops (seed %i)', (seed) => {
    for (const stops of [stopsOf(6, seed), stopsOf(6, seed, windows)]) {
      const best = Math.min(...permutations(stops).map(costAsGiven));
      expect(costOfRound(stops)).toBeLessThanOrEqual(best * 1.000_1 + 10);
    }
  });
  it('of more than eight is near the best there is', () => {
    for (const seed of [5, 6, 7, 8]) {
      const stops = stopsOf(11, seed);
      expect(costOfRound(stops)).toBeLessThanOrEqual(shortestWay(stops) * 1.05);
    }
  });
  it('has every stop once, however many, and no way that crosses itself needlessly', () => {
    const stops = stopsOf(40, 3);
    const { stops: planned, distanceM } = orderStops(STORE, stops, DEPART_MS);
    expect(planned.map(({ id }) => id).toSorted()).toEqual(stops.map(({ id }) => id).toSorted());
    expect(distanceM).toBeLessThan(costAsGiven(stops) / 2);
  });
  it('goes first to whoever waits, and says how late it will be', () => {
    const near: Stop = { id: 'near', latitude: 31.24, longitude: 121.47 };
    const far: Stop = { id: 'far', latitude: 31.28, longitude: 121.47, untilMs: DEPART_MS + 23 * MINUTE_MS };
    expect(orderStops(STORE, [near, far], DEPART_MS).stops.map(({ id, lateMs }) => [id, lateMs])).toEqual([
      ['far', 0],
      ['near', 0],
    ]);
    const over = { ...far, untilMs: DEPART_MS };
    expect(orderStops(STORE, [over], DEPART_MS).stops[0]!.lateMs).toBeGreaterThan(20 * MINUTE_MS);
  });
  it('waits for whoever is not there yet, and is nothing without stops', () => {
    const later: Stop = { id: 'a', ...STORE, fromMs: DEPART_MS + 60 * MINUTE_MS };
    expect(orderStops(STORE, [later], DEPART_MS).stops).toMatchObject([{ arriveMs: DEPART_MS + 60 * MINUTE_MS }]);
    expect(orderStops(STORE, [], DEPART_MS)).toEqual({ stops: [], distanceM: 0 });
  });
});
