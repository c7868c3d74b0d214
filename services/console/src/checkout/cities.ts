import type { PlaceView } from '../catalogue.js';

/** What an order says of where it goes, as far as places are chosen by it. */
export interface Whereabouts {
  readonly city: string;
  readonly region?: string;
  readonly latitude?: number;
  readonly longitude?: number;
}

/** Cities that have places, in the order of their names; the middle of its places stands for each. */
export function citiesOf(places: readonly PlaceView[]): ReadonlyMap<string, Whereabouts> {
  const byCity = new Map<string, PlaceView[]>();
  for (const place of places) if (place.city) byCity.set(place.city, [...(byCity.get(place.city) ?? []), place]);
  const middle = (degrees: readonly number[]) =>
    Math.round((degrees.reduce((sum, each) => sum + each, 0) / degrees.length) * 1000) / 1000;
  return new Map(
    [...byCity]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([city, there]) => {
        const { region } = there[0]!;
        const latitude = middle(there.map((place) => place.latitude));
        const longitude = middle(there.map((place) => place.longitude));
        return [city, { city, ...(region === undefined ? {} : { region }), latitude, longitude }];
      }),
  );
}

/** Of a city without places nothing but its name is known. Undefined where none is typed. */
export function whereaboutsOf(typed: string, cities: ReadonlyMap<string, Whereabouts>): Whereabouts | undefined {
  const city = typed.trim();
  if (city === '') return undefined;
  const known = [...cities.values()].find((each) => each.city.toLowerCase() === city.toLowerCase());
  return known ?? { city };
}
