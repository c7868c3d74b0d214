import { describe, expect, it } from '@jest/globals';
import { hasPassed, runScenario } from './run-scenario.ts';
import { runSockets, socketsPassed } from './run-sockets.ts';
import { killServices } from './scenarios/kill-services.ts';
import { stormOf } from './scenarios/reconnect-storm.ts';

const MINUTES = 0.33;
const LIMIT_MS = 240_000;

/** A short run of the rig itself; what it is for takes longer: `npm run faults`. */
describe('services killed at random moments', () => {
  it(
    'lose nothing that was acknowledged, count nothing twice, and leave no wrong or stale level',
    async () => {
      const limit = AbortSignal.timeout(LIMIT_MS - 30_000);
      const seed = Math.floor(Math.random() * 2 ** 31);
      const result = await runScenario(killServices, { minutes: MINUTES, seed, signal: limit });
      const { verdict, acknowledged, promises, faults } = result;
      console.log(`seed ${seed}: ${acknowledged} acknowledged, ${promises} reservations, ${JSON.stringify(faults)}`);
      expect(Object.keys(faults)).not.toEqual([]);
      expect(acknowledged).toBeGreaterThan(1000);
      expect(promises).toBeGreaterThan(0);
      expect(Object.values(verdict).flat()).toEqual([]);
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
