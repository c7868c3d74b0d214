import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { readTillLines, TillFileError } from './till-lines.js';

const GZIP_MAGIC = [0x1f, 0x8b];

/** Reads as far as the first line, so that a wrong file is refused before anything is started for it. */
export async function checkTillFile(file: string): Promise<void> {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === 0) throw new TillFileError(file, 'is empty.', 'Give a file with a header and at least one till line.');
  if (size !== undefined && !file.endsWith('.gz') && beginsAsGzip(file))
    throw new TillFileError(file, 'is gzip, though its name does not end in .gz.', 'Rename it to .csv.gz.');
  for await (const _ of readTillLines(file)) {
    if (file.endsWith('.gz')) await checkGzip(file);
    return;
  }
  throw new TillFileError(file, 'holds a header and no till lines.', 'Give a file with at least one till line.');
}

/** To its end: one that is cut off must be known before `--fresh` deletes anything for it. */
async function checkGzip(file: string): Promise<void> {
  try {
    await pipeline(
      createReadStream(file),
      createGunzip(),
      new Writable({ write: (_chunk, _encoding, done) => done() }),
    );
  } catch {
    throw new TillFileError(file, 'is cut off or damaged: its gzip data has no end.', 'Copy or download it again.');
  }
}

function beginsAsGzip(file: string): boolean {
  if (!statSync(file).isFile()) return false;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return false; // the reader says why
  }
  const start = Buffer.alloc(GZIP_MAGIC.length);
  readSync(descriptor, start, 0, start.length, 0);
  closeSync(descriptor);
  return GZIP_MAGIC.every((byte, i) => start[i] === byte);
}
