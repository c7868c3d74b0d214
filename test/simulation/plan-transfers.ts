import { RequestTransfer } from '@shelfline/contracts/transfer';
import type { SeededRandom } from '../seeded-random.ts';
import { PLACES, SKUS, TROUBLE_MS, UNKNOWN_PLACE } from './setting.ts';

const TRANSFERS = 9;
const ASKED_TWICE = 0.15;
const TO_NOWHERE = 0.06;
/** So late the last ones are asked for, or they would not come within a history. */
const ASKED_WITHIN_MS = TROUBLE_MS - 2000;

export interface PlannedTransfer {
  readonly atMs: number;
  readonly message: RequestTransfer;
}

/** What places ask to be brought to fill up their shelves, some of it twice. */
export function plannedTransfers(random: SeededRandom): PlannedTransfer[] {
  return Array.from({ length: TRANSFERS }, (_, i) => {
    const transferId = `T${i + 1}`;
    const from = random.pick(PLACES);
    const to = random.chance(TO_NOWHERE) ? UNKNOWN_PLACE : random.pick(PLACES.filter((place) => place !== from));
    const skus = SKUS.filter(() => random.chance(0.4));
    const lines = (skus.length > 0 ? skus : [random.pick(SKUS)]).map((sku, line) => ({
      lineId: `${line + 1}`,
      sku,
      quantity: random.between(1, 3),
    }));
    const request = (id: string): RequestTransfer =>
      RequestTransfer.parse({
        type: 'request',
        id,
        source: 'office',
        transferId,
        from,
        to,
        purpose: 'replenishment',
        lines,
      });
    const wave = Math.floor(random.next() * 6) * (ASKED_WITHIN_MS / 6);
    const atMs = random.chance(0.5) ? wave + random.next() * 40 : random.next() * ASKED_WITHIN_MS;
    const asked = { atMs, message: request(`request-${transferId}`) };
    if (!random.chance(ASKED_TWICE)) return [asked];
    return [asked, { atMs: atMs + random.next() * 3000, message: request(`request-${transferId}-again`) }];
  }).flat();
}
