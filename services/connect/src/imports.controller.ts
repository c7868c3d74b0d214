import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { LocationCode, SourceName } from '@shelfline/contracts/identifiers';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { csvExpected } from '@shelfline/service-kit/csv-uploads';
import { problem } from '@shelfline/service-kit/problem';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ConnectMetrics } from './connect-metrics.js';
import { IMPORT_KINDS } from './domain/import-kinds.js';
import { rejectedHeader } from './domain/rejected-rows.js';
import { ImportFiles } from './import-files.js';
import { ImportIntake } from './import-intake.js';
import { ImportWorker } from './import-worker.js';
import { type ImportRecord, ImportsRepository } from './imports.repository.js';
import { CONNECT_METRICS } from './tokens.js';

const isTimeZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};
const ImportQuery = z.object({
  kind: z.enum(IMPORT_KINDS),
  source: SourceName.optional(),
  locationPrefix: z.union([LocationCode, z.literal('')]).optional(),
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, { error: 'must be a time zone of the IANA list, as Asia/Shanghai' })
    .optional(),
});
const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(64).optional(),
});
const UploadHeaders = z.object({
  'content-encoding': z.string().optional(),
  'content-length': z.coerce.number().optional(),
  'content-type': z.string().default(''),
});

export interface ImportView {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly bytes: number;
  readonly bytesDone: number;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly detail?: string;
  /** Columns that nothing was read from, as a misspelt one. */
  readonly ignoredColumns?: readonly string[];
}

/** CSV files in: stored first, then worked through in the background, so that a file of any size is one request. */
@ApiTags('imports')
@Controller('api/connect/imports')
@Roles('integrator', 'ops')
export class ImportsController {
  constructor(
    @Inject(ImportIntake) private readonly intake: ImportIntake,
    @Inject(ImportsRepository) private readonly imports: ImportsRepository,
    @Inject(ImportFiles) private readonly files: ImportFiles,
    @Inject(ImportWorker) private readonly worker: ImportWorker,
    @Inject(CONNECT_METRICS) private readonly metrics: ConnectMetrics,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Import a CSV file, plain or packed by gzip; answers once the file is stored' })
  @ApiConsumes('text/csv')
  @ApiQuery({ name: 'kind', enum: IMPORT_KINDS })
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async upload(
    @Query({ schema: ImportQuery }) { kind, ...options }: z.output<typeof ImportQuery>,
    @Body() body: Readable | undefined,
    @Headers() given: IncomingMessage['headers'],
  ): Promise<{ id: string }> {
    let id: string;
    try {
      if (!body || typeof body.pipe !== 'function') throw csvExpected();
      id = await this.intake.take(kind, options, { body, ...encodingOf(given) });
    } catch (error) {
      this.metrics.uploads.inc({ result: 'refused' });
      throw error;
    }
    this.metrics.uploads.inc({ result: 'stored' });
    this.worker.wake();
    return { id };
  }

  @Get()
  @ApiOperation({ summary: 'Imports, newest first' })
  async list(
    @Query({ schema: ListQuery }) { limit, cursor }: z.output<typeof ListQuery>,
  ): Promise<{ items: ImportView[]; next: string | null }> {
    const records = await this.imports.list(limit + 1, cursor);
    const items = records.slice(0, limit);
    return { items: items.map(viewOf), next: records.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far an import is' })
  async read(@Param('id') id: string): Promise<ImportView> {
    return viewOf(await this.getImport(id));
  }

  @Get(':id/rejected')
  @ApiOperation({ summary: 'Rows that were not taken: line, reason, and the row as it came' })
  @ApiProduces('text/csv')
  async rejected(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const { rejectedBytes } = await this.getImport(id);
    if (rejectedBytes > 0 && !(await this.files.hasRejected(id)))
      throw problem(410, 'gone', 'The rejected rows are no longer kept', 'They were removed when their time was over.');
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${id}-rejected.csv"`)
      .send(rejectedBytes > 0 ? this.files.readRejected(id, rejectedBytes) : rejectedHeader([]));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop an import; rows already imported stay so' })
  async cancel(@Param('id') id: string): Promise<ImportView> {
    const { state } = await this.getImport(id);
    const detail = 'It was cancelled. The rows counted as accepted are imported and stay so.';
    if (state === 'running' && (await this.imports.cancel(id, new Date(), detail)))
      return viewOf(await this.getImport(id));
    throw problem(409, 'not-running', 'The import is not running', 'It has ended already; there is nothing to cancel.');
  }

  private async getImport(id: string): Promise<ImportRecord> {
    const found = await this.imports.find(id);
    if (found) return found;
    throw problem(404, 'not-found', 'There is no such import', 'Check its id; GET /api/connect/imports lists them.');
  }
}

function encodingOf(given: IncomingMessage['headers']): { gzip: boolean; contentLength: number | undefined } {
  const headers = UploadHeaders.parse(given);
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  const charset = /charset="?([^";]+)/i.exec(headers['content-type'])?.[1]?.toLowerCase();
  if ((encoding !== undefined && encoding !== 'gzip' && encoding !== 'identity') || (charset && charset !== 'utf-8'))
    throw csvExpected();
  const contentLength = headers['content-length'];
  return { gzip: encoding === 'gzip', contentLength };
}

const viewOf = ({ place, startedAt, finishedAt, detail, ignoredColumns, ...record }: ImportRecord): ImportView => ({
  id: record.id,
  kind: record.kind,
  state: record.state,
  rows: record.rows,
  accepted: record.accepted,
  rejected: record.rejected,
  bytes: record.bytes,
  bytesDone: place.byte,
  startedAt: startedAt.toISOString(),
  ...(finishedAt ? { finishedAt: finishedAt.toISOString() } : {}),
  ...(detail === undefined ? {} : { detail }),
  ...(ignoredColumns === undefined ? {} : { ignoredColumns }),
});
