import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { JUDGED } from './simulation/judged.js';
import { MUTATIONS } from './simulation/mutations.js';
import { STRIKES } from './simulation/strikes.js';

const checkout = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(checkout, path), 'utf8');
const rows = read('test/simulation/PITFALLS.md')
  .split('\n')
  .flatMap((line) => (/^\| \d/.test(line) ? [line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))] : []))
  .map(([number, pitfall, mitigation, tests]) => ({ number, pitfall, mitigation: mitigation!, tests: tests! }));
const sources = globSync('{packages,services}/*/src/**/*.ts', { cwd: checkout })
  .filter((path) => !/\.spec\.ts$|\.contract\.ts$/.test(path))
  .map((path) => ({ path, text: read(path) }));
const holding = (pattern: RegExp) => sources.flatMap(({ path, text }) => (pattern.test(text) ? [path] : []));

describe('the table of pitfalls', () => {
  it('has all eighteen', () => {
    expect(rows.map(({ number }) => Number(number))).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
  });

  it.each(rows)('names what is there: $number $pitfall', ({ mitigation, tests }) => {
    for (const [, path] of mitigation.matchAll(/`([^`]+\.ts)`/g))
      expect([path, existsSync(join(checkout, path!))]).toEqual([path, true]);
    const defects = [...tests.matchAll(/defect `([^`]+)`/g)].map(([, name]) => name);
    for (const name of defects) expect(MUTATIONS.map((mutation) => mutation.name)).toContain(name);
    const specs = [...tests.matchAll(/`([^`]+\.ts)` "([^"]+)"/g)];
    for (const [, path, name] of specs) expect([path, read(path!).includes(`'${name}'`)]).toEqual([path, true]);
    expect(defects.length + specs.length).toBeGreaterThan(0);
    expect(tests.replaceAll(/defect `[^`]+`|`[^`]+` "[^"]+"|, /g, '')).toBe('');
  });
});

describe('what no history can show', () => {
  it('Kafka commits nothing by itself', () => {
    const running = holding(/\.run\(\{/).filter((path) => path.includes('kafkajs'));
    expect(running).not.toEqual([]);
    for (const path of running) expect([path, /autoCommit: false/.test(read(path))]).toEqual([path, true]);
    expect(holding(/autoCommit: true|eachBatchAutoResolve: true/)).toEqual([]);
  });

  it('kafkajs neither retries sends nor is asked for its transactions', () => {
    expect(holding(/\.producer\(/)).toEqual(['packages/streaming/src/kafkajs-port.ts']);
    expect(read('packages/streaming/src/kafkajs-port.ts')).toMatch(/retry: \{ retries: 0 \}/);
    expect(holding(/sendOffsets|\.transaction\(\)|idempotent: true/)).toEqual([]);
  });

  it('no model makes its indexes while transactions run', () => {
    const models = holding(/new Schema[<(]/);
    expect(models).not.toEqual([]);
    for (const path of models) expect([path, /autoIndex: false/.test(read(path))]).toEqual([path, true]);
  });

  it('nothing is saved through documents of mongoose', () => {
    expect(holding(/\.bulkSave\(|\.hydrate\(/)).toEqual([]);
  });

  it('no collection forgets by time', () => {
    expect(holding(/expireAfterSeconds|\bexpires: ['\d]/)).toEqual([]);
  });
});

describe('the README of the simulator', () => {
  it('counts every kind of fault and every rule, each above none', () => {
    const readme = read('test/simulation/README.md');
    for (const kind of [...STRIKES, ...JUDGED]) {
      const found = readme.split('\n').find((line) => line.startsWith(`| ${kind} | `));
      expect([kind, Number(found?.split(' | ')[1]?.replace(' |', ''))]).toEqual([kind, expect.any(Number)]);
      expect([kind, found !== undefined && !found.includes(' | 0 |')]).toEqual([kind, true]);
    }
  });
});
