import { join } from 'node:path';
import { readTillLines, type TillLine } from '@shelfline/launch/till-lines';

export interface Basket {
  readonly basketId: string;
  readonly storeId: string;
  readonly atMs: number;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  /** As the tills told them: what stock is derived from. */
  readonly sold: readonly TillLine[];
}

const TILLS = join(import.meta.dirname, '../../data/pos-lines-2017-w01-w08.csv.gz');
/** What a plan of places is exact for; a third of the baskets have more and are left out. */
const MOST_LINES = 10;

/** The first baskets of the tills, in the tills' order. Lines of one product in a basket are one line. */
export async function readBaskets(count: number): Promise<Basket[]> {
  const found = new Map<string, TillLine[]>();
  const baskets: Basket[] = [];
  for await (const line of readTillLines(TILLS)) {
    if (!line.reading.ok) continue;
    const { reference = '' } = line.reading.fact;
    const known = found.get(reference);
    if (known) {
      known.push(line);
      continue;
    }
    found.set(reference, [line]);
    // Lines of a basket stand together or near each other, so the oldest ones are whole.
    if (found.size > NEAR) closeOldest(found, baskets);
    if (baskets.length >= count) return baskets;
  }
  while (found.size > 0 && baskets.length < count) closeOldest(found, baskets);
  if (baskets.length < count) throw new Error(`the tills have ${baskets.length} such baskets, and not ${count}`);
  return baskets;
}
const NEAR = 1000;

function closeOldest(found: Map<string, TillLine[]>, baskets: Basket[]): void {
  const [basketId, sold] = found.entries().next().value!;
  found.delete(basketId);
  const units = new Map<string, number>();
  for (const { productId, reading } of sold)
    if (reading.ok) units.set(productId, (units.get(productId) ?? 0) + reading.fact.quantity);
  if (units.size > MOST_LINES) return;
  const { storeId, reading } = sold[0]!;
  if (!reading.ok) return;
  const lines = [...units].map(([sku, quantity]) => ({ sku, quantity }));
  baskets.push({ basketId, storeId, atMs: Date.parse(reading.fact.occurredAt), lines, sold });
}
