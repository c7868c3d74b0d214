import { findDistanceM, type Point } from '../sourcing/candidate.js';

export interface Stop extends Point {
  readonly id: string;
  /** The customer is there from then, until then, or was promised it by then. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}
export interface PlannedStop {
  readonly id: string;
  readonly arriveMs: number;
  readonly distanceM: number;
  /** Later than the customer is there. */
  readonly lateMs: number;
  readonly lateBecause?: LateReason;
}
/** Its time was over before anybody set out; the way alone is longer than the time; in time if others did not go before it. */
export type LateReason = 'over_before' | 'too_far' | 'others_first';
export interface Round {
  readonly stops: readonly PlannedStop[];
  /** With the way back. */
  readonly distanceM: number;
}

/** Of a bicycle or a scooter in a city, with the way around corners; and at each door. */
const M_PER_MS = 15_000 / 3_600_000;
const AT_THE_DOOR_MS = 5 * 60_000;
/** Up to here every order is looked at: 40,320 of them. */
const MOST_EXACT = 8;
/** A minute late is worth a detour of so many metres: whoever waits comes first. */
const M_PER_LATE_MS = 10_000 / 60_000;

interface Map2D {
  readonly stops: readonly Stop[];
  /** Between stops; the last row and column are the store. */
  readonly metres: readonly (readonly number[])[];
  readonly departMs: number;
}

/**
 * A good order of stops from the store and back: the least way, where being late counts as a long detour. Exact for up to
 * eight stops; beyond, the nearest stop next, then improved by turning parts round and moving parts elsewhere until
 * neither helps. Every stop has a point.
 */
export function orderStops(store: Point, stops: readonly Stop[], departMs: number): Round {
  const points: readonly Point[] = [...stops, store];
  const metres = points.map((a) => points.map((b) => findDistanceM(a, b) ?? 0));
  const map: Map2D = { stops, metres, departMs };
  const all = stops.map((_, i) => i);
  const round = walked(map, stops.length <= MOST_EXACT ? exact(map, all) : improved(map, nearestNext(map, all)));
  const known = new Map(stops.map((stop, i) => [stop.id, i]));
  return {
    ...round,
    stops: round.stops.map((stop) =>
      stop.lateMs > 0 ? { ...stop, lateBecause: lateReason(map, known.get(stop.id)!) } : stop,
    ),
  };
}

function lateReason({ stops, metres, departMs }: Map2D, i: number): LateReason {
  const { fromMs = departMs, untilMs = Number.POSITIVE_INFINITY } = stops[i]!;
  if (untilMs < departMs) return 'over_before';
  const straightMs = Math.max(fromMs, Math.round(departMs + metres[stops.length]![i]! / M_PER_MS));
  return straightMs > untilMs ? 'too_far' : 'others_first';
}

export function walked({ stops, metres, departMs }: Map2D, route: readonly number[]): Round {
  const store = stops.length;
  let at = store;
  let nowMs = departMs;
  const planned = route.map((next): PlannedStop => {
    const distanceM = metres[at]![next]!;
    const { id, fromMs = nowMs, untilMs = Number.POSITIVE_INFINITY } = stops[next]!;
    const arriveMs = Math.max(fromMs, Math.round(nowMs + distanceM / M_PER_MS));
    nowMs = arriveMs + AT_THE_DOOR_MS;
    at = next;
    return { id, arriveMs, distanceM, lateMs: Math.max(0, arriveMs - untilMs) };
  });
  const back = route.length === 0 ? 0 : metres[at]![store]!;
  return { stops: planned, distanceM: planned.reduce((sum, { distanceM }) => sum + distanceM, back) };
}

export function costOf(map: Map2D, route: readonly number[]): number {
  const { stops, distanceM } = walked(map, route);
  return stops.reduce((sum, { lateMs }) => sum + lateMs * M_PER_LATE_MS, distanceM);
}

function exact(map: Map2D, all: readonly number[]): readonly number[] {
  let best = all;
  let least = Number.POSITIVE_INFINITY;
  const go = (route: number[], left: readonly number[]): void => {
    // The way so far only grows; the way back is not in it yet.
    if (route.length > 0 && wayOut(map, route) >= least) return;
    if (left.length === 0) {
      const cost = costOf(map, route);
      if (cost < least) [least, best] = [cost, [...route]];
      return;
    }
    for (const next of left)
      go(
        [...route, next],
        left.filter((one) => one !== next),
      );
  };
  go([], all);
  return best;
}

function wayOut({ metres, stops }: Map2D, route: readonly number[]): number {
  let at = stops.length;
  return route.reduce((sum, next) => {
    const way = metres[at]![next]!;
    at = next;
    return sum + way;
  }, 0);
}

function nearestNext({ metres, stops }: Map2D, all: readonly number[]): number[] {
  const left = new Set(all);
  const route: number[] = [];
  for (let at = stops.length; left.size > 0; ) {
    at = [...left].reduce((best, one) => (metres[at]![one]! < metres[at]![best]! ? one : best));
    left.delete(at);
    route.push(at);
  }
  return route;
}

/** Each change makes the cost less, so it ends. */
function improved(map: Map2D, from: readonly number[]): readonly number[] {
  let route = from;
  let cost = costOf(map, route);
  for (let isBetter = true; isBetter; ) {
    isBetter = false;
    for (const candidate of neighbours(route)) {
      const less = costOf(map, candidate);
      if (less >= cost - 1e-6) continue;
      [route, cost, isBetter] = [candidate, less, true];
      break;
    }
  }
  return route;
}

/** 2-opt (a part the other way round) and or-opt (up to three stops elsewhere). */
function* neighbours(route: readonly number[]): Generator<readonly number[]> {
  for (let i = 0; i < route.length - 1; i++)
    for (let j = i + 1; j < route.length; j++)
      yield [...route.slice(0, i), ...route.slice(i, j + 1).toReversed(), ...route.slice(j + 1)];
  for (let length = 1; length <= 3; length++)
    for (let i = 0; i + length <= route.length; i++) {
      const part = route.slice(i, i + length);
      const rest = [...route.slice(0, i), ...route.slice(i + length)];
      for (let to = 0; to <= rest.length; to++) if (to !== i) yield [...rest.slice(0, to), ...part, ...rest.slice(to)];
    }
}
