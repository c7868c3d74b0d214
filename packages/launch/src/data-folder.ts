import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from './options.js';

const MARKER = '.shelfline-data';

/** Only a folder that carries our marker, or holds nothing, is ever used or emptied. */
export function openDataFolder(folder: string, fresh: boolean): string {
  const path = resolve(folder);
  const contents = existsSync(path) ? readdirSync(path) : [];
  if (contents.length > 0 && !contents.includes(MARKER))
    throw new UsageError(
      `--data ${path}: this folder holds something that Shelfline did not put there (${contents.slice(0, 3).join(', ')}…). Choose an empty or a new folder.`,
    );
  if (fresh) rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, MARKER), 'Shelfline keeps its data here; "npm start -- --fresh" empties it.\n');
  return path;
}
