import { SeededRandom } from '../seeded-random.ts';

/** What is sent to `inventory.deltas`, and when; as data, so that a failing history can be made smaller. */
export interface PlannedRecord {
  readonly atMs: number;
  readonly key: string;
  readonly value: string;
  /** Sent to the next partition instead of its own. */
  readonly misplaced: boolean;
}

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
  /** Kafka's retention takes what was applied and published. */
  | { readonly kind: 'retention'; readonly atMs: number }
  /** The group's offsets are set to anything: by a tool, or a coordinator that forgot. */
  | { readonly kind: 'offsets'; readonly atMs: number; readonly part: number }
  | { readonly kind: 'gateway-kill'; readonly atMs: number; readonly downMs: number }
  | { readonly kind: 'screen-stall'; readonly atMs: number; readonly screen: number; readonly forMs: number };

export interface Plan {
  readonly seed: number;
  readonly records: readonly PlannedRecord[];
  readonly faults: readonly Fault[];
}

export const PARTITIONS = 2;
export const SLOTS = 2;
export const SCREENS = 3;
export const SKUS = ['A-1', 'B-2', 'C-3', 'D-4', 'E-5'] as const;
/** Nobody told the catalog of it. */
export const UNKNOWN_SKU = 'X-9';
export const PLACES = ['hangzhou', 'chengdu', 'shenyang'] as const;
export const UNKNOWN_PLACE = 'nowhere';
export const START_MS = Date.UTC(2026, 2, 1, 12);
/** Records come and servers fail for so long; then everything is well, and has time to come to rest. */
export const TROUBLE_MS = 16_000;
export const REST_MS = 26_000;
export const SESSION_TIMEOUT_MS = 3000;
const RECORDS = 220;
const DAY_MS = 86_400_000;

interface Known {
  readonly sent: PlannedRecord[];
  readonly reservations: { readonly id: string; readonly sku: string }[];
  serial: number;
}

export function planOf(seed: number): Plan {
  const random = new SeededRandom(seed);
  const known: Known = { sent: [], reservations: [], serial: 0 };
  const ofRecords = random.fork();
  for (let i = 0; i < RECORDS; i++) {
    // In waves: a partition is often idle, and often has more than a batch.
    const wave = Math.floor(ofRecords.next() * 12) * (TROUBLE_MS / 12);
    const atMs = ofRecords.chance(0.7) ? wave + ofRecords.next() * 60 : ofRecords.next() * TROUBLE_MS;
    known.sent.push(recordOf(atMs, known, ofRecords));
  }
  const ofFaults = random.fork();
  const faults = Array.from({ length: ofFaults.between(5, 11) }, () => faultOf(ofFaults));
  return {
    seed,
    records: known.sent.toSorted((a, b) => a.atMs - b.atMs),
    faults: faults.toSorted((a, b) => a.atMs - b.atMs),
  };
}

function recordOf(atMs: number, known: Known, random: SeededRandom): PlannedRecord {
  const earlier = known.sent.length > 0 ? random.pick(known.sent) : undefined;
  if (earlier && random.chance(0.1)) return { ...earlier, atMs, misplaced: random.chance(0.1) };
  if (earlier && random.chance(0.02)) return { ...earlier, atMs, value: otherContent(earlier.value) };
  const sku = random.chance(0.04) ? UNKNOWN_SKU : random.pick(SKUS);
  if (random.chance(0.03)) return { atMs, misplaced: false, key: sku, value: poison(sku, random) };
  const message = random.chance(0.55) ? fact(sku, atMs, known, random) : command(sku, atMs, known, random);
  const value = JSON.stringify(message);
  return { atMs, key: String(message['sku']), value, misplaced: random.chance(0.02) };
}

/** The same id, but not the same: a defect at the source. */
const otherContent = (value: string): string =>
  value.replace(/"quantity":(\d+)/, (_, n) => `"quantity":${Number(n) + 1}`);

const poison = (sku: string, random: SeededRandom): string =>
  random.pick([
    '{"half":',
    '[]',
    JSON.stringify({ id: 'p', source: 'pos', type: 'guess', sku }),
    JSON.stringify({ id: 'p', source: 'pos', type: 'sale', sku, location: PLACES[0], quantity: -1, occurredAt: 'now' }),
  ]);

function fact(sku: string, atMs: number, known: Known, random: SeededRandom): Record<string, unknown> {
  // A source's clock may be wrong by a day; what it says is kept, and decides what a count includes.
  const skewMs = random.chance(0.15) ? (random.next() * 2 - 1) * (DAY_MS - 60_000) : (random.next() - 0.5) * 4000;
  const type = random.weighted([
    [5, 'sale'],
    [3, 'receipt'],
    [1, 'return'],
    [1, 'adjustment'],
    [1.2, 'count'],
    [0.7, 'damage'],
    [0.7, 'expect'],
    [0.7, 'transfer_out'],
    [0.5, 'transfer_in'],
  ] as const);
  const location = random.chance(0.04) ? UNKNOWN_PLACE : random.pick(PLACES);
  return {
    id: `f${++known.serial}`,
    source: random.pick(['pos-1', 'pos-2', 'wms']),
    type,
    sku,
    location,
    quantity:
      type === 'receipt' || type === 'count'
        ? random.between(0, 14)
        : random.between(type === 'adjustment' ? -3 : 1, 4),
    occurredAt: new Date(START_MS + atMs + skewMs).toISOString(),
    ...(type === 'transfer_out' && random.chance(0.8) ? { toLocation: random.pick(PLACES) } : {}),
    ...(random.chance(0.4) ? { reference: `doc-${random.between(1, 4)}` } : {}),
  };
}

function command(sku: string, atMs: number, known: Known, random: SeededRandom): Record<string, unknown> {
  const base = { id: `c${++known.serial}`, source: 'orders' };
  const held = known.reservations.length > 0 && random.chance(0.5) ? random.pick(known.reservations) : undefined;
  if (!held) {
    const reservationId = `R${known.serial}`;
    known.reservations.push({ id: reservationId, sku });
    return reserveOf({ ...base, sku, reservationId }, atMs, random);
  }
  const step = { ...base, sku: held.sku, reservationId: held.id };
  const type = random.weighted([
    [2, 'release'],
    [2, 'commit'],
    [2, 'fulfil'],
    [1, 'move'],
    [0.7, 'reserve'],
  ] as const);
  if (type === 'reserve') return reserveOf(step, atMs, random);
  if (type !== 'move') return { ...step, type };
  const [fromLocation, toLocation] = [random.pick(PLACES), random.pick(PLACES)];
  return { ...step, type, fromLocation, toLocation, quantity: random.between(1, 2) };
}

function reserveOf(base: Record<string, unknown>, atMs: number, random: SeededRandom): Record<string, unknown> {
  const places = PLACES.filter(() => random.chance(0.7));
  return {
    ...base,
    type: 'reserve',
    quantity: random.between(1, 4),
    ...(places.length > 0 && random.chance(0.6) ? { locations: places } : { channel: 'web' }),
    mode: random.pick(['all_or_nothing', 'split', 'partial']),
    expiresAt: new Date(START_MS + atMs + random.between(200, 20_000)).toISOString(),
  };
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
