import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
  type Type,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CATALOG_SCHEMAS, type CatalogKind } from '@shelfline/contracts/catalog';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { expectedVersionOf } from '@shelfline/service-kit/expected-version';
import { z } from 'zod';
import { badRequest } from './catalog-problems.js';
import { type BulkAnswer, CatalogRest, type WriteAnswer } from './catalog-rest.js';
import { BulkAnswerBody, pageOf, viewSchemaOf, WriteAnswerBody } from './rest-schemas.js';

const MAX_BULK_ITEMS = 5000;
const MAX_PAGE_ITEMS = 500;

const pageQuery = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_ITEMS).default(50),
  cursor: z.string().min(1).max(400).optional().describe('`next` of the page before'),
};
const search = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('Beginnings of words, SKU or GTIN; parts of Chinese names. A whole SKU or GTIN puts its product first');
const filter = z.string().min(1).max(200).optional();
const QUERIES = {
  products: z.object({ ...pageQuery, search, brand: filter, category: filter, gtin: filter }),
  locations: z.object({ ...pageQuery, type: filter, region: filter, city: filter, organisation: filter }),
  channels: z.object(pageQuery),
  organisations: z.object({ ...pageQuery, kind: filter, parent: filter }),
} as const satisfies Record<CatalogKind, z.ZodObject>;
/** The part of a Fastify reply that is used. */
interface Reply {
  header(name: string, value: string): Reply;
  status(code: number): Reply;
}

const bodyOf = (schema: z.ZodType) =>
  ApiBody({ schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) } as Parameters<typeof ApiBody>[0]);

const answerWrite = (reply: Reply, answer: WriteAnswer): WriteAnswer => {
  if (answer.result === 'pending') reply.status(202).header('location', answer.outcome ?? '');
  else reply.header('etag', `"${answer.version}"`);
  return answer;
};

/** The same REST for each kind: a class a kind, so that OpenAPI describes each with its own fields. */
export function entityController(kind: CatalogKind): Type {
  const schema = CATALOG_SCHEMAS[kind];
  const QuerySchema: z.ZodType<z.infer<(typeof QUERIES)['channels']> & { search?: string }> = QUERIES[kind];
  const operation = (verb: string, summary: string) => ApiOperation({ operationId: `${verb}-${kind}`, summary });

  @ApiTags(kind)
  @ApiBearerAuth()
  @Controller(`api/catalog/${kind}`)
  class EntityController {
    constructor(private readonly rest: CatalogRest) {}

    @Get()
    @operation('list', `Lists ${kind} by code`)
    @ApiOkResponse({ standardSchema: pageOf(schema) })
    list(@Query({ schema: QuerySchema }) query: z.infer<typeof QuerySchema>) {
      const { limit, cursor, search: typed, ...equal } = query;
      return this.rest.list(kind, { equal, search: typed, limit, cursor });
    }

    @Get(':code')
    @operation('get', `One of ${kind}`)
    @ApiOkResponse({ standardSchema: viewSchemaOf(schema) })
    async get(@Param('code') code: string, @Res({ passthrough: true }) reply: Reply) {
      const view = await this.rest.get(kind, code);
      reply.header('etag', `"${view.version}"`);
      return view;
    }

    @Put(':code')
    @Roles('integrator')
    @operation('put', 'Creates or replaces; answers once the change is committed')
    @bodyOf(schema)
    @ApiOkResponse({ standardSchema: WriteAnswerBody })
    async put(
      @Param('code') code: string,
      @Body() body: unknown,
      @Headers() headers: Record<string, string | undefined>,
      @Res({ passthrough: true }) reply: Reply,
    ): Promise<WriteAnswer> {
      return answerWrite(reply, await this.rest.put(kind, code, body, expectedVersionOf(headers)));
    }

    @Delete(':code')
    @Roles('integrator')
    @operation('delete', 'Removes; answers once the change is committed')
    @ApiOkResponse({ standardSchema: WriteAnswerBody })
    async remove(
      @Param('code') code: string,
      @Headers() headers: Record<string, string | undefined>,
      @Res({ passthrough: true }) reply: Reply,
    ): Promise<WriteAnswer> {
      return answerWrite(reply, await this.rest.remove(kind, code, expectedVersionOf(headers)));
    }

    @Post('bulk')
    @HttpCode(200)
    @Roles('integrator')
    @operation('bulk', `Creates or replaces up to ${MAX_BULK_ITEMS}, each answered on its own`)
    @bodyOf(z.array(schema).max(MAX_BULK_ITEMS))
    @ApiOkResponse({ standardSchema: BulkAnswerBody })
    async bulk(@Body() body: unknown, @Res({ passthrough: true }) reply: Reply): Promise<BulkAnswer> {
      if (!Array.isArray(body)) throw badRequest('The body must be a JSON array', '');
      if (body.length > MAX_BULK_ITEMS)
        throw badRequest(
          `${body.length} items; at most ${MAX_BULK_ITEMS} are taken at a time. Nothing was changed`,
          '',
        );
      const answer = await this.rest.bulk(kind, body);
      if (answer.pending > 0) reply.status(202);
      return answer;
    }
  }
  return EntityController;
}
