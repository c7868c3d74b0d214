import { describe, expect, it } from '@jest/globals';
import { runScenario } from './run-scenario.ts';
import { killServices } from './scenarios/kill-services.ts';

const MINUTES = 0.33;
const LIMIT_MS = 240_000;

/** A short run of the rig itself; what it is for takes longer: `npm run faults`. */
describe('services killed at random moments', () => {
  it(
    'lose nothing that was acknowledged, count nothing twice, and leave no wrong or stale level',
    async () => {
      const limit = AbortSignal.timeout(LIMIT_MS - 30_000);
      const seed = Math.floor(Math.random() * 2 ** 31);
      const { verdict, acknowledged, faults } = await runScenario(killServices, {
        minutes: MINUTES,
        seed,
        signal: limit,
      });
      console.log(`seed ${seed}: ${acknowledged} acknowledged, ${JSON.stringify(faults)}`);
      expect(Object.keys(faults)).not.toEqual([]);
      expect(acknowledged).toBeGreaterThan(1000);
      expect(verdict).toEqual({ lost: [], doubled: [], wrongLevels: [], staleRecords: [], unannounced: [] });
    },
    LIMIT_MS,
  );
});
