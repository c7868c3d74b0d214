import { catalogKey } from '@shelfline/contracts/catalog-outcome';
import { cloudEventHeaders } from '@shelfline/contracts/cloud-event';
import { TOPICS } from '@shelfline/contracts/topics';
import type { Clock } from '@shelfline/streaming/clock';
import type { Log } from '@shelfline/streaming/log';
import type { Publisher, RecordToPublish } from '@shelfline/streaming/publisher';
import type { ConnectMetrics } from './connect-metrics.js';
import { deltaRecord } from './delta-sender.js';
import { type CsvRecord, CsvRecords } from './domain/csv-records.js';
import { type ImportedRecord, openRows, type RowReader } from './domain/import-rows.js';
import { rejectedHeader, rejectedLine } from './domain/rejected-rows.js';
import type { ImportFiles } from './import-files.js';
import type { ImportProgress, ImportRecord, ImportsRepository } from './imports.repository.js';

export interface RunnerParts {
  readonly repository: Pick<ImportsRepository, 'claim' | 'renew' | 'save' | 'finish' | 'release' | 'find'>;
  readonly files: Pick<ImportFiles, 'readUpload' | 'writeRejected' | 'removeUpload' | 'sweep'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly clock: Clock;
  readonly metrics: ConnectMetrics;
  readonly log: Log;
  readonly owner: string;
  readonly chunkRows: number;
  readonly leaseMs: number;
}
/** `left` = this worker was stopped, cancelled or overtaken; the import's own state says what it is now. */
export type RunResult = 'completed' | 'failed' | 'left';

/** Long rows end a chunk early, so that what is in memory stays small. */
const CHUNK_BYTES = 1024 * 1024;
const RETRY_DELAY_MS = 1000;

/** The file as a whole cannot be imported; the message is for its sender. */
export class UnusableFile extends Error {}
class LeaseLost extends Error {}

/**
 * Works through one uploaded file: rows → records on their topic, confirmed by all in-sync replicas → rejected rows on
 * the disk → progress in MongoDB; then the next chunk. A worker that is killed repeats at most its last chunk; ids do
 * not depend on who reads or where reading began, so repeats are dropped by those who read the topic.
 */
export async function runImport(job: ImportRecord, parts: RunnerParts, stop: AbortSignal): Promise<RunResult> {
  const { repository, clock, owner } = parts;
  const lost = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([stop, lost.signal]);
  void keepLease(job.id, parts, lost, ended.signal);
  let detail: string | undefined;
  try {
    await new ImportRun(job, parts, signal).run();
  } catch (error) {
    if (signal.aborted || error instanceof LeaseLost) return 'left';
    if (!(error instanceof UnusableFile)) throw error;
    detail = error.message;
  } finally {
    ended.abort();
  }
  const state = detail === undefined ? 'completed' : 'failed';
  return (await repository.finish(job.id, owner, state, new Date(clock.now()), detail)) ? state : 'left';
}

/** Aborts `lost` once somebody else has the import. */
async function keepLease(
  id: string,
  { repository, owner, clock, leaseMs, log }: RunnerParts,
  lost: AbortController,
  ended: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(leaseMs / 3, ended);
    if (ended.aborted) return;
    try {
      if (await repository.renew(id, owner)) continue;
      lost.abort();
      return;
    } catch (error) {
      log.warn({ err: error as Error, import: id }, 'the lease of an import could not be renewed');
    }
  }
}

class ImportRun {
  private progress: ImportProgress;
  private readonly records: ImportedRecord[] = [];
  private rejectedText = '';
  private rejectedRows = 0;
  private chunkStart: number;

  constructor(
    private readonly job: ImportRecord,
    private readonly parts: RunnerParts,
    private readonly signal: AbortSignal,
  ) {
    this.progress = job;
    this.chunkStart = job.place.byte;
  }

  async run(): Promise<void> {
    const { columns, ignored, reader, firstRow } = await this.readHeader();
    if (ignored.length > 0) this.progress = { ...this.progress, ignoredColumns: ignored.map(shortened) };
    if (this.progress.rejectedBytes === 0) this.rejectedText = rejectedHeader(columns);
    const from = this.progress.place.byte === 0 ? firstRow : this.progress.reread;
    if (this.progress.place.byte === 0) this.progress = { ...this.progress, place: firstRow };
    for await (const record of this.recordsFrom(from.byte, from.line)) {
      this.take(record, reader);
      if (this.records.length + this.rejectedRows >= this.parts.chunkRows || this.isLong(record))
        await this.finishChunk(record, reader);
    }
    await this.finishChunk(undefined, reader);
  }

  private async readHeader() {
    for await (const header of this.recordsFrom(0, 1)) {
      const opened = openRows(this.job.kind, header, this.job.options, this.job.id);
      if (!opened.ok) throw new UnusableFile(`Nothing was imported: ${opened.detail}.`);
      return { ...opened, firstRow: { byte: header.endByte, line: header.endLine + 1 } };
    }
    throw new UnusableFile('Nothing was imported: the file is empty; its first line must name the columns.');
  }

  private async *recordsFrom(byte: number, line: number): AsyncGenerator<CsvRecord> {
    let start = byte;
    let records: CsvRecords;
    if (byte === 0) {
      const bomBytes = await this.bomBytes();
      start = bomBytes;
      records = new CsvRecords(undefined, bomBytes, line);
    } else records = new CsvRecords(undefined, byte, line);
    for await (const chunk of this.open(start)) {
      yield* records.push(chunk);
      this.signal.throwIfAborted();
    }
    yield* records.end();
  }

  private async bomBytes(): Promise<number> {
    for await (const chunk of this.open(0)) return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
    return 0;
  }

  private async *open(start: number): AsyncGenerator<Uint8Array> {
    try {
      yield* this.parts.files.readUpload(this.job.id, start);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
      throw new UnusableFile(
        'The uploaded file is no longer in the import folder, so the rest of it was not imported. Send it again; ' +
          'instances of this service must share one IMPORT_FOLDER.',
      );
    }
  }

  /**
   * Rows before the saved place are only read for the reader's memory of them. A row's date is judged by when the file
   * came: by the clock of whoever reads it, a row could be sent by one worker and rejected by the next.
   */
  private take(record: CsvRecord, reader: RowReader): void {
    const reading = reader.read(record, this.job.startedAt.getTime());
    if (record.byte < this.progress.place.byte) return;
    if (reading.ok) this.records.push(reading.record);
    else {
      this.rejectedText += rejectedLine(record.line, reading.reason, record.cells);
      this.rejectedRows++;
    }
  }

  private isLong({ endByte }: CsvRecord): boolean {
    return endByte - Math.max(this.chunkStart, this.progress.place.byte) >= CHUNK_BYTES;
  }

  /** `last` is undefined at the end of the file. */
  private async finishChunk(last: CsvRecord | undefined, reader: RowReader): Promise<void> {
    const { job, parts, progress } = this;
    if (last && last.byte < progress.place.byte) return;
    const accepted = this.records.length;
    const place = last
      ? { byte: last.endByte, line: last.endLine + 1 }
      : { byte: job.bytes, line: progress.place.line };
    await this.publish(this.records.map(toRecord));
    const rejectedBytes = await this.writeRejected();
    const next: ImportProgress = {
      rows: progress.rows + accepted + this.rejectedRows,
      accepted: progress.accepted + accepted,
      rejected: progress.rejected + this.rejectedRows,
      place,
      reread: reader.rereadFrom() ?? place,
      rejectedBytes,
      ...(progress.ignoredColumns ? { ignoredColumns: progress.ignoredColumns } : {}),
    };
    if (!(await parts.repository.save(job.id, parts.owner, next))) throw new LeaseLost();
    parts.metrics.importRows.inc({ kind: job.kind, result: 'accepted' }, accepted);
    parts.metrics.importRows.inc({ kind: job.kind, result: 'rejected' }, this.rejectedRows);
    parts.metrics.importBytes.inc({ kind: job.kind }, next.place.byte - progress.place.byte);
    this.progress = next;
    this.chunkStart = place.byte;
    this.records.length = 0;
    this.rejectedRows = 0;
  }

  /** A partition that cannot be written is tried again for as long as this worker lives. */
  private async publish(records: RecordToPublish[]): Promise<void> {
    const { clock, publisher, metrics, log } = this.parts;
    const observe = metrics.publishSeconds.startTimer({ kind: 'imports' });
    let waiting = records;
    while (waiting.length > 0) {
      const results = await publisher.publish(waiting);
      const failure = results.find((result) => !result.ok);
      waiting = waiting.filter((_, i) => !results[i]?.ok);
      if (!failure || failure.ok) break;
      log.warn({ err: failure.error, import: this.job.id, records: waiting.length }, 'an import waits for Kafka');
      await clock.sleep(RETRY_DELAY_MS, this.signal);
      this.signal.throwIfAborted();
    }
    observe();
  }

  private async writeRejected(): Promise<number> {
    const start = this.progress.rejectedBytes;
    if (this.rejectedText === '') return start;
    const bytes = Buffer.from(this.rejectedText);
    await this.parts.files.writeRejected(this.job.id, start, bytes);
    this.rejectedText = '';
    return start + bytes.length;
  }
}

const SHOWN_CHARACTERS = 60;
const shortened = (column: string): string => column.slice(0, SHOWN_CHARACTERS);

function toRecord(record: ImportedRecord): RecordToPublish {
  if (record.to === 'deltas') return deltaRecord(record.fact);
  const { change } = record;
  const key = catalogKey(change.kind, change.code);
  return {
    topic: TOPICS.catalogChanges,
    key,
    partitionBy: key,
    value: change,
    headers: cloudEventHeaders({ id: change.id, source: change.source, type: 'catalog.change', subject: key }),
  };
}
