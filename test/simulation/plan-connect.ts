import type { SeededRandom } from '../seeded-random.ts';
import { fileOf } from './plan-files.ts';
import type { FileKind, PlannedItem, PlannedRequest, PlannedUpload } from './planned-intake.ts';
import { CONNECT_SLOTS, PLACES, SKUS, START_MS, TROUBLE_MS, UNKNOWN_SKU } from './setting.ts';

const REQUESTS = 14;
const UPLOADS = 4;
const DAY_MS = 86_400_000;
/** A process's clock may be a day behind, and must take all the same what occurred just now. */
const OCCURRED_BEFORE_MS = 60_000;

export function connectRequests(random: SeededRandom): PlannedRequest[] {
  const sent: PlannedRequest[] = [];
  let serial = 0;
  for (let i = 0; i < REQUESTS; i++) {
    const atMs = random.next() * TROUBLE_MS;
    const instance = random.between(0, CONNECT_SLOTS - 1);
    if (sent.length > 0 && random.chance(0.2)) {
      sent.push({ ...random.pick(sent), atMs, instance });
      continue;
    }
    const items = Array.from({ length: random.between(1, 5) }, () => itemOf(`q${++serial}`, atMs, random));
    if (random.chance(0.2)) items.push({ ...items[0]!, answer: repeated(items[0]!) });
    sent.push({ atMs, instance, items });
  }
  return sent;
}

/** What cannot be taken at all is not taken for a repeat either. */
const repeated = ({ answer }: PlannedItem): string => (answer === 'accepted' ? 'duplicate_in_request' : answer);

function itemOf(id: string, atMs: number, random: SeededRandom): PlannedItem {
  const occurredAtMs = START_MS + atMs - OCCURRED_BEFORE_MS;
  const at = (ms: number) => new Date(ms).toISOString();
  const base = { id, source: random.pick(['shop', 'depot']), occurredAt: at(occurredAtMs) };
  if (random.chance(0.08)) return { item: { ...base, type: 'heartbeat' }, answer: 'accepted' };
  const fact = {
    ...base,
    type: random.pick(['sale', 'sale', 'receipt', 'return', 'count', 'damage'] as const),
    sku: random.chance(0.05) ? UNKNOWN_SKU : random.pick(SKUS),
    location: random.pick(PLACES),
    quantity: random.between(1, 5),
  };
  if (random.chance(0.75)) return { item: fact, answer: 'accepted' };
  return random.pick<PlannedItem>([
    { item: { ...fact, quantity: -1 }, answer: 'invalid' },
    { item: { ...base, type: 'sale' }, answer: 'invalid' },
    { item: { ...fact, type: 'guess' }, answer: 'unknown_type' },
    { item: { ...fact, type: 'reserve' }, answer: 'command_refused' },
    { item: { ...fact, occurredAt: at(occurredAtMs + 3 * DAY_MS) }, answer: 'future_date' },
    { item: { ...fact, occurredAt: '1980-01-01T00:00:00Z' }, answer: 'too_old' },
  ]);
}

export function connectUploads(random: SeededRandom): PlannedUpload[] {
  const sent: PlannedUpload[] = [];
  for (let i = 0; i < UPLOADS; i++) {
    const place = { atMs: random.next() * TROUBLE_MS, instance: random.between(0, CONNECT_SLOTS - 1) };
    if (sent.length > 0 && random.chance(0.2)) {
      sent.push({ ...random.pick(sent), ...place });
      continue;
    }
    const kind = random.pick<FileKind>(['pos-lines', 'receipts', 'products']);
    const source = `csv-u${i}`;
    const options = kind === 'pos-lines' ? { source, locationPrefix: '' } : { source };
    sent.push({ ...place, kind, options, ...fileOf(kind, place.atMs, i, random) });
  }
  return sent;
}
