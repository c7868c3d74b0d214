import type { Candidate } from '@shelfline/orders/domain/sourcing/candidate';
import type { SourcingRequest } from '@shelfline/orders/domain/sourcing/filter-places';
import { DEFAULT_RULE, type SourcingRule } from '@shelfline/orders/domain/sourcing/sourcing-rule';
import { SeededRandom } from '../../seeded-random.ts';

export interface Mix {
  readonly name: string;
  /** Share of the places that have an article, the most pieces one has of it, and the most a line asks for. */
  readonly cases: readonly {
    readonly density: number;
    readonly mostHeld: number;
    readonly mostAsked: number;
    readonly maxSplits: number;
    /** Places that differ in nothing but their stock and their code. */
    readonly alike?: true;
  }[];
}

export const LINES = 10;
export const PLACES = 400;

/** From shelves that have everything to those where only sets of many places have what is asked. */
export const MIXES: readonly Mix[] = [
  {
    name: 'abundant',
    cases: [
      { density: 0.9, mostHeld: 20, mostAsked: 3, maxSplits: 3 },
      { density: 0.4, mostHeld: 10, mostAsked: 3, maxSplits: 3 },
      { density: 0.4, mostHeld: 3, mostAsked: 3, maxSplits: 3 },
      { density: 0.4, mostHeld: 3, mostAsked: 3, maxSplits: 9 },
    ],
  },
  {
    name: 'scarce',
    cases: [
      { density: 0.05, mostHeld: 1, mostAsked: 1, maxSplits: 3 },
      { density: 0.05, mostHeld: 3, mostAsked: 3, maxSplits: 3 },
      { density: 0.05, mostHeld: 3, mostAsked: 3, maxSplits: 9 },
      { density: 0.02, mostHeld: 3, mostAsked: 3, maxSplits: 9 },
      { density: 0.15, mostHeld: 3, mostAsked: 3, maxSplits: 3 },
      { density: 0.15, mostHeld: 3, mostAsked: 3, maxSplits: 9 },
    ],
  },
  {
    name: 'adversarial',
    cases: [
      { density: 0.05, mostHeld: 2, mostAsked: 4, maxSplits: 3 },
      { density: 0.05, mostHeld: 2, mostAsked: 4, maxSplits: 9 },
      { density: 0.15, mostHeld: 2, mostAsked: 4, maxSplits: 3 },
      { density: 0.15, mostHeld: 2, mostAsked: 4, maxSplits: 9 },
      { density: 0.4, mostHeld: 2, mostAsked: 4, maxSplits: 3 },
      { density: 0.4, mostHeld: 2, mostAsked: 4, maxSplits: 9 },
      { density: 0.15, mostHeld: 2, mostAsked: 4, maxSplits: 9, alike: true },
      { density: 0.15, mostHeld: 3, mostAsked: 3, maxSplits: 3, alike: true },
    ],
  },
];

export interface DrawnOrder {
  readonly request: SourcingRequest;
  readonly candidates: readonly Candidate[];
  readonly rule: SourcingRule;
}

const NOW_MS = Date.UTC(2026, 5, 1, 4);
const HOURS = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, opens: '10:00', closes: '22:00' }));
const SKUS = Array.from({ length: LINES }, (_, i) => `K${i}`);

/** Drawn one after another: a mix's orders are the same in every run. */
export function* drawOrders({ cases }: Mix, count: number, seed: number): Generator<DrawnOrder> {
  const random = new SeededRandom(seed);
  for (let i = 0; i < count; i++) {
    const { density, mostHeld, mostAsked, maxSplits, alike } = cases[i % cases.length]!;
    const candidates = Array.from({ length: PLACES }, (_, p): Candidate => {
      const held = SKUS.flatMap((sku) => (random.chance(density) ? [[sku, random.between(1, mostHeld)] as const] : []));
      const location = `L${String(p).padStart(4, '0')}`;
      return { ...(alike ? ALIKE : ofItsOwn(p, random)), location, units: new Map(held) };
    });
    yield {
      candidates: candidates.filter(({ units }) => units.size > 0),
      request: {
        lines: SKUS.map((sku, l) => ({ lineId: `l${l}`, sku, quantity: random.between(1, mostAsked) })),
        method: 'courier',
        destination: { city: 'Shanghai', region: 'east', latitude: 31.2, longitude: 121.4 },
        valueMinor: 100_000,
        nowMs: NOW_MS,
        refusedBy: new Set(),
      },
      rule: { ...DEFAULT_RULE, limits: { maxSplits, splitAboveMinor: 0 } },
    };
  }
}

const ALIKE = {
  type: 'store',
  city: 'Shanghai',
  region: 'east',
  latitude: 31.2,
  longitude: 121.4,
  timeZone: 'Asia/Shanghai',
  openingHours: HOURS,
  servesChannel: true,
  openTasks: 0,
  confidence: 1,
} as const;

function ofItsOwn(p: number, random: SeededRandom) {
  const city = random.chance(0.1) ? 'Shanghai' : `City${random.between(0, 39)}`;
  return {
    ...ALIKE,
    type: p % 50 === 0 ? 'ecommerce_dc' : 'store',
    city,
    region: city === 'Shanghai' ? 'east' : 'north',
    latitude: 22 + random.next() * 18,
    longitude: 104 + random.next() * 18,
    openTasks: random.between(0, 29),
    confidence: 0.6 + random.next() * 0.4,
    capacityLeft: random.between(20, 69),
    ageDays: new Map(SKUS.map((sku) => [sku, random.between(0, 299)])),
    costMinor: random.between(500, 1999),
  } as const;
}
