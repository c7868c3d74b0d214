import type { AgentAgreement } from '@shelfline/contracts/agent-agreement';
import type { LocationType } from '@shelfline/contracts/catalog';
import { remembered } from './remembered.js';

/** Of an agreement, what plan and explanation say of it. */
export type InForce = Pick<AgentAgreement, 'id' | 'priority' | 'commissionPercent'>;

export interface OpeningSpan {
  /** ISO weekday, 1 = Monday. */
  readonly day: number;
  /** Clock times there, 18:05; a span that closes no later than it opens ends on the next day. */
  readonly opens: string;
  readonly closes: string;
}

/** A place that might serve an order, as it stands at the moment of the decision. */
export interface Candidate {
  readonly location: string;
  readonly type: LocationType;
  readonly city: string;
  readonly region: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly timeZone: string;
  /** Absent: always open. */
  readonly openingHours?: readonly OpeningSpan[];
  /** A pool of the order's channel holds it, for the destination's region and by agreement. */
  readonly servesChannel: boolean;
  /** Tasks it may still be given today, or on the day from which it works on them; absent: no limit. */
  readonly capacityLeft?: number;
  /** Of a place that is full today: the next day on which it is not. */
  readonly laterDay?: { readonly day: string; readonly left: number };
  /** Not before that day does it work on what it is given now; absent: today. */
  readonly worksFrom?: string;
  /** Of an agent: the agreement under which it serves the order. */
  readonly agreement?: InForce;
  /** False: no agreement lets the agent serve the order; absent where nobody asked. */
  readonly isAgreed?: boolean;
  readonly openTasks: number;
  readonly confidence: number;
  /** Units per SKU that may be promised there. */
  readonly units: ReadonlyMap<string, number>;
  /** Days since the oldest stock of the SKU came there; absent counts as fresh. */
  readonly ageDays?: ReadonlyMap<string, number>;
  /** Of one parcel from there; absent counts as the dearest that is known. */
  readonly costMinor?: number;
}

export interface Point {
  readonly latitude?: number;
  readonly longitude?: number;
}

const EARTH_RADIUS_M = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Along the great circle, in whole metres (so that sums are exact and ties are ties). */
export const findDistanceM = (a: Point | undefined, b: Point): number | undefined => distancesFrom(a)(b);

/** From one point to many: what depends on that one alone is computed once. */
export function distancesFrom(a: Point | undefined): (b: Point) => number | undefined {
  const { latitude, longitude } = a ?? {};
  if (latitude === undefined || longitude === undefined) return () => undefined;
  const latA = radians(latitude);
  const cosA = Math.cos(latA);
  return (b) => {
    if (b.latitude === undefined || b.longitude === undefined) return undefined;
    const latB = radians(b.latitude);
    const sinLat = Math.sin((latB - latA) / 2);
    const sinLon = Math.sin(radians(b.longitude - longitude) / 2);
    const h = sinLat * sinLat + cosA * Math.cos(latB) * sinLon * sinLon;
    return Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h))));
  };
}

/** Cities are names that people write: capitals, full-width letters and spaces around them make no other city. */
export const cityKey = remembered((city) => city.normalize('NFKC').trim().toLowerCase());
