import { describe, expect, it } from '@jest/globals';
import { DayLoad } from './capacity/day-load.js';
import type { Order } from './domain/order.js';
import { DEFAULT_RULE } from './domain/sourcing/sourcing-rule.js';
import type { OpenTasks } from './open-tasks.js';
import { OrderSurroundings } from './order-surroundings.js';
import type { PromisableStock } from './promisable-stock.js';
import { STORE_TERMS } from './testing/order-cases.js';

const codes = Array.from({ length: 20 }, (_, i) => `store-${String(i).padStart(2, '0')}`);
const stockOf = () =>
  codes.map((code, i) => ({
    place: {
      location: {
        code,
        type: 'store',
        name: code,
        city: 'Lyon',
        region: 'south',
        latitude: 45 + i / 10,
        longitude: 4,
        timeZone: 'UTC',
        active: true,
      },
      serves: [],
    },
    units: new Map([['SALE', 1]]),
    confidence: 1,
  }));
const surroundings = new OrderSurroundings(
  { stockOf, brandOf: () => null } as unknown as PromisableStock,
  { at: () => 0 } as unknown as OpenTasks,
  { inForce: () => DEFAULT_RULE },
  { holdForMs: 1, acceptWithinMs: 1, askAgainAfterMs: 1, retryAfterMs: 1, store: STORE_TERMS },
);
const orderAfter = (attempts: number) =>
  ({
    placed: { channel: 'web', method: 'courier', destination: { city: 'Lyon', latitude: 45, longitude: 4 } },
    lines: [{ lineId: '1', sku: 'SALE', quantity: 1, unitPriceMinor: 990, cancelledUnits: 0 }],
    refusedBy: [],
    attempts,
  }) as unknown as Order;
const alternativesAfter = (attempts: number) =>
  surroundings.at({ atMs: 0, version: 1 }).route(orderAfter(attempts), [{ lineId: '1', sku: 'SALE', quantity: 1 }])
    .alternatives;

describe('places that are named to the ledger besides the best one', () => {
  it('are the next nearest few', () => {
    expect(alternativesAfter(0)).toEqual(codes.slice(1, 8));
  });
  it('are all there are once those refused: three pieces far away were left over by a flash sale', () => {
    expect(alternativesAfter(1)).toEqual(codes.slice(1));
  });
});

describe('a place that the ledger has refused in this round', () => {
  const planAfter = (shortAt: Order['shortAt'], quantity = 1) =>
    surroundings
      .at({ atMs: 0, version: 1 })
      .route({ ...orderAfter(1), shortAt }, [{ lineId: '1', sku: 'SALE', quantity }]);
  it('was asked by all four plans of a round, as the tables still showed its stock', () => {
    const plan = planAfter([{ sku: 'SALE', locations: codes.slice(0, 18), units: 0 }]);
    expect(plan.shares.map(({ location }) => location)).toEqual(['store-18']);
    expect(plan.alternatives).toEqual(['store-19']);
  });
  it('still gives what it has of other articles, and as much as it was not short of', () => {
    expect(planAfter([{ sku: 'OTHER', locations: codes, units: 0 }]).shares[0]!.location).toBe('store-00');
    expect(planAfter([{ sku: 'SALE', locations: codes, units: 1 }]).shares[0]!.location).toBe('store-00');
  });
});

describe('an order that is collected', () => {
  it('was weighed against two hundred places it could not come from: its store alone is asked', () => {
    const rule = { ...DEFAULT_RULE, limits: { ...DEFAULT_RULE.limits, collectAfterTransferFrom: [] } };
    const asked: unknown[] = [];
    const spied = new OrderSurroundings(
      {
        stockOf: (_: unknown, scope: unknown) => (asked.push(scope), []),
        brandOf: () => null,
      } as unknown as PromisableStock,
      { at: () => 0 } as unknown as OpenTasks,
      { inForce: () => rule },
      { holdForMs: 1, acceptWithinMs: 1, askAgainAfterMs: 1, retryAfterMs: 1, store: STORE_TERMS },
    );
    const { placed, ...rest } = orderAfter(0);
    for (const method of ['pickup', 'carry_out', 'courier'] as const)
      spied
        .at({ atMs: 0, version: 1 })
        .route({ ...rest, placed: { ...placed, method, store: 'store-03' } }, [
          { lineId: '1', sku: 'SALE', quantity: 1 },
        ]);
    expect(asked).toMatchObject([{ onlyAt: 'store-03' }, { onlyAt: 'store-03' }, { onlyAt: undefined }]);
  });
});

describe('an order whose batch is decided again', () => {
  it('met what it had asked for itself on a day for one, and was sent to another place', () => {
    const limited = stockOf().map(({ place, ...held }) => ({
      ...held,
      place: { ...place, location: { ...place.location, capacityPerDay: 1 } },
    }));
    const findPlace = (code: string) => limited.find(({ place }) => place.location.code === code)?.place;
    const busy = new OrderSurroundings(
      { stockOf: () => limited, brandOf: () => null, findPlace } as unknown as PromisableStock,
      { at: () => 0 } as unknown as OpenTasks,
      { inForce: () => DEFAULT_RULE },
      { holdForMs: 1, acceptWithinMs: 1, askAgainAfterMs: 1, retryAfterMs: 1, store: STORE_TERMS },
      undefined,
      new DayLoad({ onChange: () => () => {} }, () => 0),
    );
    const placeFor = (orderId: string) => {
      const order = { ...orderAfter(0), orderId, changedAtMs: 0, tasks: [], holds: [] };
      const wanted = [{ lineId: '1', sku: 'SALE', quantity: 1 }];
      const { location } = busy.at({ atMs: 0, version: 1 }).route(order, wanted).shares[0]!;
      busy.heed(1, {
        ...order,
        holds: [{ state: 'asked', locations: [location] } as unknown as Order['holds'][number]],
      });
      return location;
    };
    expect([placeFor('A'), placeFor('A'), placeFor('B')]).toEqual(['store-00', 'store-00', 'store-01']);
  });
});
