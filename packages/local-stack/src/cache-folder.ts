import { mkdirSync, statfsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LocalStackError } from './problem.js';

/** Where downloads, builds and default data folders live: outside any checkout, shared by all of them. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['SHELFLINE_CACHE']) return resolve(env['SHELFLINE_CACHE']);
  if (env['XDG_CACHE_HOME']) return join(resolve(env['XDG_CACHE_HOME']), 'shelfline');
  return join(homedir(), '.cache', 'shelfline');
}

/** Makes the folder and refuses to go on when its disk has less room than is needed. */
export function makeRoom(folder: string, neededBytes: number, purpose: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new LocalStackError(
      `The folder ${folder} cannot be made (${cause instanceof Error ? cause.message : String(cause)}), so ${purpose} has no place.`,
      'Make it writable, or set SHELFLINE_CACHE to a folder that is.',
      { cause },
    );
  }
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  throw new LocalStackError(
    `The disk of ${folder} has ${megabytes(freeBytes)} MB free, but ${purpose} needs ${megabytes(neededBytes)} MB.`,
    'Free some space, or set SHELFLINE_CACHE (or the data folder) to a folder on another disk, and start again.',
  );
}

const megabytes = (bytes: number) => Math.floor(bytes / 1_000_000);
