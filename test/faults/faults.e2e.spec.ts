import { describe, expect, it } from '@jest/globals';
import { ORDER_SCENARIOS, ordersPassed, runOrders } from './run-orders.ts';
import { hasPassed, runScenario } from './run-scenario.ts';
import { runSockets, socketsPassed } from './run-sockets.ts';
import type { Scenario } from './scenario.ts';
import { killServices } from './scenarios/kill-services.ts';
import { proxyScenario } from './scenarios/proxy.ts';
import { stormOf } from './scenarios/reconnect-storm.ts';
import { takeoverOf } from './scenarios/takeover.ts';

/** Other specs use the machine at the same time. */
const LIMIT_MS = 400_000;
const SHORT_ORDERS = 100;

interface ShortRun {
  readonly what: string;
  readonly scenario: Scenario;
  readonly minutes: number;
  readonly leastPromises: number;
}

/** Short runs of the rig itself; what it is for takes longer: `npm run faults`. */
const SHORT_RUNS: readonly ShortRun[] = [
  { what: 'services killed at random moments', scenario: killServices, minutes: 0.33, leastPromises: 1 },
  { what: 'lost, cut and late answers of the database', scenario: proxyScenario, minutes: 0.15, leastPromises: 1 },
  // The ledger stands alone in it.
  { what: 'the takeover of what was not written', scenario: takeoverOf(2000), minutes: 0.001, leastPromises: 0 },
];

describe('a system in trouble', () => {
  it.each(SHORT_RUNS)(
    'loses, counts and promises nothing twice, and leaves nothing wrong or stale: $what',
    async ({ scenario, minutes, leastPromises }) => {
      const signal = AbortSignal.timeout(LIMIT_MS - 30_000);
      const seed = Math.floor(Math.random() * 2 ** 31);
      const result = await runScenario(scenario, { minutes, seed, signal });
      const { verdict, acknowledged, promises, faults } = result;
      console.log(`seed ${seed}: ${acknowledged} acknowledged, ${promises} reservations, ${JSON.stringify(faults)}`);
      expect(Object.keys(faults)).not.toEqual([]);
      expect(acknowledged).toBeGreaterThan(1000);
      expect(promises).toBeGreaterThanOrEqual(leastPromises);
      expect(Object.entries(verdict).filter(([, found]) => found.length > 0)).toEqual([]);
      expect(hasPassed(result)).toBe(true);
    },
    LIMIT_MS,
  );
});

describe('sockets that all lose their connection at once', () => {
  it(
    'come back with what they have seen, and each shows what the topic says',
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const signal = AbortSignal.timeout(LIMIT_MS - 30_000);
      const result = await runSockets(stormOf(1000), { minutes: 0.001, sockets: 200, seed, signal });
      console.log(`seed ${seed}: ${JSON.stringify(result.faults)}`);
      expect(result.faults).toEqual({ 'loss of every connection': 1 });
      expect(result.verdict).toEqual({ lost: [], doubled: [], wrong: [] });
      expect(socketsPassed(result, { strict: false })).toBe(true);
    },
    LIMIT_MS,
  );
});

describe('orders while services are killed', () => {
  it(
    'all end or wait in sight, and at every step what is promised is reserved',
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const signal = AbortSignal.timeout(LIMIT_MS - 30_000);
      const scenario = ORDER_SCENARIOS.find(({ hasKills }) => hasKills)!;
      const result = await runOrders(scenario, { orders: SHORT_ORDERS, seed, signal });
      const { verdict, faults, states, tasks } = result;
      console.log(`seed ${seed}: ${JSON.stringify({ faults, states, tasks })}`);
      expect(Object.keys(faults)).toHaveLength(5);
      expect(Object.entries(verdict).filter(([, found]) => found.length > 0)).toEqual([]);
      expect(states['COMPLETED']).toBeGreaterThan(0);
      expect(ordersPassed(result)).toBe(true);
    },
    LIMIT_MS,
  );
});
