import { describe, expect, it } from '@jest/globals';
import type { Order } from '../domain/order.js';
import { planSourcing } from '../domain/sourcing/plan-sourcing.js';
import { order, place, rule } from '../domain/sourcing/testing/sourcing-cases.js';
import { RuleTrial, type Tried } from './rule-trial.js';

const PLACES = [place('near', { northKm: 1 }), place('dc', { northKm: 90, type: 'ecommerce_dc' })];
const trial = new RuleTrial(
  { tryRules: (_order, _nowMs, rules) => rules.map((one) => planSourcing(order(), PLACES, one)) },
  { inForce: () => rule({ sorters: [{ by: 'nearest', stepKm: 1 }] }) },
);
const WAREHOUSE = rule({ sorters: [{ by: 'guaranteed_warehouse' }] });
const PAST = { placed: { channel: 'web' }, lines: [], holds: [], tasks: [] } as unknown as Order;

/** Every look at the clock takes so long. */
const replayed = async (orders: number, msEach: number) => {
  let nowMs = 0;
  let read = 0;
  async function* past() {
    for (; read < orders; read++) yield PAST;
  }
  const steps: Tried[] = [];
  const replay = trial.replay(past(), [WAREHOUSE], 0, () => (nowMs += msEach));
  return { replay, steps, read: () => read };
};

describe('a replay of past orders', () => {
  it('sums over all of them, for the rule in force and for each on trial', async () => {
    const { replay, steps } = await replayed(7, 1);
    for await (const step of replay) steps.push(step);
    expect(steps.at(-1)).toMatchObject({
      inForce: { orders: 7, parcels: 7, distanceM: 7000 },
      rules: [{ differing: 7, figures: { orders: 7, distanceM: 630_000 } }],
    });
    expect(steps.length).toBeGreaterThan(1);
  });
  it('reads no further once nobody asks any more', async () => {
    const { replay, read } = await replayed(1000, 10);
    for await (const { inForce } of replay) if (inForce.orders === 3) break;
    expect(read()).toBeLessThan(5);
  });
});
