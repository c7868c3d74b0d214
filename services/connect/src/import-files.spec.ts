import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';
import { ImportFiles } from './import-files.js';
import { describeImportFiles } from './testing/import-files.contract.js';
import { MemoryImportFiles } from './testing/memory-import-files.js';

let folder: string;
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeImportFiles('on the disk', async () => {
  folder = mkdtempSync(join(tmpdir(), 'import-files-'));
  const files = new ImportFiles(folder, 1_000_000);
  await files.prepare();
  return { files, readRejected: (id, length) => text(files.readRejected(id, length)) };
});

describeImportFiles('in memory', async () => {
  let nowMs = 1_700_000_000_000;
  const files = new MemoryImportFiles(() => nowMs++);
  return { files, readRejected: async (id, length) => files.rejected.get(id)!.bytes.subarray(0, length).toString() };
});
