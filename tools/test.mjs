// Everything a contributor needs: lint, types, build, unit specs, then (with one Kafka and one MongoDB-protocol server
// started for all of them) integration, end-to-end and browser specs. Plain Node, no dependencies of its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureTools } from './ensure-tools.mjs';
import { SIM_NODE_ARGS } from './sim-node-args.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules/.bin', name);
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
const HELP = `npm test -- [--only STEP[,STEP]] [-- jest arguments]
Steps, in order: lint, types, build, unit, sim, integration, e2e`;

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(HELP);
  process.exit(0);
}
const only = args.includes('--only') ? args[args.indexOf('--only') + 1].split(',') : undefined;
const jestArgs = args.includes('--') ? args.slice(args.indexOf('--') + 1) : [];
const wanted = (step) => !only || only.includes(step);
const startedMs = Date.now();
let passed = 0;

/** No step takes a third of it; whoever waits for the run's end must not wait for ever. */
const STEP_TIMEOUT_MS = 20 * 60_000;
let endStep = () => {};

/** Ends the run with the step's name; what it printed stands above. */
async function run(step, command, commandArgs, extraEnv = {}) {
  const stepMs = Date.now();
  console.log(`\n▸ ${step}`);
  const child = spawn(command, commandArgs, {
    cwd: root,
    env: { ...env, ...extraEnv },
    stdio: ['ignore', 'inherit', 'inherit'],
    // A group of its own, so that what the step started can be ended with it.
    detached: true,
  });
  endStep = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {} // It is gone.
  };
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    endStep('SIGKILL');
  }, STEP_TIMEOUT_MS);
  const reason = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`: ${error.message}`));
    child.once('exit', (status, signal) => resolve(status === 0 ? undefined : signal ? ` (${signal})` : ''));
  });
  clearTimeout(timer);
  // What its specs left behind goes with it.
  endStep('SIGKILL');
  endStep = () => {};
  if (reason !== undefined) {
    stopServers();
    const why = isLate ? `: it was not done after ${STEP_TIMEOUT_MS / 60_000} minutes` : reason;
    console.error(`\n✗ ${step} failed${why}. Again: npm test -- --only ${step.split(' ')[0]}`);
    process.exit(1);
  }
  passed++;
  console.log(`✓ ${step} (${((Date.now() - stepMs) / 1000).toFixed(1)} s)`);
}

/** As many as the smallest machine that this is meant for has cores: Jest itself would leave one of two idle. */
const WORKERS = '--maxWorkers=2';
const jest = (config) => [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  ...(config ? ['--config', config] : []),
  WORKERS,
  ...jestArgs,
];

let servers;
let envFile;
/** One Kafka and one MongoDB for every spec; specs keep apart by topic prefix and database. */
async function startServers() {
  if (process.env.KAFKA_BROKERS && process.env.MONGODB_URI) return {};
  const folder = mkdtempSync(join(tmpdir(), 'shelfline-test-'));
  envFile = join(folder, 'servers.env');
  console.log(
    '\n▸ servers: a real Kafka and a MongoDB-protocol server (the first time they are fetched and built: about 8 minutes)',
  );
  servers = spawn(
    bin('node'),
    ['packages/local-stack/dist/cli.js', '--purpose', 'test', '--data', join(folder, 'data'), '--write-env', envFile],
    { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'], detached: true },
  );
  const ended = new Promise((resolve) => servers.once('exit', resolve));
  while (!existsSync(envFile)) {
    const waited = await Promise.race([ended.then(() => 'ended'), new Promise((resolve) => setTimeout(resolve, 100))]);
    if (waited === 'ended') {
      console.error('\n✗ the servers could not be started; the reason stands above');
      process.exit(1);
    }
  }
  const found = Object.fromEntries(
    readFileSync(envFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { KAFKA_BROKERS: found.KAFKA_BROKERS, MONGODB_URI: found.MONGODB_URI, folder };
}

function stopServers() {
  if (!servers || servers.exitCode !== null) return;
  process.kill(servers.pid, 'SIGTERM');
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    endStep('SIGTERM');
    stopServers();
    process.exit(130);
  });

// First of all, so that nobody waits for minutes to hear that something is missing.
if (wanted('e2e')) Object.assign(env, ensureTools());
if (wanted('lint')) {
  await run('lint (format)', bin('biome'), ['ci', '--diagnostic-level=error', '.']);
  await run('lint (rules)', bin('oxlint'), ['--quiet']);
  await run('lint (boundaries)', bin('depcruise'), ['--no-progress', 'packages', 'services', 'test']);
  await run('lint (dead code)', bin('knip'), []);
}
if (wanted('types'))
  await run('types', bin('turbo'), ['run', 'typecheck', '--output-logs=errors-only', '--concurrency=2']);
if (wanted('build') || wanted('sim') || wanted('integration') || wanted('e2e'))
  await run('build', bin('turbo'), ['run', 'build', '--output-logs=errors-only', '--concurrency=2']);
if (wanted('unit')) await run('unit specs', bin('node'), jest());
if (wanted('sim')) await run('sim', bin('node'), [...SIM_NODE_ARGS, 'test/simulation/main.ts', '--seeds', '300']);
if (wanted('integration') || wanted('e2e')) {
  const { folder, ...found } = await startServers();
  try {
    if (wanted('integration'))
      await run('integration specs', bin('node'), jest(), {
        ...found,
        SHELFLINE_TEST_LEVEL: 'integration',
      });
    if (wanted('e2e')) await run('e2e specs', bin('node'), jest('test/jest.config.mjs'), found);
  } finally {
    if (servers) {
      const ended = new Promise((resolve) => servers.once('exit', resolve));
      stopServers();
      await ended;
    }
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`\n${passed} passed, 0 failed`);
console.log(`All steps passed in ${Math.round((Date.now() - startedMs) / 1000)} s.`);
process.exit(0);
