import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZE_MB = 768;
const PIECE = Buffer.alloc(256 * 1024);
/** Where local-stack keeps a database, by kind of server. */
const DATABASE_FOLDERS = ['secantus', 'mongod'];

/** A file system in memory, for a database alone: everything else of the servers lies beside it on the real disk. */
export class SmallDisk {
  readonly dataFolder: string;
  private readonly folder: string;

  private constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
    this.folder = join(dataFolder, 'database');
  }

  /** Answers what `mount` said when it is not permitted. */
  static mount(): SmallDisk | string {
    const disk = new SmallDisk(mkdtempSync(join(tmpdir(), 'shelfline-small-disk-')));
    mkdirSync(disk.folder);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', disk.folder], {
      encoding: 'utf8',
    });
    if (mounted.status !== 0) {
      rmSync(disk.dataFolder, { recursive: true });
      return mounted.error?.message ?? mounted.stderr.trim();
    }
    for (const name of DATABASE_FOLDERS) symlinkSync(disk.folder, join(disk.dataFolder, name));
    return disk;
  }

  /** 0 to 1, the filler included. */
  usedShare(): number {
    const { bavail, blocks } = statfsSync(this.folder);
    return 1 - bavail / blocks;
  }

  /** Takes all the room there is. */
  async fill(): Promise<void> {
    const file = await open(this.filler, 'w');
    try {
      for (;;) await file.write(PIECE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await file.close();
    }
  }

  makeRoom(): void {
    rmSync(this.filler, { force: true });
  }

  unmount(): void {
    const done = spawnSync('umount', [this.folder], { encoding: 'utf8' });
    if (done.status === 0) rmSync(this.dataFolder, { recursive: true, force: true });
    else process.stderr.write(`${this.folder} is still mounted: ${done.stderr.trim()}\n`);
  }

  private get filler(): string {
    return join(this.folder, 'filler');
  }
}
