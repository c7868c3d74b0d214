import type { Channel, Location } from './catalog.js';
import { ALL_REGIONS, DEFAULT_CHANNEL } from './stock-level.js';

/** A location serves a channel's regions; once per channel and region, with the largest buffer where pools overlap. */
export interface PoolMembership {
  /** `channel|region`. */
  readonly key: string;
  readonly channel: string;
  readonly region: string;
  readonly bufferUnits: number;
  /** Null = every brand. */
  readonly brands: ReadonlySet<string> | null;
}

type Pool = Channel['pools'][number];
export const namesPlace = (
  { locations, locationTypes }: Pick<Pool, 'locations' | 'locationTypes'>,
  { code, type }: Pick<Location, 'code' | 'type'>,
): boolean => Boolean(locations?.includes(code) || locationTypes?.includes(type));

/** A location that no channel names serves the default channel. */
export function membershipsOf(
  code: string,
  location: Location,
  channels: readonly (readonly [string, Channel])[],
): PoolMembership[] {
  const byRegion = new Map<string, PoolMembership>();
  for (const [channel, { pools }] of channels) {
    const everywhere = [...new Set(pools.flatMap(({ regions }) => regions ?? []))];
    for (const pool of pools) {
      if (!namesPlace(pool, { code, type: location.type })) continue;
      const brands = pool.brands ? new Set(pool.brands) : null;
      for (const region of new Set([...(pool.regions ?? everywhere), ALL_REGIONS])) {
        const key = `${channel}|${region}`;
        const other = byRegion.get(key);
        const bufferUnits = Math.max(pool.bufferUnits ?? 0, other?.bufferUnits ?? 0);
        byRegion.set(key, { key, channel, region, bufferUnits, brands: unite(brands, other) });
      }
    }
  }
  if (byRegion.size > 0) return [...byRegion.values()];
  return [ALL_REGIONS, location.region].map((region) => ({
    key: `${DEFAULT_CHANNEL}|${region}`,
    channel: DEFAULT_CHANNEL,
    region,
    bufferUnits: 0,
    brands: null,
  }));
}

function unite(brands: ReadonlySet<string> | null, other: PoolMembership | undefined): ReadonlySet<string> | null {
  if (!other) return brands;
  if (brands === null || other.brands === null) return null;
  return new Set([...brands, ...other.brands]);
}
