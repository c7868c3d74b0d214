import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './options.js';

const MARKER = '.shelfline-data';

/** Only a folder that carries our marker, or holds nothing, is ever used or emptied. */
export function openDataFolder(folder: string, fresh: boolean): string {
  const path = resolve(folder);
  const contents = existsSync(path) ? contentsOf(path) : [];
  if (contents.length > 0 && !contents.includes(MARKER))
    throw new UsageError(
      `--data ${path}: this folder holds something that Shelfline did not put there (${contents.slice(0, 3).join(', ')}…). Choose an empty or a new folder.`,
    );
  try {
    if (fresh) rmSync(path, { recursive: true, force: true });
    makeFolder(path);
    writeFileSync(join(path, MARKER), 'Shelfline keeps its data here; "npm start -- --fresh" empties it.\n');
  } catch (error) {
    throw unusable(path, error);
  }
  return path;
}

/** Node's `recursive` never ends where a folder is there and yet takes none, as /proc: it asks for both in turn. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function contentsOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === 'ENOTDIR' || code === 'EEXIST'
      ? 'is a file, or lies under one'
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'may not be written by this user'
        : code === 'ENOSPC'
          ? 'lies on a disk that is full'
          : `cannot be used (${message})`;
  return new UsageError(
    `--data ${path} ${why}, so Kafka and MongoDB have no place for their data.\nChoose another folder: npm start -- --data DIR`,
  );
}

const serversFile = (dataFolder: string): string => join(dataFolder, 'servers.env');

/** For command lines beside the running whole: `node --env-file=FILE …`, or sourced by a shell. */
export function writeServers(
  dataFolder: string,
  servers: { kafkaBrokers: readonly string[]; mongodbUri: string },
): string {
  const file = serversFile(dataFolder);
  const lines = { KAFKA_BROKERS: servers.kafkaBrokers.join(','), MONGODB_URI: servers.mongodbUri };
  const text = Object.entries(lines).map(([name, value]) => `${name}='${value}'\n`);
  // An address may hold a password; one that is left of an earlier start would keep its mode.
  rmSync(file, { force: true });
  writeFileSync(file, text.join(''), { mode: 0o600 });
  return file;
}

/** Ports are others at the next start. */
export const removeServers = (dataFolder: string): void => rmSync(serversFile(dataFolder), { force: true });
