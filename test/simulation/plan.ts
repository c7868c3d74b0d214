import { SeededRandom } from '../seeded-random.ts';
import { joinsAhead, type PlannedAhead, plannedAhead } from './plan-ahead.ts';
import { catalogRecords } from './plan-catalog.ts';
import { connectRequests, connectUploads } from './plan-connect.ts';
import { connectFaultsOf, crampedFaultsOf, type Fault, faultsOf } from './plan-faults.ts';
import { withFeeds } from './plan-feeds.ts';
import { withLots } from './plan-lots.ts';
import { withMidnight } from './plan-midnight.ts';
import { joinsOrders, orderFaultsOf, type PlannedOrder, plannedOrders } from './plan-orders.ts';
import { type PlannedTransfer, plannedTransfers } from './plan-transfers.ts';
import type { PlannedRequest, PlannedUpload } from './planned-intake.ts';
import type { PlannedRecord } from './planned-record.ts';
import { PLACES, SKUS, START_MS, TROUBLE_MS, UNKNOWN_PLACE, UNKNOWN_SKU } from './setting.ts';

export interface Plan {
  readonly seed: number;
  readonly records: readonly PlannedRecord[];
  readonly requests: readonly PlannedRequest[];
  readonly uploads: readonly PlannedUpload[];
  readonly faults: readonly Fault[];
  /** Absent where no process of orders runs. */
  readonly orders?: readonly PlannedOrder[];
  /** Of a history with orders; absent = none. */
  readonly transfers?: readonly PlannedTransfer[];
}

const RECORDS = 220;
const NOTHING_AHEAD: PlannedAhead = { records: [], orders: [] };
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
  const ofConnect = new SeededRandom(seed + 0xc0e);
  const faults = [
    ...faultsOf(random.fork(), new SeededRandom(seed + 0x5eed)),
    ...connectFaultsOf(new SeededRandom(seed + 0xd15c)),
    ...crampedFaultsOf(new SeededRandom(seed + 0xcac4e)),
  ];
  // Of generators of their own, so that what the ledger gets stays what it was.
  const ofFeeds = new SeededRandom(seed + 0xfeed);
  const ofCatalog = new SeededRandom(seed + 0xca7);
  const ofLots = new SeededRandom(seed + 0x107);
  const midnight = withMidnight(withLots(known.sent, ofLots), new SeededRandom(seed + 0xe7e));
  const records = [...withFeeds(midnight.records, ofFeeds), ...catalogRecords(ofCatalog)];
  const ahead = joinsOrders(seed) && joinsAhead(seed) ? plannedAhead(new SeededRandom(seed + 0xa4ead)) : NOTHING_AHEAD;
  records.push(...ahead.records);
  const ofOrders = joinsOrders(seed)
    ? {
        orders: [...plannedOrders(new SeededRandom(seed + 0x0bde5)), ...ahead.orders],
        transfers: plannedTransfers(new SeededRandom(seed + 0x7a45)),
        faults: orderFaultsOf(new SeededRandom(seed + 0xdea1)),
      }
    : undefined;
  return {
    seed,
    records: records.toSorted((a, b) => a.atMs - b.atMs),
    requests: connectRequests(ofConnect),
    uploads: connectUploads(ofConnect),
    faults: [...faults, ...midnight.faults, ...(ofOrders?.faults ?? [])].toSorted((a, b) => a.atMs - b.atMs),
    ...(ofOrders ? { orders: ofOrders.orders, transfers: ofOrders.transfers } : {}),
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
  if (type === 'reserve') return (random.chance(0.5) && askedAgain(step, known)) || reserveOf(step, atMs, random);
  if (type !== 'move') return { ...step, type };
  const [fromLocation, toLocation] = [random.pick(PLACES), random.pick(PLACES)];
  return { ...step, type, fromLocation, toLocation, quantity: random.between(1, 2) };
}

/** The same request, asked by a command of its own. */
function askedAgain(step: { id: string; reservationId: string }, { sent }: Known): Record<string, unknown> | undefined {
  const made = sent.find(({ value }) => value.includes(`"reservationId":"${step.reservationId}","type":"reserve"`));
  return made && { ...(JSON.parse(made.value) as object), id: step.id };
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
