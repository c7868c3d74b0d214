// The end-to-end specs need a real Chromium and promtool. Whatever this machine lacks is fetched from Debian's packages
// where that is possible: promtool alone is taken out of its package, since installing it would start a Prometheus.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

// As packages/local-stack has it, which is not built yet when this runs.
const cache = process.env.SHELFLINE_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shelfline');
const toolsFolder = join(cache, 'tools');
const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const isOnPath = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
const run = (command, args, options = {}) =>
  spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    ...options,
  });
const isRoot = () => process.getuid?.() === 0;
/** As root, without asking anybody for a password. */
const asRoot = (args) => (isRoot() ? run(args[0], args.slice(1)) : run('sudo', ['-n', ...args]));

let updated = false;
function apt(...args) {
  if (!updated) asRoot(['apt-get', 'update', '-q']);
  updated = true;
  return asRoot(['apt-get', ...args]).status === 0;
}

function fetchPromtool() {
  const folder = mkdtempSync(join(tmpdir(), 'shelfline-promtool-'));
  try {
    const download = () => run('apt-get', ['download', '-q', 'prometheus'], { cwd: folder }).status === 0;
    if (!download()) {
      apt('check', '-q');
      if (!download()) return false;
    }
    const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (run('dpkg-deb', ['-x', file, 'unpacked'], { cwd: folder }).status !== 0) return false;
    mkdirSync(toolsFolder, { recursive: true });
    // Renamed when it is whole.
    copyFileSync(join(folder, 'unpacked/usr/bin/promtool'), join(toolsFolder, 'promtool.part'));
    renameSync(join(toolsFolder, 'promtool.part'), join(toolsFolder, 'promtool'));
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const TOOLS = [
  {
    name: 'promtool',
    isThere: () => isOnPath('promtool') || existsSync(join(toolsFolder, 'promtool')),
    fetch: fetchPromtool,
    says: 'fetching promtool, which checks metrics and alert rules (30 MB, once)',
    way: 'Debian: apt-get install prometheus. macOS: brew install prometheus.',
  },
  {
    name: 'Chromium',
    isThere: () => [process.env.CHROMIUM, ...CHROMIUMS].some((path) => path && existsSync(path)),
    fetch: () => apt('install', '-yq', '--no-install-recommends', 'chromium', 'fonts-wqy-microhei'),
    says: 'installing Chromium and a Chinese font, for the specs of the page (about 20 seconds, once)',
    way: 'Debian: apt-get install chromium fonts-wqy-microhei. Elsewhere: name a Chromium or Chrome in CHROMIUM.',
  },
];

/** The environment in which the tools are found; ends the process, with a way out, when one cannot be had. */
export function ensureTools() {
  const missing = TOOLS.filter(({ isThere }) => !isThere());
  const left = missing.filter(({ says, fetch, isThere }) => {
    if (!isOnPath('apt-get')) return true;
    console.log(`▸ ${says}`);
    return !fetch() || !isThere();
  });
  if (left.length > 0) {
    for (const { name, way } of left)
      console.error(`✗ ${name} is missing, and could not be fetched without your help. ${way}`);
    console.error('The steps that need neither: npm test -- --only lint,types,build,unit,sim,integration');
    process.exit(1);
  }
  return { PATH: `${process.env.PATH}${delimiter}${toolsFolder}` };
}
