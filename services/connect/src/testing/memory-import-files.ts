import type { Upload } from '../import-files.js';

interface StoredFile {
  bytes: Buffer;
  modifiedMs: number;
}
const READ_BYTES = 160;
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** The folder of uploads and rejected rows, as all instances share it. Passes import-files.contract.ts. */
export class MemoryImportFiles {
  readonly uploads = new Map<string, StoredFile>();
  readonly rejected = new Map<string, StoredFile>();

  /** `nowMs`: the disk's clock. */
  constructor(private readonly nowMs: () => number) {}

  async receive(id: string, { body }: Pick<Upload, 'body'>): Promise<number> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    this.uploads.set(id, { bytes, modifiedMs: this.nowMs() });
    return bytes.length;
  }

  /** The next chunk comes in the same memory, as from the disk. */
  async *readUpload(id: string, startByte: number): AsyncGenerator<Uint8Array> {
    const file = this.uploads.get(id);
    if (!file) throw Object.assign(new Error(`ENOENT: ${id}`), { code: 'ENOENT' });
    const buffer = Buffer.alloc(READ_BYTES);
    for (let position = startByte; position < file.bytes.length; ) {
      const length = file.bytes.copy(buffer, 0, position, position + READ_BYTES);
      yield buffer.subarray(0, length);
      position += length;
    }
  }

  async writeRejected(id: string, startByte: number, bytes: Uint8Array): Promise<void> {
    const before = this.rejected.get(id)?.bytes ?? Buffer.alloc(0);
    const after = Buffer.alloc(Math.max(before.length, startByte + bytes.length));
    before.copy(after);
    after.set(bytes, startByte);
    this.rejected.set(id, { bytes: after, modifiedMs: this.nowMs() });
  }

  async removeUpload(id: string): Promise<void> {
    this.uploads.delete(id);
  }

  async sweep(retentionMs: number, isWanted: (id: string) => Promise<boolean>): Promise<number> {
    let removed = 0;
    for (const [id, { modifiedMs }] of this.uploads) {
      if (this.nowMs() - modifiedMs <= ABANDONED_AFTER_MS || (await isWanted(id))) continue;
      removed += Number(this.uploads.delete(id));
    }
    for (const [id, { modifiedMs }] of this.rejected)
      if (this.nowMs() - modifiedMs > retentionMs) removed += Number(this.rejected.delete(id));
    return removed;
  }
}
