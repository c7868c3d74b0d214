import type { SeededRandom } from '../seeded-random.ts';
import type { PlannedRecord } from './planned-record.ts';
import { LOTS } from './setting.ts';

const FACTS: ReadonlySet<unknown> = new Set([
  'receipt',
  'sale',
  'return',
  'adjustment',
  'count',
  'damage',
  'transfer_out',
  'transfer_in',
]);
/** Few, so that one piece comes and leaves more than once. */
const SERIALS = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];

/** Lets some records say of which lot and pieces their units are; a repeat says the same as the first. */
export function withLots(records: readonly PlannedRecord[], random: SeededRandom): PlannedRecord[] {
  const told = new Map<string, string>();
  return records.map((record) => {
    let value = told.get(record.value);
    if (value === undefined) told.set(record.value, (value = withLot(record.value, random)));
    return { ...record, value };
  });
}

function withLot(value: string, random: SeededRandom): string {
  const message = read(value);
  if (message?.['type'] === 'fulfil') {
    const picked = LOTS.filter(() => random.chance(0.25)).map(({ lot }) => ({ lot, quantity: random.between(1, 2) }));
    if (picked.length > 0) message['lots'] = picked;
    if (random.chance(0.3)) message['serials'] = serialsOf(random);
    return JSON.stringify(message);
  }
  if (!message || !FACTS.has(message['type'])) return value;
  const isComing = message['type'] === 'receipt' || message['type'] === 'transfer_in';
  if (random.chance(isComing ? 0.6 : message['type'] === 'count' ? 0.4 : 0.2)) {
    const { lot, expiresOn } = random.pick(LOTS);
    message['lot'] = lot;
    const tellsDay = message['type'] === 'receipt' || random.chance(isComing ? 0.6 : 0.3);
    if (expiresOn !== undefined && tellsDay) message['expiresOn'] = expiresOn;
  }
  if (random.chance(0.15)) message['serials'] = serialsOf(random).slice(0, unitsOf(message));
  return JSON.stringify(message);
}

const unitsOf = ({ quantity }: Record<string, unknown>): number => Math.abs(Number(quantity));
const serialsOf = (random: SeededRandom): string[] => SERIALS.filter(() => random.chance(0.35));

/** Undefined of what cannot be read, or is no fact that could be taken. */
function read(value: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(value);
    if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined;
    return message as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
