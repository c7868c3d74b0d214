// npm run faults -- --scenario NAME|all [--minutes M] [--seed N] [--sockets N] [--orders N] [--strict] [--json FILE]: real services on
// real servers while something is killed; then everything acknowledged is looked for. README.md beside this file says more.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describe, describeOrders, describeSockets } from './describe-result.ts';
import type { OrderResult } from './orders/order-result.ts';
import { ORDER_SCENARIOS, type OrderScenario, ordersPassed, runOrders } from './run-orders.ts';
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

type AnyScenario = Scenario | SocketScenario | OrderScenario;
type AnyResult = RunResult | SocketResult | OrderResult;

const SCENARIOS: readonly AnyScenario[] = [
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
  ...ORDER_SCENARIOS,
];
const MAX_SEED = 2 ** 31;
const HELP = `npm run faults -- --scenario NAME|all [--minutes M] [--seed N] [--sockets N] [--orders N] [--strict] [--json FILE]
${SCENARIOS.map(({ name, what }) => `  ${name.padEnd(16)} ${what}`).join('\n')}
  Minutes may be a fraction and count for each scenario; 2 unless told otherwise. Sockets: 5,000 unless told otherwise,
  for the two with sockets. Orders: 10,000 unless told otherwise, for the two with orders, which end when the orders do.
  With --strict also timings decide.`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string' },
      sockets: { type: 'string', default: '5000' },
      orders: { type: 'string', default: '10000' },
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
  const orders = Number(values.orders);
  const areNumbers = minutes > 0 && [seed, sockets, orders].every(Number.isInteger) && sockets >= 10 && orders >= 10;
  if (values.help || chosen.length === 0 || !areNumbers) {
    process.stderr.write(`${HELP}\n`);
    process.exit(values.help ? 0 : 2);
  }
  return { chosen, minutes, seed, sockets, orders, strict, json };
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(130);
    process.stderr.write('stopping all processes …\n');
    interrupt.abort(new Error('interrupted'));
  });

const { chosen, json, ...options } = readOptions();
const { minutes, seed, sockets, orders, strict } = options;
const { signal } = interrupt;

/** Prints what came of it; answers it, and whether it passed. */
async function run(scenario: AnyScenario): Promise<[passed: boolean, result: AnyResult]> {
  if (scenario === stalledSockets && canHaveSmallBuffers()) return runElsewhere(scenario);
  if ('hasKills' in scenario) {
    process.stderr.write(`${scenario.name}: ${scenario.what}; ${orders} orders, seed ${seed}\n`);
    const result = await runOrders(scenario, { orders, seed, signal });
    process.stdout.write(describeOrders(result));
    return [ordersPassed(result), result];
  }
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

const results: AnyResult[] = [];
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
