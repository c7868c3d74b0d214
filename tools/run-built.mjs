import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Brings the build up to date, then runs a program of test/ in the caller's folder and ends as it ends. */
export function runBuilt(program, args, { nodeArgs = [], ...options } = {}) {
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
  const child = spawn(
    join(root, 'node_modules/.bin/node'),
    ['--disable-warning=TimeoutNegativeWarning', ...nodeArgs, join(root, 'test', program), ...args],
    { cwd: process.env.INIT_CWD ?? root, stdio: 'inherit', ...options },
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)));
}
