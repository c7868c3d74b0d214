import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ImportFiles } from '../import-files.js';

export interface FilesUnderTest {
  readonly files: Pick<ImportFiles, 'receive' | 'readUpload' | 'writeRejected' | 'removeUpload' | 'sweep'>;
  /** The first so many bytes of the rejected rows. */
  readonly readRejected: (id: string, length: number) => Promise<string>;
}
const HOUR_MS = 3_600_000;
const nobody = async () => false;

/** What the intake and the workers need of every folder of imports. Each call of `setUp` gives an empty one. */
export function describeImportFiles(name: string, setUp: () => Promise<FilesUnderTest>): void {
  describe(`files of imports: ${name}`, () => {
    let under: FilesUnderTest;
    beforeEach(async () => {
      under = await setUp();
    });
    const receive = (id: string, ...chunks: string[]) =>
      under.files.receive(id, {
        body: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
        gzip: false,
        contentLength: undefined,
      });
    const read = async (id: string, startByte: number) => {
      let text = '';
      // At once: the next chunk comes in the same memory.
      for await (const chunk of under.files.readUpload(id, startByte)) text += Buffer.from(chunk).toString();
      return text;
    };
    const write = (startByte: number, text: string) => under.files.writeRejected('a', startByte, Buffer.from(text));

    it('keeps an upload whole and reads it from any place', async () => {
      const line = 'x'.repeat(999);
      expect(await receive('a', `${line}1`, `${line}2`)).toBe(2000);
      expect(await read('a', 0)).toBe(`${line}1${line}2`);
      expect(await read('a', 999)).toBe(`1${line}2`);
      expect(await read('a', 2000)).toBe('');
    });

    it('says that an upload is not there, also after its removal', async () => {
      await expect(read('a', 0)).rejects.toMatchObject({ code: 'ENOENT' });
      await receive('a', 'x');
      await under.files.removeUpload('a');
      await under.files.removeUpload('a');
      await expect(read('a', 0)).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('cuts off no rejected rows when a worker begins again where it was', async () => {
      await write(0, 'line,reason\r\n');
      await write(13, '2,bad\r\n');
      await write(0, 'line,reason\r\n');
      expect(await under.readRejected('a', 20)).toBe('line,reason\r\n2,bad\r\n');
    });

    it('sweeps away neither what is new nor what is wanted', async () => {
      await receive('a', 'x');
      await write(0, 'line\r\n');
      expect(await under.files.sweep(HOUR_MS, nobody)).toBe(0);
      expect(await read('a', 0)).toBe('x');
      expect(await under.files.sweep(-HOUR_MS, nobody)).toBe(1);
      expect(await read('a', 0)).toBe('x');
    });
  });
}
