import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';
import type { OnProgress } from './progress.js';

export interface BuildOnce {
  /** Where the result stands when it is whole; never seen half-made, since it is renamed there at the end. */
  target: string;
  label: string;
  /** Cheap check of what stands at the target; false means that it is made again. */
  isValid(target: string): boolean;
  /** Fills the empty folder it is given. */
  build(folder: string): Promise<void>;
  onProgress: OnProgress;
  signal?: AbortSignal;
}

const LOCK_POLL_MS = 500;
// Breaking a stale lock takes microseconds; a breaker that holds on for this long has died in between.
const BREAKER_LIMIT_MS = 10_000;

/** Makes the target unless it is there already. One process builds, others that want the same wait for it. */
export async function buildOnce(step: BuildOnce): Promise<void> {
  if (step.isValid(step.target)) return;
  mkdirSync(dirname(step.target), { recursive: true });
  const release = await takeLock(`${step.target}.lock`, step);
  const folder = `${step.target}.new`;
  try {
    if (step.isValid(step.target)) return;
    const startedAt = Date.now();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await step.build(folder);
    rmSync(step.target, { recursive: true, force: true });
    renameSync(folder, step.target);
    step.onProgress({ kind: 'prepared', label: step.label, elapsedMs: Date.now() - startedAt });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    release();
  }
}

async function takeLock(lock: string, step: BuildOnce): Promise<() => void> {
  let told = false;
  for (;;) {
    step.signal?.throwIfAborted();
    if (tryLock(lock)) return () => rmSync(lock, { force: true });
    const holder = findHolder(lock);
    if (holder && isAlive(holder)) {
      if (!told) step.onProgress({ kind: 'waiting-for-lock', label: step.label, pid: holder.pid });
      told = true;
      await new Promise((wake) => setTimeout(wake, LOCK_POLL_MS));
    } else {
      breakStaleLock(lock);
      await new Promise((wake) => setImmediate(wake));
    }
  }
}

/** Takes the lock by linking a finished file to its name: it never exists without its holder written in it. */
export function tryLock(lock: string): boolean {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identityOf(process.pid)));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function findHolder(lock: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Removes the lock of a dead process. Under a lock of its own: else a second breaker removes the first one's new lock. */
function breakStaleLock(lock: string): void {
  const breaker = `${lock}.breaking`;
  if (!tryLock(breaker)) {
    const age = existsSync(breaker) ? Date.now() - statSync(breaker).mtimeMs : 0;
    if (age > BREAKER_LIMIT_MS) rmSync(breaker, { force: true });
    return;
  }
  try {
    const holder = findHolder(lock);
    if (!holder || !isAlive(holder)) rmSync(lock, { force: true });
  } finally {
    rmSync(breaker, { force: true });
  }
}

interface ManifestEntry {
  name: string;
  bytes: number;
}

/** True when every file that the manifest lists is there in its full size. */
export function matchesManifest(folder: string, manifest: string): boolean {
  try {
    const entries = JSON.parse(readFileSync(join(folder, manifest), 'utf8')) as ManifestEntry[];
    return entries.length > 0 && entries.every(({ name, bytes }) => statSync(join(folder, name)).size === bytes);
  } catch {
    return false;
  }
}
