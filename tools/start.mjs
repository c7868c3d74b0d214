// Plain Node: installs what is missing, brings the build up to date, then hands over to the launcher (packages/launch).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenParentIsGone } from './parent-gone.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Who asks what could be done waits for nothing.
if (process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h')) {
  process.stdout.write(readFileSync(join(root, 'packages/launch/help.txt'), 'utf8'));
  process.exit(0);
}
await import('./ensure-deps.mjs');

const node = join(root, 'node_modules/.bin/node');
const turbo = join(root, 'node_modules/.bin/turbo');

// A first run has nothing built and shows what it does; later ones take a second and stay silent unless they fail.
const first = !existsSync(join(root, 'packages/launch/dist/main.js'));
if (first) console.log('building (once, about half a minute)…');
const build = spawnSync(turbo, ['run', 'build', '--output-logs=errors-only', ...(first ? [] : ['--log-prefix=none'])], {
  cwd: root,
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  stdio: ['ignore', 'pipe', 'pipe'],
  encoding: 'utf8',
});
if (build.status !== 0) {
  console.error(
    `The build failed, so nothing was started. What it printed:\n${build.stdout ?? ''}${build.stderr ?? ''}`,
  );
  process.exit(1);
}

// kafkajs computes a negative timeout once at its start; the warning tells a user nothing.
const quiet = '--disable-warning=TimeoutNegativeWarning';
const child = spawn(
  node,
  ['--enable-source-maps', quiet, join(root, 'packages/launch/dist/main.js'), ...process.argv.slice(2)],
  {
    cwd: process.env.INIT_CWD ?? root,
    stdio: 'inherit',
  },
);
// Ctrl-C reaches the launcher too: it stops everything in order, this process only waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
// Started without npm it may well outlive its shell, as with nohup.
if (process.env.npm_lifecycle_event === 'start') whenParentIsGone(() => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)));
