import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from './build-once.js';
import { makeRoom } from './cache-folder.js';
import { findKnownCause, LocalStackError, lastLines } from './problem.js';
import type { OnProgress } from './progress.js';
import { findVersion, runTool } from './run-tool.js';

const SECANTUS_VERSION = '0.5.3-beta.196';

const CRATE_COUNT = 210;
const NEEDED_BYTES = 1_500_000_000;
const BEAT_MS = 5_000;
const LABEL = 'building SecantusDB (about 7 minutes, once)';

const program = (folder: string) => join(folder, 'bin', 'secantusd-rs');

const isWhole = (folder: string) => findVersion(program(folder))?.includes(SECANTUS_VERSION) === true;

const folderIn = (cache: string) => join(cache, `secantus-${SECANTUS_VERSION}`);

/** What must be installed to build it, unless that was done: the check throws. */
export const secantusToolChecks = (cache: string): (() => void)[] => (isWhole(folderIn(cache)) ? [] : [requireTools]);

/** The path of SecantusDB's server, built the first time. It is only ever run as a process, never linked or shipped. */
export async function prepareSecantus(cache: string, onProgress: OnProgress, signal?: AbortSignal): Promise<string> {
  const folder = folderIn(cache);
  await buildOnce({
    target: folder,
    label: LABEL,
    isValid: isWhole,
    build: (into) => build(into, `${folder}.target`, onProgress, signal),
    onProgress,
    signal,
  });
  return program(folder);
}

/** What a line of cargo says: a crate that was fetched or one whose compilation has begun. */
export function readCargoLine(line: string): 'downloaded' | 'compiling' | undefined {
  if (/^\s*Compiling \S+ v/.test(line)) return 'compiling';
  if (/^\s*Downloaded \S+ v/.test(line)) return 'downloaded';
  return undefined;
}

async function build(into: string, targetFolder: string, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
  requireTools();
  makeRoom(into, NEEDED_BYTES, 'building SecantusDB');
  const startedAt = Date.now();
  const count = { downloaded: 0, compiling: 0 };
  const report = () => {
    const [done, unit] = count.compiling > 0 ? [count.compiling, 'crates'] : [count.downloaded, 'crates fetched'];
    const total = Math.max(CRATE_COUNT, done);
    onProgress({ kind: 'preparing', label: LABEL, done, total, unit, elapsedMs: Date.now() - startedAt });
  };
  report();
  // Some crates take minutes without a word: show that time goes on.
  const beat = setInterval(report, BEAT_MS);
  try {
    const { code, output } = await runTool({
      program: 'cargo',
      // The target folder outlives an interrupted build, which then goes on where it was.
      args: `install secantus-mdb --version ${SECANTUS_VERSION} --locked --ignore-rust-version --no-track`
        .split(' ')
        .concat('--root', into, '--target-dir', targetFolder),
      signal,
      onLine(line) {
        const read = readCargoLine(line);
        if (read) count[read]++;
      },
    });
    if (code !== 0) throw buildFailure(output);
  } finally {
    clearInterval(beat);
  }
  if (!isWhole(into)) {
    throw new LocalStackError(
      'SecantusDB was built but does not run here.',
      'Install MongoDB (mongod on PATH), start Docker, or set MONGODB_URI.',
    );
  }
  rmSync(targetFolder, { recursive: true, force: true });
}

function requireTools(): void {
  const missing = ['cargo', 'cmake', 'c++'].filter((tool) => !findVersion(tool));
  if (missing.length === 0) return;
  throw new LocalStackError(
    `No MongoDB was found (no MONGODB_URI, no Docker engine, no mongod), and SecantusDB cannot be built in its place: ${missing.join(', ')} missing.`,
    'Install them (Debian/Ubuntu: apt-get install cmake g++, and Rust by rustup.rs), or install MongoDB, start Docker, or set MONGODB_URI.',
  );
}

function buildFailure(output: string): LocalStackError {
  const todo = {
    'disk-full': 'The disk is full: free 1.5 GB and start again; the build goes on where it was.',
    'no-network': 'Check the network or the proxy and start again; the build goes on where it was.',
    'port-taken': 'Start again.',
    unknown: 'Start again; to leave the build out, install MongoDB (mongod on PATH), start Docker, or set MONGODB_URI.',
  }[findKnownCause(output) ?? 'unknown'];
  return new LocalStackError(`cargo could not build SecantusDB:\n${lastLines(output, 12)}`, todo);
}
