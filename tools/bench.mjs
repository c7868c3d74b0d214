// npm run bench -- ledger|hot|push|latency [--json FILE]: brings the build up to date, then runs one bench.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const BENCHES = ['ledger', 'hot', 'push', 'latency'];
const [name, ...rest] = process.argv.slice(2);
if (!BENCHES.includes(name)) {
  console.error(
    `npm run bench -- ${BENCHES.join('|')} [--json FILE]: each prints the raw limit of the same run beside its result.`,
  );
  process.exit(name === '--help' ? 0 : 2);
}
const build = spawnSync(
  join(root, 'node_modules/.bin/turbo'),
  ['run', 'build', '--output-logs=errors-only', '--concurrency=2'],
  {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
if (build.status !== 0) process.exit(1);
const program = join(root, 'test/bench', `${name}.ts`);
if (!existsSync(program)) throw new Error(`${program} is missing`);
const child = spawn(
  join(root, 'node_modules/.bin/node'),
  ['--disable-warning=TimeoutNegativeWarning', program, ...rest],
  {
    cwd: process.env.INIT_CWD ?? root,
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)));
