// Whole-system specs. *.spec.ts only read files; *.e2e.spec.ts and *.browser.spec.ts need KAFKA_BROKERS and
// MONGODB_URI (tools/test.mjs starts both).
import { project } from '../jest.preset.mjs';

const whole = project(import.meta.dirname);

export default {
  ...whole,
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  // Two at a time share the machine: how long one takes proves nothing.
  testTimeout: 120_000,
  testSequencer: '<rootDir>/faults-first.mjs',
  // What a failed spec leaves open must not keep the run, and whoever waits for it, from ending.
  forceExit: true,
};
