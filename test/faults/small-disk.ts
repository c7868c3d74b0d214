import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Prepared } from './scenario.ts';

const PIECE = Buffer.alloc(256 * 1024);

/** A file system in memory for some folders of the servers: everything else lies beside it on the real disk. */
export class SmallDisk {
  readonly dataFolder: string;
  private readonly folder: string;

  private constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
    this.folder = join(dataFolder, 'small-disk');
  }

  /** `folders`, below the data folder, are put on it. Answers what `mount` said when it is not permitted. */
  static mount(sizeMb: number, folders: readonly string[]): SmallDisk | string {
    const disk = new SmallDisk(mkdtempSync(join(tmpdir(), 'shelfline-small-disk-')));
    mkdirSync(disk.folder);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', disk.folder], {
      encoding: 'utf8',
    });
    if (mounted.status !== 0) {
      rmSync(disk.dataFolder, { recursive: true });
      return mounted.error?.message ?? mounted.stderr.trim();
    }
    for (const folder of folders) {
      mkdirSync(dirname(join(disk.dataFolder, folder)), { recursive: true });
      symlinkSync(disk.folder, join(disk.dataFolder, folder));
    }
    return disk;
  }

  /** For servers of the run's own that lie on it, whatever the environment names. */
  get prepared(): Prepared {
    const { KAFKA_BROKERS: _brokers, MONGODB_URI: _uri, ...env } = process.env;
    return {
      stack: { dataFolder: this.dataFolder, keepData: true, env: { ...env, SHELFLINE_SERVERS: 'native' } },
      dispose: () => this.unmount(),
    };
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
