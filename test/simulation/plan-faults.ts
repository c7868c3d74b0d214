import type { SeededRandom } from '../seeded-random.ts';
import { CATALOG_SLOTS, CONNECT_SLOTS, GATEWAYS, PARTITIONS, SCREENS, SLOTS, TROUBLE_MS } from './setting.ts';

export type Fault =
  | { readonly kind: 'kill'; readonly atMs: number; readonly slot: number; readonly downMs: number }
  /** Stands still, with all that it had begun; the coordinator gives it up after the session's time. */
  | { readonly kind: 'freeze'; readonly atMs: number; readonly slot: number; readonly forMs: number }
  | { readonly kind: 'restart'; readonly atMs: number; readonly slot: number; readonly downMs: number }
  /** The coordinator forgets a member that is well. */
  | { readonly kind: 'expel'; readonly atMs: number; readonly slot: number }
  | {
      readonly kind: 'database' | 'broker';
      readonly atMs: number;
      readonly forMs: number;
      readonly failing: number;
      readonly losingAnswers: number;
      readonly aborting: number;
      readonly slowness: number;
    }
  /** The database's cache has no room for large transactions. */
  | { readonly kind: 'cramped'; readonly atMs: number; readonly forMs: number; readonly cramping: number }
  /** Stored images are forgotten in part, and slowly, while others read them. */
  | {
      readonly kind: 'images';
      readonly atMs: number;
      readonly forMs: number;
      readonly tearing: number;
      readonly slowness: number;
    }
  /** Of connect: full or failing, and slow. */
  | {
      readonly kind: 'disk';
      readonly atMs: number;
      readonly forMs: number;
      readonly failing: number;
      readonly losingAnswers: number;
      readonly tearing: number;
      readonly slowness: number;
    }
  /** Kafka's retention takes what was applied and published. */
  | { readonly kind: 'retention'; readonly atMs: number }
  /** The group's offsets are set to anything: by a tool, or a coordinator that forgot. */
  | { readonly kind: 'offsets'; readonly atMs: number; readonly part: number }
  | { readonly kind: 'gateway-kill'; readonly atMs: number; readonly downMs: number }
  /** Its tables are behind for a while. */
  | { readonly kind: 'gateway-lag'; readonly atMs: number; readonly gateway: number; readonly forMs: number }
  /** Retention takes what was not applied yet. */
  | {
      readonly kind: 'lost-head';
      readonly atMs: number;
      readonly topic: 'inventory.deltas' | 'catalog.changes';
      readonly partition: number;
      readonly part: number;
    }
  /** Of a compacted topic, what newer records of the same keys follow is taken away. */
  | {
      readonly kind: 'compaction';
      readonly atMs: number;
      readonly topic: 'inventory.availability' | 'inventory.levels' | 'catalog.products';
      readonly part: number;
    }
  /** A screen comes back to another gateway, with the versions it holds. */
  | { readonly kind: 'roam'; readonly atMs: number; readonly screen: number }
  | { readonly kind: 'screen-stall'; readonly atMs: number; readonly screen: number; readonly forMs: number };

export function faultsOf(random: SeededRandom, more: SeededRandom): Fault[] {
  const faults = Array.from({ length: random.between(5, 11) }, () => faultOf(random));
  const further = Array.from({ length: more.between(2, 7) }, () => furtherFaultOf(more));
  return [...faults, ...further].toSorted((a, b) => a.atMs - b.atMs);
}

export function connectFaultsOf(random: SeededRandom): Fault[] {
  return Array.from({ length: random.between(2, 6) }, () => {
    const atMs = random.next() * TROUBLE_MS;
    const slot = SLOTS + CATALOG_SLOTS + random.between(0, CONNECT_SLOTS - 1);
    const part = () => (random.chance(0.6) ? 0.1 + random.next() * 0.5 : 0);
    return random.weighted<() => Fault>([
      [3, () => ({ kind: 'kill', atMs, slot, downMs: random.between(50, 4000) })],
      [3, () => ({ kind: 'freeze', atMs, slot, forMs: random.between(300, 7000) })],
      [1, () => ({ kind: 'restart', atMs, slot, downMs: random.between(10, 2000) })],
      [
        4,
        () => ({
          kind: 'disk',
          atMs,
          forMs: random.between(500, 5000),
          failing: part(),
          losingAnswers: part(),
          tearing: part(),
          slowness: random.chance(0.3) ? random.between(2, 60) : 1,
        }),
      ],
    ])();
  });
}

export function crampedFaultsOf(random: SeededRandom): Fault[] {
  return Array.from({ length: random.between(0, 2) }, () => ({
    kind: 'cramped',
    atMs: random.next() * TROUBLE_MS,
    forMs: random.between(500, 4000),
    // Some for certain, so that it ends only where a single record is left.
    cramping: random.chance(0.3) ? 1 : 0.2 + random.next() * 0.6,
  }));
}

function faultOf(random: SeededRandom): Fault {
  const atMs = random.next() * TROUBLE_MS;
  const slot = random.between(0, SLOTS - 1);
  const ill = (kind: 'database' | 'broker'): Fault => ({
    kind,
    atMs,
    forMs: random.between(100, 4000),
    failing: random.chance(0.5) ? random.next() * 0.6 : 0,
    losingAnswers: random.chance(0.6) ? random.next() * 0.5 : 0,
    aborting: random.chance(0.4) ? random.next() * 0.5 : 0,
    slowness: random.chance(0.3) ? random.between(2, 60) : 1,
  });
  return random.weighted<() => Fault>([
    [3, () => ({ kind: 'kill', atMs, slot, downMs: random.between(50, 5000) })],
    [3, () => ({ kind: 'freeze', atMs, slot, forMs: random.between(500, 9000) })],
    [1, () => ({ kind: 'restart', atMs, slot, downMs: random.between(10, 2000) })],
    [1.5, () => ({ kind: 'expel', atMs, slot })],
    [3, () => ill('database')],
    [2, () => ill('broker')],
    [0.5, () => ({ kind: 'retention', atMs })],
    [1, () => ({ kind: 'offsets', atMs, part: random.next() })],
    [1, () => ({ kind: 'gateway-kill', atMs, downMs: random.between(10, 2000) })],
    [
      1,
      () => ({ kind: 'screen-stall', atMs, screen: random.between(0, SCREENS - 1), forMs: random.between(100, 6000) }),
    ],
  ])();
}

/** Drawn beside the others, so that those stay what they were. */
function furtherFaultOf(random: SeededRandom): Fault {
  const atMs = random.next() * TROUBLE_MS;
  const slot = SLOTS + random.between(0, CATALOG_SLOTS - 1);
  return random.weighted<() => Fault>([
    [
      3,
      () => ({
        kind: 'images',
        atMs,
        forMs: random.between(1000, 6000),
        tearing: random.next() * 0.4,
        slowness: random.between(1, 40),
      }),
    ],
    [1, () => ({ kind: 'kill', atMs, slot, downMs: random.between(50, 5000) })],
    [1, () => ({ kind: 'freeze', atMs, slot, forMs: random.between(500, 9000) })],
    [0.5, () => ({ kind: 'restart', atMs, slot, downMs: random.between(10, 2000) })],
    [0.7, () => ({ kind: 'expel', atMs, slot })],
    [
      1.5,
      () => ({
        kind: 'gateway-lag',
        atMs,
        gateway: random.between(0, GATEWAYS - 1),
        forMs: random.between(200, 5000),
      }),
    ],
    [
      0.4,
      () => ({
        kind: 'lost-head',
        atMs,
        topic: random.pick(['inventory.deltas', 'inventory.deltas', 'catalog.changes'] as const),
        partition: random.between(0, PARTITIONS - 1),
        part: random.next(),
      }),
    ],
    [
      1,
      () => ({
        kind: 'compaction',
        atMs,
        topic: random.pick(['inventory.availability', 'inventory.levels', 'catalog.products'] as const),
        part: random.next(),
      }),
    ],
    [3, () => ({ kind: 'roam', atMs, screen: random.between(0, SCREENS - 1) })],
  ])();
}
