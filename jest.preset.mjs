// One ESM jest project per workspace; specs stand beside the source they test. The suffix chooses the level:
// *.spec.ts needs nothing, *.int.spec.ts needs KAFKA_BROKERS and MONGODB_URI (tools/test.mjs starts both).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { $schema: _, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

export const project = (rootDir, { integration = false } = {}) => ({
  displayName: JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')).name,
  rootDir,
  testMatch: [integration ? '<rootDir>/**/*.int.spec.ts' : '<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(integration ? [] : ['\\.(int|e2e|browser)\\.spec\\.ts$'])],
  modulePathIgnorePatterns: ['/dist/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.tsx?$': ['@swc/jest', { ...swc, swcrc: false }] },
});
