import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Headers, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem, toProblem } from '@shelfline/service-kit/problem';
import { z } from 'zod';
import { LevelVerification, type VerifySlice } from './level-verification.js';
import { isOfNothing, nothingKnownOf } from './nothing-found.js';
import { CursorError, decodeCursor, encodeCursor } from './stock-queries.repository.js';
import { VerifyReport } from './stock-views.js';

const TELL_EVERY_MS = 1000;
const DEFAULT_SLICE_SKUS = 200;
const LINES = 'application/x-ndjson';

const VerifyQuery = z.object({
  sku: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional().describe('SKUs of a slice; all at once unless told'),
  cursor: z.string().max(2000).optional().describe('`next` of the slice before'),
});
const VerifyAnswer = VerifyReport.extend({
  skus: z.int().optional().describe('Of a slice: how many SKUs it has'),
  next: z.string().nullable().optional().describe('Of a slice: `cursor` of the next one, null at the end'),
});

interface Progress {
  levels: number;
  movements: number;
}

/** Rebuilds levels from movements. All of it takes its time; who waits may ask for slices, or for lines as it goes on. */
@ApiTags('stock')
@Controller('api/inventory/verify')
export class VerifyController {
  constructor(@Inject(LevelVerification) private readonly levels: LevelVerification) {}

  @Get()
  @Roles()
  @ApiOperation({
    summary: 'Rebuilds levels from movements and compares; drift must be 0',
    description:
      `Of everything in one answer; with \`limit\` a slice of SKUs and \`next\`; with "Accept: ${LINES}" a line of ` +
      'progress every second (`{"type":"progress", …}`), the report as the last one (`{"type":"report", …}`).',
  })
  @ApiProduces('application/json', LINES)
  @ApiOkResponse({ standardSchema: VerifyAnswer })
  async verify(
    @Query({ schema: VerifyQuery }) { sku, limit, cursor }: z.infer<typeof VerifyQuery>,
    @Headers('accept') accept?: string,
  ): Promise<z.infer<typeof VerifyAnswer> | StreamableFile> {
    if (sku !== undefined) return this.ofSku(sku);
    if (limit !== undefined || cursor !== undefined) return this.slice(limit ?? DEFAULT_SLICE_SKUS, cursor);
    if (accept?.includes(LINES)) return new StreamableFile(Readable.from(this.lines()), { type: LINES });
    return this.levels.verify();
  }

  private async ofSku(sku: string): Promise<VerifyReport> {
    const report = await this.levels.verify({ skus: [sku] });
    if (isOfNothing(report)) throw problem(404, 'not-found', 'There is no such SKU in the ledger', nothingKnownOf(sku));
    return report;
  }

  private async slice(limit: number, cursor: string | undefined): Promise<VerifySlice> {
    const from = cursor === undefined ? '' : fromOf(cursor);
    const slice = await this.levels.verifySlice(from, limit);
    return { ...slice, next: slice.next === null ? null : encodeCursor([slice.next]) };
  }

  private async *lines(): AsyncGenerator<string> {
    const progress: Progress = { levels: 0, movements: 0 };
    const gone = new AbortController();
    const watch = {
      onLevels: (count: number) => {
        gone.signal.throwIfAborted();
        progress.levels += count;
      },
      onMovements: (count: number) => {
        gone.signal.throwIfAborted();
        progress.movements += count;
      },
    };
    const ended = this.levels.verify({ watch }).then(
      (report) => ({ type: 'report', ...report }),
      (error: unknown) => ({ type: 'problem', problem: toProblem(error) }),
    );
    try {
      yield line({ type: 'progress', ...progress });
      for (;;) {
        const last = await Promise.race([ended, delay(TELL_EVERY_MS, undefined, { signal: gone.signal })]);
        yield line(last ?? { type: 'progress', ...progress });
        if (last) return;
      }
    } finally {
      // Whoever asked has gone away, or has everything.
      gone.abort();
    }
  }
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

function fromOf(cursor: string): string {
  try {
    return String(decodeCursor(cursor, 1)[0]);
  } catch (error) {
    if (error instanceof CursorError) throw problem(400, 'invalid', 'The cursor cannot be read', error.message);
    throw error;
  }
}
