// Everything a contributor needs: lint, types, build, unit specs, then (with one Kafka and one MongoDB-protocol server
// started for all of them) integration, end-to-end and browser specs. Plain Node, no dependencies of its own.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

/** Ends the run with the step's name; what it printed stands above. */
function run(step, command, commandArgs, extraEnv = {}) {
  const stepMs = Date.now();
  console.log(`\n▸ ${step}`);
  const { status, signal } = spawnSync(command, commandArgs, {
    cwd: root,
    env: { ...env, ...extraEnv },
    stdio: 'inherit',
  });
  if (status !== 0) {
    stopServers();
    console.error(`\n✗ ${step} failed${signal ? ` (${signal})` : ''}. Again: npm test -- --only ${step.split(' ')[0]}`);
    process.exit(status || 1);
  }
  passed++;
  console.log(`✓ ${step} (${((Date.now() - stepMs) / 1000).toFixed(1)} s)`);
}

const jest = (config) => [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  ...(config ? ['--config', config] : []),
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
    stopServers();
    process.exit(130);
  });

if (wanted('lint')) {
  run('lint (format)', bin('biome'), ['ci', '--diagnostic-level=error', '.']);
  run('lint (rules)', bin('oxlint'), ['--quiet']);
  run('lint (boundaries)', bin('depcruise'), ['--no-progress', 'packages', 'services', 'test']);
  run('lint (dead code)', bin('knip'), []);
}
if (wanted('types')) run('types', bin('turbo'), ['run', 'typecheck', '--output-logs=errors-only', '--concurrency=2']);
if (wanted('build') || wanted('sim') || wanted('integration') || wanted('e2e'))
  run('build', bin('turbo'), ['run', 'build', '--output-logs=errors-only', '--concurrency=2']);
if (wanted('unit')) run('unit specs', bin('node'), jest());
if (wanted('sim')) run('sim', bin('node'), ['test/simulation/main.ts', '--seeds', '300']);
if (wanted('integration') || wanted('e2e')) {
  const { folder, ...found } = await startServers();
  try {
    if (wanted('integration'))
      run('integration specs', bin('node'), [...jest(), '--maxWorkers=2'], {
        ...found,
        SHELFLINE_TEST_LEVEL: 'integration',
      });
    if (wanted('e2e')) run('e2e specs', bin('node'), [...jest('test/jest.config.mjs'), '--runInBand'], found);
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
