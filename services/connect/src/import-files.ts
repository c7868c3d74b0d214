import { constants, createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { problem } from '@shelfline/service-kit/problem';
import { bodyApart } from '@shelfline/service-kit/unread-body';

/** Real tills' files unpack to 5 to 20 times their size; a bomb goes to a thousand. */
const MAX_RATIO = 200;
const RATIO_COUNTS_FROM_BYTES = 50_000_000;
const READ_BYTES = 256 * 1024;
/** A partial upload untouched this long has no sender any more. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
const CLOCK_FILE = '.clock';

/** What gzip begins with; no UTF-8 text does. */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

export interface Upload {
  readonly body: Readable;
  /** It is said to be gzip. What is gzip without being said to is unpacked all the same. */
  readonly gzip: boolean;
  /** As announced; undefined for a chunked upload. */
  readonly contentLength: number | undefined;
}

/** Uploads and rejected rows, one file each in a folder. A file named `.csv` is complete and on the disk. */
export class ImportFiles {
  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Streams the upload to the disk, whatever its size in constant memory; answers its bytes, unpacked. */
  async receive(id: string, { body, gzip: saidGzip, contentLength }: Upload): Promise<number> {
    if (contentLength !== undefined && contentLength > this.maxBytes) throw this.tooLarge();
    const partial = join(this.folder, `${id}.part`);
    const { again, looksPacked } = await lookAtFirstBytes(bodyApart(body)).catch((error: unknown) => {
      throw explain(error);
    });
    const gzip = saidGzip || looksPacked;
    const packed = meter(() => {});
    const unpacked = meter((bytes) => {
      if (bytes > this.maxBytes) throw this.tooLarge();
      if (gzip && bytes > RATIO_COUNTS_FROM_BYTES && bytes > packed.bytes() * MAX_RATIO) throw bomb();
    });
    const file = createWriteStream(partial, { flags: 'wx', flush: true, mode: 0o600 });
    try {
      if (gzip) await pipeline(again, packed.stream, createGunzip(), unpacked.stream, file);
      else await pipeline(again, unpacked.stream, file);
      await rename(partial, this.uploadPath(id));
      await syncFolder(this.folder);
      return unpacked.bytes();
    } catch (error) {
      await rm(partial, { force: true });
      throw explain(error);
    }
  }

  /** The file's bytes from a place on. The next chunk comes in the same memory: a gigabyte leaves no garbage behind. */
  async *readUpload(id: string, startByte: number): AsyncGenerator<Uint8Array> {
    const file = await open(this.uploadPath(id), 'r');
    try {
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      for (let position = startByte; ; ) {
        const { bytesRead } = await file.read(buffer, 0, READ_BYTES, position);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
        position += bytesRead;
      }
    } finally {
      await file.close();
    }
  }

  /**
   * Durable once it resolves. Nothing is ever cut off: a worker that was overtaken without knowing may still write here,
   * and what it writes stands there already, byte for byte. Readers go by the saved length.
   */
  async writeRejected(id: string, startByte: number, bytes: Uint8Array): Promise<void> {
    const file = await open(this.rejectedPath(id), constants.O_WRONLY | constants.O_CREAT, 0o600);
    try {
      // A disk that is almost full takes a part and says nothing.
      for (let done = 0; done < bytes.length; )
        done += (await file.write(bytes, done, bytes.length - done, startByte + done)).bytesWritten;
      await file.datasync();
    } finally {
      await file.close();
    }
    if (startByte === 0) await syncFolder(this.folder);
  }

  readRejected(id: string, length: number): Readable {
    return createReadStream(this.rejectedPath(id), { start: 0, end: length - 1 });
  }

  async hasRejected(id: string): Promise<boolean> {
    return (await stat(this.rejectedPath(id)).catch(() => undefined)) !== undefined;
  }

  async removeUpload(id: string): Promise<void> {
    await rm(this.uploadPath(id), { force: true });
  }

  /**
   * Rejected rows may hold personal data, so they are not kept for ever; nor are uploads nobody finished. Ages are by
   * the disk's clock: by one that is a day ahead, an upload that has just come would be an old one.
   */
  async sweep(retentionMs: number, isWanted: (id: string) => Promise<boolean>): Promise<number> {
    const nowMs = await this.diskNowMs();
    let removed = 0;
    for (const name of await readdir(this.folder)) {
      if (name === CLOCK_FILE) continue;
      const path = join(this.folder, name);
      const ageMs = nowMs - ((await stat(path).catch(() => undefined))?.mtimeMs ?? nowMs);
      const old = ageMs > (name.endsWith('.rejected.csv') ? retentionMs : ABANDONED_AFTER_MS);
      if (!old || (isUpload(name) && (await isWanted(name.slice(0, -'.csv'.length))))) continue;
      await rm(path, { force: true });
      removed++;
    }
    return removed;
  }

  private async diskNowMs(): Promise<number> {
    const path = join(this.folder, CLOCK_FILE);
    await writeFile(path, 'Its time is what the disk takes for now.\n', { mode: 0o600 });
    return (await stat(path)).mtimeMs;
  }

  private uploadPath(id: string): string {
    return join(this.folder, `${id}.csv`);
  }
  private rejectedPath(id: string): string {
    return join(this.folder, `${id}.rejected.csv`);
  }

  private tooLarge(): Error {
    return problem(
      413,
      'too-large',
      'The file is too large',
      `At most ${this.maxBytes} bytes are taken, unpacked. Nothing was imported; divide the file and send its parts.`,
    );
  }
}

const isUpload = (name: string): boolean => name.endsWith('.csv') && !name.endsWith('.rejected.csv');

async function lookAtFirstBytes(body: Readable): Promise<{ again: AsyncGenerator<Buffer>; looksPacked: boolean }> {
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  while (first.length < GZIP_MAGIC.length) {
    const { done, value } = await chunks.next();
    if (done) break;
    first = Buffer.concat([first, value]);
  }
  async function* again(): AsyncGenerator<Buffer> {
    if (first.length > 0) yield first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return { again: again(), looksPacked: GZIP_MAGIC.every((byte, i) => first[i] === byte) };
}

function meter(check: (bytes: number) => void): { stream: Transform; bytes: () => number } {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      try {
        check(bytes);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  return { stream, bytes: () => bytes };
}

/** A rename is durable only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const bomb = (): Error =>
  problem(
    413,
    'packed-too-tight',
    'The file unpacks to far more than it seems',
    `It unpacks to more than ${MAX_RATIO} times its size, as no real file does. Nothing was imported; send it unpacked.`,
  );

function explain(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE'))
    return problem(
      400,
      'bad-gzip',
      'The file cannot be unpacked',
      'It is said to be gzip but is damaged, cut short, or no gzip. Nothing was imported; send it again.',
    );
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return problem(
      507,
      'disk-full',
      'There is no room for the file',
      'The disk for uploads is full. Nothing was imported; tell the people who run this service, then send it again.',
    );
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'ABORT_ERR')
    return problem(400, 'cut-short', 'The upload was cut short', 'It did not arrive whole. Nothing was imported.');
  return error;
}
