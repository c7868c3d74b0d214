// npm run faults -- --scenario NAME|all [--minutes M] [--seed N] [--sockets N] [--strict] [--json FILE]: real services on
// real servers while something is killed; then everything acknowledged is looked for. README.md beside this file says more.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describe, describeSockets } from './describe-result.ts';
import { hasPassed, type RunResult, runScenario } from './run-scenario.ts';
import { runSockets, type SocketResult, socketsPassed } from './run-sockets.ts';
import type { Scenario } from './scenario.ts';
import { diskFull } from './scenarios/disk-full.ts';
import { diskFullKafka } from './scenarios/disk-full-kafka.ts';
import { killBrokers } from './scenarios/kill-brokers.ts';
import { killDatabase } from './scenarios/kill-database.ts';
import { killServices } from './scenarios/kill-services.ts';
import { proxyScenario } from './scenarios/proxy.ts';
import { proxyKafka } from './scenarios/proxy-kafka.ts';
import { reconnectStorm } from './scenarios/reconnect-storm.ts';
import { stalledSockets } from './scenarios/stalled-sockets.ts';
import { takeover } from './scenarios/takeover.ts';
import { zombie } from './scenarios/zombie.ts';
import { canHaveSmallBuffers, runWithSmallBuffers } from './small-buffers.ts';
import type { SocketScenario } from './sockets/socket-field.ts';

const SCENARIOS: readonly (Scenario | SocketScenario)[] = [
  killServices,
  zombie,
  killBrokers,
  killDatabase,
  proxyScenario,
  proxyKafka,
  diskFull,
  diskFullKafka,
  takeover,
  stalledSockets,
  reconnectStorm,
];
const MAX_SEED = 2 ** 31;
const HELP = `npm run faults -- --scenario NAME|all [--minutes M] [--seed N] [--sockets N] [--strict] [--json FILE]
${SCENARIOS.map(({ name, what }) => `  ${name.padEnd(16)} ${what}`).join('\n')}
  Minutes may be a fraction and count for each scenario; 2 unless told otherwise. Sockets: 5,000 unless told otherwise,
  for the last two. With --strict also timings decide.`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string' },
      sockets: { type: 'string', default: '5000' },
      strict: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { strict, json } = values;
  const chosen = SCENARIOS.filter(({ name }) => values.scenario === 'all' || values.scenario === name);
  const minutes = Number(values.minutes);
  const sockets = Number(values.sockets);
  const seed = values.seed === undefined ? Math.floor(Math.random() * MAX_SEED) : Number(values.seed);
  const areNumbers = minutes > 0 && Number.isInteger(seed) && Number.isInteger(sockets) && sockets >= 10;
  if (values.help || chosen.length === 0 || !areNumbers) {
    process.stderr.write(`${HELP}\n`);
    process.exit(values.help ? 0 : 2);
  }
  return { chosen, minutes, seed, sockets, strict, json };
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(130);
    process.stderr.write('stopping all processes …\n');
    interrupt.abort(new Error('interrupted'));
  });

const { chosen, json, ...options } = readOptions();
const { minutes, seed, sockets, strict } = options;
const { signal } = interrupt;

/** Prints what came of it; answers it, and whether it passed. */
async function run(scenario: Scenario | SocketScenario): Promise<[passed: boolean, result: RunResult | SocketResult]> {
  if (scenario === stalledSockets && canHaveSmallBuffers()) return runElsewhere(scenario);
  process.stderr.write(`${scenario.name}: ${scenario.what}; ${minutes} minutes, seed ${seed}\n`);
  if ('ownServers' in scenario) {
    const result = await runScenario(scenario, { minutes, seed, signal });
    process.stdout.write(describe(result, { strict }));
    return [hasPassed(result, { strict }), result];
  }
  const result = await runSockets(scenario, { minutes, seed, sockets, signal });
  process.stdout.write(describeSockets(result, { strict }));
  return [socketsPassed(result, { strict }), result];
}

async function runElsewhere({ name }: SocketScenario): Promise<[passed: boolean, result: SocketResult]> {
  const folder = mkdtempSync(join(tmpdir(), `shelfline-faults-${name}-`));
  const file = join(folder, 'result.json');
  const numbers = Object.entries({ minutes, seed, sockets }).flatMap(([option, n]) => [`--${option}`, String(n)]);
  const args = ['--scenario', name, ...numbers, ...(strict ? ['--strict'] : []), '--json', file];
  try {
    const code = await runWithSmallBuffers(args, signal);
    const [result] = JSON.parse(readFileSync(file, 'utf8')) as SocketResult[];
    if (!result) throw new Error(`${name} ended without a result`);
    return [code === 0, result];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const results: (RunResult | SocketResult)[] = [];
let haveAllPassed = true;
for (const scenario of chosen) {
  if (signal.aborted) break;
  try {
    const [passed, result] = await run(scenario);
    results.push(result);
    haveAllPassed &&= passed;
  } catch (error) {
    if (signal.aborted) break;
    haveAllPassed = false;
    process.stdout.write(`✗ ${(error as Error).message}\n`);
  }
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
if (signal.aborted) process.exit(130);
process.exit(haveAllPassed ? 0 : 1);
