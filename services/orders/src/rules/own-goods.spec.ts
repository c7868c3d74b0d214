import { describe, expect, it } from '@jest/globals';
import type { Order } from '../domain/order.js';
import { DEFAULT_RULE } from '../domain/sourcing/sourcing-rule.js';
import type { OpenTasks } from '../open-tasks.js';
import { OrderSurroundings } from '../order-surroundings.js';
import { type HeldLevel, type Place, PromisableStock, type StockTables } from '../promisable-stock.js';
import { STORE_TERMS } from '../testing/order-cases.js';
import { ownGoodsOf } from './own-goods.js';
import { asIfNew } from './rule-trial.js';

const LYON = { city: 'Lyon', region: 'south', latitude: 45, longitude: 4 };
/** The last two pieces of tea lay in one shop, whose day has room for one task; an order has taken both. */
const TAKEN = {
  orderId: 'o-1',
  placed: { channel: 'web', method: 'courier', destination: LYON },
  lines: [{ lineId: '1', sku: 'tea', quantity: 2, unitPriceMinor: 990, cancelledUnits: 0 }],
  refusedBy: [],
  holds: [{ sku: 'tea', quantity: 2, location: 'shop', state: 'held', task: 1 }],
  tasks: [{ number: 1, location: 'shop', state: 'ASSIGNED', day: '1970-01-01' }],
} as unknown as Order;

function surroundings() {
  const location = {
    ...LYON,
    code: 'shop',
    type: 'store',
    name: 'Shop',
    timeZone: 'UTC',
    active: true,
    capacityPerDay: 1,
  };
  const rows = (entries: readonly (readonly [string, unknown])[]) => ({
    get: (key: string) => new Map(entries).get(key),
    entries: () => entries,
    onChange: () => {},
  });
  const levelChanges: ((changes: readonly object[]) => void)[] = [];
  const tables = {
    levels: { onChange: (heard: (changes: readonly object[]) => void) => void levelChanges.push(heard) },
    products: rows([['tea', { active: true, brand: null }]]),
    locations: rows([['shop', location as unknown as Place['location']]]),
    channels: rows([
      ['web', { code: 'web', active: true, pools: [{ code: 'all', locationTypes: ['store'], bufferUnits: 0 }] }],
    ]),
    organisations: rows([]),
  } as unknown as StockTables;
  const stock = new PromisableStock(tables, { rose: () => {} });
  const level: HeldLevel = { available: 0, onHand: 0, confidence: 1, version: 1 };
  for (const heard of levelChanges) heard([{ key: 'tea@shop', value: level }]);
  const load = { forOrder: () => 1, heed: () => {}, committed: () => {}, giveBack: () => {} };
  return new OrderSurroundings(
    stock,
    { at: () => 1 } as unknown as OpenTasks,
    { inForce: () => DEFAULT_RULE },
    { holdForMs: 1, acceptWithinMs: 1, askAgainAfterMs: 1, retryAfterMs: 1, store: STORE_TERMS },
    undefined,
    load,
  );
}

describe('an order that was placed before its rule is tried', () => {
  it('found its own goods sold and its place full, and was said to be served by nobody', () => {
    const [plan] = surroundings().tryRules(asIfNew(TAKEN), 0, [DEFAULT_RULE]);
    expect(plan).toMatchObject({ kind: 'planned', shares: [{ location: 'shop' }], unplaced: [] });
    expect(plan!.explanation.places).toMatchObject([{ location: 'shop', openTasks: 0, givenUnits: 2 }]);
  });
  it('leaves the goods to whoever has them where somebody else asks', () => {
    const { own: _, ...another } = asIfNew(TAKEN);
    expect(surroundings().tryRules(another, 0, [DEFAULT_RULE])).toMatchObject([{ kind: 'unplaceable' }]);
  });
  it.each([
    ['have gone out', { state: 'fulfilled' }],
    ['were given back', { state: 'released' }],
    ['are under way to another store', { state: 'held', transfer: 1 }],
  ])('counts no goods that %s', (_name, change) => {
    const transfers = [{ number: 1, shipped: ['1'] }];
    const holds = [{ ...TAKEN.holds[0]!, lineId: '1', ...change }];
    expect(ownGoodsOf({ ...TAKEN, holds, transfers } as unknown as Order).unitsAt('tea', 'shop')).toBe(0);
  });
});
