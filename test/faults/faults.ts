// npm run faults -- --scenario NAME|all [--minutes M] [--seed N] [--json FILE]: real services on real servers while
// something is killed; then every acknowledged delta is looked for. README.md beside this file says more.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hasPassed, type RunResult, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { diskFull } from './scenarios/disk-full.ts';
import { killBrokers } from './scenarios/kill-brokers.ts';
import { killDatabase } from './scenarios/kill-database.ts';
import { killServices } from './scenarios/kill-services.ts';
import { proxyScenario } from './scenarios/proxy.ts';
import { zombie } from './scenarios/zombie.ts';

const SCENARIOS: readonly Scenario[] = [killServices, zombie, killBrokers, killDatabase, proxyScenario, diskFull];
const MAX_SEED = 2 ** 31;
const SHOWN = 5;
const HELP = `npm run faults -- --scenario NAME|all [--minutes M] [--seed N] [--json FILE]
${SCENARIOS.map(({ name, what }) => `  ${name.padEnd(14)} ${what}`).join('\n')}
  Minutes may be a fraction and count for each scenario; 2 unless told otherwise.`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = SCENARIOS.filter(({ name }) => values.scenario === 'all' || values.scenario === name);
  const minutes = Number(values.minutes);
  const seed = values.seed === undefined ? Math.floor(Math.random() * MAX_SEED) : Number(values.seed);
  if (values.help || chosen.length === 0 || !(minutes > 0) || !Number.isInteger(seed)) {
    process.stderr.write(`${HELP}\n`);
    process.exit(values.help ? 0 : 2);
  }
  return { chosen, minutes, seed, json: values.json };
}

const figure = (count: number): string => count.toLocaleString('en-GB');
const some = (found: readonly string[]): string =>
  found.length === 0
    ? '0'
    : `${figure(found.length)} (${found.slice(0, SHOWN).join(', ')}${found.length > SHOWN ? ', …' : ''})`;

function describe(result: RunResult): string {
  const { scenario, seed, skipped, seconds, faults, acknowledged, verdict, longestPauseMs, notes, deadLetters } =
    result;
  if (skipped !== undefined) return `- ${scenario}: skipped. ${skipped}\n`;
  const { lost, doubled, wrongLevels, staleRecords, unannounced } = verdict;
  const injected = Object.entries(faults).map(([fault, times]) => `${times} × ${fault}`);
  return `${hasPassed(result) ? '✓' : '✗'} ${scenario} (seed ${seed}, ${seconds} s)
  faults injected    ${injected.join(', ') || 'none'}
  acknowledged       ${figure(acknowledged)} deltas, ${figure(result.sentMoreThanOnce)} of them sent more than once
  lost               ${some(lost)}
  doubled            ${some(doubled)}
  wrong levels       ${some(wrongLevels)}
  stale records      ${some(staleRecords)}
  never announced    ${some(unannounced)}
  dead letters       ${deadLetters}
  longest pause      ${figure(longestPauseMs.acknowledged)} ms without an acknowledgement, ${figure(longestPauseMs.applied)} ms without anything applied
${notes.map((note) => `  noted              ${note}\n`).join('')}${result.logs ? `  logs kept in       ${result.logs}\n` : ''}`;
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(130);
    process.stderr.write('stopping all processes …\n');
    interrupt.abort(new Error('interrupted'));
  });

const { chosen, minutes, seed, json } = readOptions();
const results: RunResult[] = [];
const broken: string[] = [];
for (const scenario of chosen) {
  if (interrupt.signal.aborted) break;
  process.stderr.write(`${scenario.name}: ${scenario.what}; ${minutes} minutes, seed ${seed}\n`);
  try {
    const result = await runScenario(scenario, { minutes, seed, signal: interrupt.signal });
    results.push(result);
    process.stdout.write(describe(result));
  } catch (error) {
    if (interrupt.signal.aborted) break;
    broken.push(scenario.name);
    process.stdout.write(`✗ ${(error as Error).message}\n`);
  }
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
if (interrupt.signal.aborted) process.exit(130);
process.exit(broken.length === 0 && results.every(hasPassed) ? 0 : 1);
