import { pause } from '../rig.ts';
import type { FrontDoor } from './front-door.ts';
import { keyOf, SUPPLIES } from './shop.ts';

interface LevelsPage {
  readonly items: readonly { sku: string; location: string; onHand: number; reserved: number }[];
  readonly next: string | null;
}
export interface StockCheck {
  /** Pieces that stores were told to give beyond what was brought there, and pieces reserved beyond what stands there. */
  readonly oversold: number;
  /** Pieces that stores were told to give and that no reservation stands behind. */
  readonly unreserved: number;
  readonly promised: number;
  readonly reserved: number;
}

const ATTEMPTS = 20;
const AT_ONCE = 8;

/** Compares what the sockets were told with what was brought and with what REST shows of their levels. */
export async function checkStock(door: FrontDoor, promised: ReadonlyMap<string, number>): Promise<StockCheck> {
  let check = compare(await levels(door, promised), promised);
  // Levels are written some moments after the movements that made them.
  for (let i = 0; check.unreserved > 0 && i < ATTEMPTS; i++) {
    await pause(500);
    check = compare(await levels(door, promised), promised);
  }
  return check;
}

/** SKU by SKU, of those that were promised: paging through all levels takes a database minutes. */
async function levels(door: FrontDoor, promised: ReadonlyMap<string, number>): Promise<LevelsPage['items']> {
  const skus = [...new Set([...promised.keys()].map((key) => key.slice(0, key.indexOf('@'))))];
  const found: LevelsPage['items'][number][] = [];
  const work = async () => {
    for (let sku = skus.pop(); sku !== undefined; sku = skus.pop()) {
      const { items, next } = await door.call<LevelsPage>('GET', `/api/inventory/levels?sku=${sku}&limit=1000`);
      if (next !== null) throw new Error(`${sku} has more levels than a page`);
      found.push(...items);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

function compare(shown: LevelsPage['items'], promised: ReadonlyMap<string, number>): StockCheck {
  const stood = new Map(SUPPLIES.map((supply) => [keyOf(supply), supply.quantity]));
  const reserved = new Map(shown.map((level) => [keyOf(level), level.reserved]));
  const [sums, over] = [
    { promised: 0, reserved: 0, unreserved: 0 },
    { promised: 0, reserved: 0 },
  ];
  for (const [key, units] of promised) {
    sums.promised += units;
    over.promised += Math.max(0, units - (stood.get(key) ?? 0));
    sums.unreserved += Math.max(0, units - (reserved.get(key) ?? 0));
  }
  for (const { onHand, reserved: held } of shown) {
    sums.reserved += held;
    over.reserved += Math.max(0, held - onHand);
  }
  return { ...sums, oversold: over.promised + over.reserved };
}
