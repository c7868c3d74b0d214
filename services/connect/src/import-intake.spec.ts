import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@shelfline/streaming/clock';
import { ImportIntake } from './import-intake.js';
import { MemoryImportFiles } from './testing/memory-import-files.js';
import { MemoryImportsRepository } from './testing/memory-imports-repository.js';

const lost = new Error('connection reset');

describe('ImportIntake', () => {
  const files = new MemoryImportFiles(() => 0);
  const stored = new MemoryImportsRepository(() => 0);
  let serial = 0;
  const takeWith = (repository: Pick<MemoryImportsRepository, 'create' | 'find'>) =>
    new ImportIntake({ repository, files, clock: systemClock, newSuffix: () => `suffix-${++serial}` }).take(
      'receipts',
      {},
      { body: Readable.from([Buffer.from('id,sku\n')]), gzip: false, contentLength: undefined },
    );

  it('answers with the id when the import was recorded and only the reply was lost', async () => {
    const create: MemoryImportsRepository['create'] = async (record) => {
      await stored.create(record);
      throw lost;
    };
    const id = await takeWith({ create, find: (of) => stored.find(of) });
    expect(files.uploads.has(id)).toBe(true);
  });

  it('removes the file of an import that was not recorded, and says that nothing was imported', async () => {
    const before = files.uploads.size;
    const taking = takeWith({ create: () => Promise.reject(lost), find: (of) => stored.find(of) });
    await expect(taking).rejects.toMatchObject({
      status: 503,
      detail: expect.stringContaining('Nothing was imported'),
    });
    expect(files.uploads.size).toBe(before);
  });

  it('keeps the file while nobody can say whether the import was recorded', async () => {
    const before = files.uploads.size;
    const taking = takeWith({ create: () => Promise.reject(lost), find: () => Promise.reject(lost) });
    await expect(taking).rejects.toMatchObject({ status: 503, detail: expect.stringContaining('may have been') });
    expect(files.uploads.size).toBe(before + 1);
  });
});
