import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalStackError } from './problem.js';
import { identityOf, isAlive, type ProcessIdentity, stopProcess } from './process-identity.js';
import type { OnProgress } from './progress.js';

/** What the cache's `running/` folder says about one server process. */
export interface RunningServer {
  name: string;
  purpose: string;
  dataFolder: string;
  server: ProcessIdentity;
  owner: ProcessIdentity;
}

const LEFTOVER_GRACE_MS = 10_000;

/** Notes a server that was just started, so that a later run finds it should this one be killed. Returns an eraser. */
export function recordServer(folder: string, record: Omit<RunningServer, 'server' | 'owner'>, pid: number): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${record.purpose}-${record.name}-${pid}.json`);
  const entry: RunningServer = { ...record, server: identityOf(pid), owner: identityOf(process.pid) };
  // Written aside and renamed: a reader never sees half a record.
  writeFileSync(`${file}.new`, JSON.stringify(entry));
  renameSync(`${file}.new`, file);
  return () => rmSync(file, { force: true });
}

/**
 * Stops servers whose starter died without stopping them, whatever they were for, and refuses when the
 * wanted data folder is in use by a starter that lives.
 */
export async function removeLeftovers(folder: string, dataFolder: string, onProgress: OnProgress): Promise<void> {
  for (const { file, record } of readRecords(folder)) {
    if (!isAlive(record.server)) {
      rmSync(file, { force: true });
    } else if (!isAlive(record.owner)) {
      onProgress({ kind: 'removing-leftover', name: record.name, pid: record.server.pid });
      await stopProcess(record.server, LEFTOVER_GRACE_MS);
      rmSync(file, { force: true });
    } else if (record.dataFolder === dataFolder) {
      throw new LocalStackError(
        `The servers for '${record.purpose}' are already running on ${dataFolder} (started by process ${record.owner.pid}).`,
        `Stop that process first (Ctrl-C there, or kill ${record.owner.pid}), or choose another data folder.`,
      );
    }
  }
}

function readRecords(folder: string): { file: string; record: RunningServer }[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const file = join(folder, name);
    try {
      return [{ file, record: JSON.parse(readFileSync(file, 'utf8')) as RunningServer }];
    } catch {
      return []; // another run removed it between the listing and the reading
    }
  });
}
