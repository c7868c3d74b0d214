import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import type { Clock } from '@shelfline/streaming/clock';
import type { ImportKind, ImportOptions } from './domain/import-kinds.js';
import type { ImportFiles, Upload } from './import-files.js';
import type { ImportsRepository } from './imports.repository.js';

export interface ImportIntakeParts {
  readonly repository: Pick<ImportsRepository, 'create' | 'find'>;
  readonly files: Pick<ImportFiles, 'receive' | 'removeUpload'>;
  readonly clock: Clock;
  /** Text of ten characters that no other import has. */
  readonly newSuffix: () => string;
}

/** Takes a file in: on the disk first, then recorded. Whoever gets the id can rely on the import being worked through. */
export class ImportIntake {
  constructor(private readonly parts: ImportIntakeParts) {}

  async take(kind: ImportKind, options: ImportOptions, upload: Upload): Promise<string> {
    const { files, clock, newSuffix } = this.parts;
    const startedAt = new Date(clock.now());
    const id = `imp-${startedAt.getTime().toString(36)}-${newSuffix()}`;
    const bytes = await files.receive(id, upload);
    await this.record({ id, kind, options, bytes, startedAt });
    return id;
  }

  /** Without its record nobody would ever work on the file; with it, somebody may be at work on it already. */
  private async record(record: Parameters<ImportsRepository['create']>[0]): Promise<void> {
    const { repository, files } = this.parts;
    try {
      await repository.create(record);
    } catch {
      const found = await repository.find(record.id).catch(() => 'unknown' as const);
      if (found === 'unknown')
        throw notRecorded('The import may have been recorded all the same and be worked through.');
      if (found) return;
      await files.removeUpload(record.id);
      throw notRecorded('Nothing was imported.');
    }
  }
}

const notRecorded = (meaning: string): ProblemError =>
  problem(
    503,
    'unavailable',
    'The import could not be recorded',
    `The database did not answer. ${meaning} Send the file again in a few seconds.`,
  );
