import type { SeededRandom } from '../seeded-random.ts';
import type { PlannedRecord } from './planned-record.ts';
import { TROUBLE_MS } from './setting.ts';

const CHANGES = 60;
const CODES = {
  products: ['P-1', 'P-2', 'P-3'],
  locations: ['lyon', 'nantes'],
  channels: ['shop'],
  organisations: ['maker', 'agent'],
} as const;
type Kind = keyof typeof CODES;
const NAMES = ['one', 'two', 'three'];

/** Changes of the reference data: few codes and few names, so that they repeat, collide, come to nothing and go back. */
export function catalogRecords(random: SeededRandom): PlannedRecord[] {
  const sent: PlannedRecord[] = [];
  for (let serial = 1; serial <= CHANGES; serial++) {
    const wave = Math.floor(random.next() * 8) * (TROUBLE_MS / 8);
    const atMs = random.chance(0.6) ? wave + random.next() * 50 : random.next() * TROUBLE_MS;
    sent.push(changeOf(serial, atMs, sent, random));
  }
  return sent;
}

function changeOf(serial: number, atMs: number, sent: readonly PlannedRecord[], random: SeededRandom): PlannedRecord {
  const earlier = sent.length > 0 ? random.pick(sent) : undefined;
  if (earlier && random.chance(0.12)) return { ...earlier, atMs, misplaced: random.chance(0.2) };
  if (earlier && random.chance(0.03)) return { ...earlier, atMs, value: earlier.value.replace('"one"', '"other"') };
  const kind = random.pick(Object.keys(CODES) as Kind[]);
  const code = random.pick<string>(CODES[kind]);
  const base = { atMs, topic: 'catalog.changes', key: `${kind}/${code}`, misplaced: random.chance(0.03) } as const;
  if (random.chance(0.03)) return { ...base, misplaced: false, value: random.pick(['{"half":', '[]', '{"id":"1"}']) };
  const change = {
    id: `k${serial}`,
    source: random.pick(['erp', 'people']),
    kind,
    code,
    entity: random.chance(0.2) ? null : entityOf(kind, code, random),
    ...(random.chance(0.25) ? { expectedVersion: random.chance(0.6) ? 0 : 77 } : {}),
  };
  return { ...base, value: JSON.stringify(change) };
}

/** Whole, so that nothing is filled in; one in ten is called otherwise than its change says, and is to be refused. */
function entityOf(kind: Kind, code: string, random: SeededRandom): object {
  const name = random.pick(NAMES);
  const own = random.chance(0.1) ? `${code}x` : code;
  switch (kind) {
    case 'products':
      return { sku: own, name, unit: 'piece', active: true };
    case 'locations':
      return {
        code: own,
        type: 'store',
        name,
        city: 'Lyon',
        region: 'south',
        latitude: 45,
        longitude: 4,
        timeZone: 'UTC',
        active: true,
        ...(random.chance(0.5) ? { organisation: random.pick(CODES.organisations) } : {}),
      };
    case 'channels':
      return {
        code: own,
        name,
        pools: [{ code: 'all', locations: [random.pick(CODES.locations)], bufferUnits: 0 }],
        active: true,
      };
    case 'organisations':
      return { code: own, name, kind: 'brand', active: true };
  }
}
