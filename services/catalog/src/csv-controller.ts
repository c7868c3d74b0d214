import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Post, Query, Req, StreamableFile, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { CatalogKind } from '@shelfline/contracts/catalog';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { csvExpected } from '@shelfline/service-kit/csv-uploads';
import { z } from 'zod';
import { CatalogRepository } from './catalog.repository.js';
import { exportCatalog } from './catalog-export.js';
import { importCatalog, UnreadableFile } from './catalog-import.js';
import { CatalogMetrics } from './catalog-metrics.js';
import { unreadable } from './catalog-problems.js';
import { CatalogWriter } from './catalog-writer.js';
import type { ImportReport } from './import-report.js';
import { ImportReportBody } from './rest-schemas.js';

const ExportQuery = z.object({
  bom: z.stringbool().default(false).describe('Begin with a byte order mark, by which Excel knows UTF-8'),
});
/** The part of a Fastify request that is used. */
interface CsvRequest {
  readonly body: unknown;
}

/** CSV out and in, a class a kind. Must be registered before the kind's `:code` routes. */
export function csvController(kind: CatalogKind): Type {
  @ApiTags(kind)
  @ApiBearerAuth()
  @Controller(`api/catalog/${kind}`)
  class CsvController {
    constructor(
      private readonly repository: CatalogRepository,
      private readonly writer: CatalogWriter,
      private readonly metrics: CatalogMetrics,
    ) {}

    @Get('export')
    @ApiOperation({
      operationId: `export-${kind}`,
      summary: `All ${kind} as CSV; a text a spreadsheet would run gets a leading apostrophe, which import takes off`,
    })
    @ApiProduces('text/csv')
    async export(@Query({ schema: ExportQuery }) { bom }: z.infer<typeof ExportQuery>): Promise<StreamableFile> {
      const csv = await exportCatalog(kind, this.repository, { bom });
      const disposition = `attachment; filename="${kind}.csv"`;
      return new StreamableFile(csv, { type: 'text/csv; charset=utf-8', disposition });
    }

    @Post('import')
    @HttpCode(200)
    @Roles('integrator')
    @ApiOperation({
      operationId: `import-${kind}`,
      summary: 'Creates or replaces one a row, read as it arrives; the first 1,000 refused rows are listed',
    })
    @ApiConsumes('text/csv')
    @ApiOkResponse({ standardSchema: ImportReportBody })
    async import(@Req() { body }: CsvRequest): Promise<ImportReport> {
      if (!(body instanceof Readable)) throw csvExpected();
      try {
        const report = await importCatalog(kind, body, this.writer);
        this.metrics.imported(kind, report);
        return report;
      } catch (error) {
        throw error instanceof UnreadableFile ? unreadable(error) : error;
      }
    }
  }
  return CsvController;
}
